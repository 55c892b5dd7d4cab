import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fallbacks } from './fallbacks.ts'
import { FlagReports } from './flag-reports.ts'

const total = ({ counts }: Fallbacks) => [...counts.values()].reduce((sum, count) => sum + count, 0)

test('whatever keys are asked for, their counts fit into a report, and none is lost', () => {
  for (const made of [
    (n: number) => `${n}`,
    (n: number) => `${n}${'\u{1f600}'.repeat(150)}`,
    (n: number) => `${n}${'\u0001'.repeat(190)}`,
  ]) {
    const fallbacks = new Fallbacks()
    for (let n = 0; n < 1000; n += 1) fallbacks.add(made(n), 1)
    assert.equal(total(fallbacks), 1000)
    assert.ok(fallbacks.counts.size <= 101)
    assert.ok(Buffer.byteLength(JSON.stringify(Object.fromEntries(fallbacks.counts))) < 10 * 1024)
  }
})

test('a key that no body may have is counted among the others', () => {
  const fallbacks = new Fallbacks()
  for (const key of ['__proto__', 'new-view', '__proto__']) fallbacks.add(key, 1)
  assert.deepEqual(
    [...fallbacks.counts],
    [
      ['*', 2],
      ['new-view', 1],
    ],
  )
})

test('what an outage keeps from being told does not grow beyond a report', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const bodies: { fallbacks: Record<string, number> }[] = []
  let asked = 0
  const reports = new FlagReports({
    url: 'http://access',
    key: 'hf_test_app_notes',
    instance: 'web:1',
    standing: () => ({ epoch: 1, seq: 1, source: 'live', age_ms: 1, faults: [], key_list_number: 1 }),
    async fetch(_url, init) {
      bodies.push(JSON.parse(String(init!.body)))
      // Asked for while it is on its way.
      for (let n = 0; n < 100; n += 1) reports.count(`${(asked += 1)}`)
      return new Response(null, { status: 503 })
    },
  })
  for (let times = 0; times < 5; times += 1) {
    t.mock.timers.tick(60_000)
    await new Promise(setImmediate)
  }
  await reports[Symbol.asyncDispose]()
  assert.ok(bodies.length >= 4, `${bodies.length}`)
  for (const { fallbacks } of bodies) assert.ok(Object.keys(fallbacks).length <= 101)
  const told = Object.values(bodies.at(-1)!.fallbacks).reduce((sum, count) => sum + count, 0)
  assert.equal(told, (bodies.length - 1) * 100)
})
