/** What a client tells access of its flags, so that a restore can bring it along: numbers and names, never what flags say. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FlagReport } from './testing/flags-double.ts'
import { on, Signer } from './testing/flags-double.ts'
import { openApp, type TestApp } from './testing/open-app.ts'
import { until } from './testing/until.ts'

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`flag-${index}`, on()]))
const holding = ({ holds }: FlagReport) => holds !== undefined

/** A client that holds e1.s2, of which access has lost all but e1.s1. */
async function openAhead(flags = many(3)): Promise<TestApp> {
  const app = await openApp()
  const before = app.access.flags.publish(flags)
  app.access.flags.publish({ ...flags, 'made-since': on() })
  await until('it is held', () => app.holdfast.flags.status().seq === 'e1.s2')
  app.access.flags.reports.length = 0
  app.access.flags.serve(before)
  await app.restart()
  return app
}

test('each report says which list of signing keys was seen, and none before there was one', async () => {
  await using app = await openApp()
  const first = await until('it is reported', () => app.access.flags.reports[0])
  assert.equal(first.key_list_number, null)
  app.access.flags.publish(many(1))
  await until('it is reported', () => app.access.flags.reports.some((report) => report.key_list_number === 1))
})

test('while an older number is offered, what is held is told by name, what was lost first', async () => {
  await using app = await openAhead()
  const { flags } = app.access
  const report = await until('it is reported', () => flags.reports.find(holding))
  assert.deepEqual([report.epoch, report.seq, report.faults, report.key_list_number], [1, 2, [], 1])
  const keys = report.holds!.keys.map(({ kind, key }) => `${kind} ${key}`)
  assert.deepEqual(keys, ['flag made-since', 'flag flag-0', 'flag flag-1', 'flag flag-2'])
  assert.doesNotMatch(JSON.stringify(report), /variants|ENABLED/)
  assert.equal(app.holdfast.flags.boolean('made-since', false), true)

  const gone = { kind: 'flag' as const, key: 'made-since', epoch: 2, seq: 1, at: '2026-11-21T10:00:00Z' }
  flags.serve(flags.signer.make(many(3), { epoch: 2, tombstones: [gone] }))
  await until('it follows', () => app.holdfast.flags.status().seq === 'e2.s1')
  await until('nothing is told any more', () => {
    const last = flags.reports.at(-1)!
    return last.epoch === 2 && !holding(last)
  })
})

test('names are told in bounds, those that were lost before all others', async () => {
  const long = Object.fromEntries(Object.entries(many(1500)).map(([key, flag]) => [key.padEnd(150, '-'), flag]))
  await using app = await openAhead(long)
  const report = await until('it is reported', () => app.access.flags.reports.find(holding))
  const { keys } = report.holds!
  assert.equal(keys[0]!.key, 'made-since')
  assert.ok(keys.length > 100 && keys.length <= 1000, `${keys.length} keys`)
  assert.ok(JSON.stringify(report).length < 30 * 1024)
})

test('whoever is not our access is not told what is held', async () => {
  await using app = await openApp()
  const { flags } = app.access
  flags.publish(many(3))
  await until('it is held', () => app.holdfast.flags.status().seq === 'e1.s1')
  for (const other of [
    new Signer(),
    new Signer({ environment: 'demo' }),
    new Signer({ installationId: 'ins_other' }),
  ]) {
    flags.reports.length = 0
    flags.serve(flags.next({}, {}, other))
    const report = await until('it is reported', () => flags.reports.find(({ faults }) => faults.length > 0))
    assert.equal(report.holds, undefined, report.faults[0]!.code)
  }
})
