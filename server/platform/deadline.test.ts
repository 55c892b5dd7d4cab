import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeadlineExceeded, within } from './deadline.ts'

test('what comes in time is answered, and what fails in time fails as itself', async () => {
  assert.equal(await within(10_000, 'it', Promise.resolve(1)), 1)
  const mistake = new Error('a mistake')
  await assert.rejects(within(10_000, 'it', Promise.reject(mistake)), mistake)
})

test('what does not come is given up at its deadline, by name', async () => {
  await assert.rejects(within(5, 'the database', new Promise(() => {})), (error: Error) => {
    assert.ok(error instanceof DeadlineExceeded)
    assert.equal(error.message, 'the database did not answer within 5 ms')
    return true
  })
})

test('what fails after its deadline troubles nobody', async () => {
  const late = Promise.withResolvers<never>()
  await assert.rejects(within(1, 'it', late.promise), DeadlineExceeded)
  const unheard: unknown[] = []
  const note = (reason: unknown) => unheard.push(reason)
  process.once('unhandledRejection', note)
  late.reject(new Error('late'))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  assert.deepEqual(unheard, [])
})

test('a deadline leaves no timer behind', async () => {
  await within(60_000, 'it', Promise.resolve())
  assert.ok(!process.getActiveResourcesInfo().includes('Timeout'))
})
