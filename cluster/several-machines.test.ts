/** Two access processes behind nginx, a primary with a synchronous replica. Each test ends with the installation whole. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from './testing/eventually.ts'
import { type Installation, openInstallation } from './testing/installation.ts'
import { startLoad } from './testing/load.ts'
import { ask, type Person, signIn, verdictInBrowser, verdictOf } from './testing/person.ts'

/** As promised: what one has ended, every other refuses by then. */
const REVOKED_WITHIN_MS = 3000
/** From the moment at which PostgreSQL says that it is promoted. */
const SIGN_IN_WITHIN_MS = 5000
const PEOPLE = 8

let here: Installation
before(async () => {
  here = await openInstallation({ replication: 'synchronous' })
})
after(() => here?.[Symbol.asyncDispose]())

let people = 0
const newPerson = () => signIn(here.url, here.mailbox, `person-${++people}@acme.example`)
const newPeople = async (count: number) => {
  const made: Person[] = []
  for (let left = count; left > 0; left--) made.push(await newPerson())
  return made
}
const told = (counts: ReadonlyMap<string, number>) => Object.fromEntries(counts)

test('who signed in at one machine is known at the other at once', async () => {
  const person = await newPerson()
  const verdicts = await Promise.all(here.access.map(({ url }) => verdictOf(url, person)))
  assert.deepEqual(verdicts, ['200 valid', '200 valid'])
})

test('whom one machine ended, the other refuses within three seconds, though it knew the session by heart', async () => {
  const [one, other] = here.access
  for (const [at, elsewhere] of [
    [one, other],
    [other, one],
  ] as const) {
    const person = await newPerson()
    const second = await signIn(here.url, here.mailbox, person.email)
    for (const { url } of here.access) assert.equal(await verdictOf(url, second), '200 valid')
    const { status } = await ask(at.url, `DELETE /v1/sessions/${second.sessionId}`, { jar: person.jar })
    const endedAt = performance.now()
    assert.ok(status === 200 || status === 204, String(status))
    assert.equal(await verdictOf(at.url, second), '401 invalid')
    await eventually(
      'the other machine refuses',
      async () => (await verdictOf(elsewhere.url, second)) === '401 invalid',
    )
    const tookMs = performance.now() - endedAt
    assert.ok(tookMs <= REVOKED_WITHIN_MS, `it took ${Math.round(tookMs)} ms`)
    assert.equal(await verdictOf(elsewhere.url, person), '200 valid')
  }
})

test('a rolling restart of access fails no request and signs nobody out', async () => {
  const known = await newPeople(PEOPLE)
  await using checks = startLoad(4, (round) => verdictInBrowser(here.url, known[round % known.length]!))
  await using signIns = startLoad(1, async () => ((await newPerson()) ? 'signed in' : ''))
  await Promise.all([checks.seen(/valid/, 20), signIns.seen(/signed in/, 2)])
  for (const access of here.access) {
    await access.stop()
    await Promise.all([checks.seen(/valid/, 20), signIns.seen(/signed in/, 1)])
    await access.start()
    await Promise.all([checks.seen(/valid/, 20), signIns.seen(/signed in/, 1)])
  }
  const [checked, signed] = await Promise.all([checks.stop(), signIns.stop()])
  const said = () => here.access.map((access) => access.said()).join('\n')
  assert.deepEqual([...checked.keys()], ['200 valid'], `${JSON.stringify(told(checked))}\n${said()}`)
  assert.deepEqual([...signed.keys()], ['signed in'], `${JSON.stringify(told(signed))}\n${said()}`)
})

test('a node of the cache cluster is killed: every answer is as it was', async () => {
  const known = await newPeople(PEOPLE)
  await using checks = startLoad(4, (round) => verdictOf(here.url, known[round % known.length]!))
  await using signIns = startLoad(1, async () => ((await newPerson()) ? 'signed in' : ''))
  await Promise.all([checks.seen(/valid/, 20), signIns.seen(/signed in/, 1)])
  await here.cache.nodes[1]!.kill()
  await Promise.all([checks.seen(/valid/, 200), signIns.seen(/signed in/, 3)])
  const [checked, signed] = await Promise.all([checks.stop(), signIns.stop()])
  assert.deepEqual([...checked.keys()], ['200 valid'], JSON.stringify(told(checked)))
  assert.deepEqual([...signed.keys()], ['signed in'], JSON.stringify(told(signed)))
})

test('the primary is killed and its replica promoted: nobody is signed out, nobody comes back, people sign in again', async () => {
  const [known, leaving] = [await newPeople(PEOPLE), await newPeople(PEOPLE)]
  await using checks = startLoad(4, (round) => verdictInBrowser(here.url, known[round % known.length]!))
  await using signIns = startLoad(2, async () => {
    try {
      return (await newPerson()) && 'signed in'
    } catch (error) {
      // Not known, or a mail that went with the outage; what must not be is a refusal.
      return `not yet: ${(error as Error).message.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'then')}`
    }
  })
  // People leave all the while: who was told that they have left has left, whatever became of the primary.
  const left: Person[] = []
  const [leavingFirst, leavingLast] = [leaving.slice(0, 3), leaving.slice(3)]
  for (const person of leavingFirst) await leave(person, left)
  await Promise.all([checks.seen(/valid/, 50), signIns.seen(/signed in/, 2)])
  const lastOnes = Promise.all(leavingLast.map((person) => leave(person, left)))

  await here.postgres.primary.kill()
  await signIns.seen(/not yet/, 3)
  await checks.seen(/./, 50)
  await here.postgres.promoteReplica()
  const promotedAt = performance.now()
  await signIns.seen(/signed in/, 1)
  const tookMs = performance.now() - promotedAt
  await Promise.all([checks.seen(/200 valid/, 50), signIns.seen(/signed in/, 5)])

  const [checked, signed] = await Promise.all([checks.stop(), signIns.stop(), lastOnes])
  assert.ok(tookMs <= SIGN_IN_WITHIN_MS, `people signed in again ${Math.round(tookMs)} ms after the promotion`)
  assert.ok(!checked.has('401 invalid'), `signed out: ${JSON.stringify(told(checked))}`)
  assert.ok(![...signed.keys()].some((outcome) => / 4\d\d /.test(outcome)), JSON.stringify(told(signed)))
  assert.ok(left.length >= 3)
  for (const { url } of here.access) {
    await eventually('it is whole again', async () => {
      const verdicts = await Promise.all(known.map((person) => verdictOf(url, person)))
      assert.ok(!verdicts.includes('401 invalid'), 'a live session was refused')
      return verdicts.every((verdict) => verdict === '200 valid')
    })
    // A sign-out that was taken in the outage (202) is on one machine's disk; the others hear of it once it is settled.
    for (const person of left)
      await eventually('who left is refused', async () => (await verdictOf(url, person)) === '401 invalid')
  }
  for (const { url } of here.access) {
    for (const person of left) assert.equal(await verdictOf(url, person), '401 invalid', 'somebody who left is back')
  }
})

/** Kept in the list only when they were told that they have left. */
async function leave(person: Person, left: Person[]): Promise<void> {
  const reply = await ask(here.url, 'DELETE /v1/session', { jar: person.jar }).catch(() => undefined)
  if (reply && reply.status < 300) left.push(person)
}
