import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inWords, problemsOf, type Run } from './index.ts'

const HOUR_MS = 3_600_000
const now = new Date('2026-11-21T12:00:00Z')
const before = (ms: number) => new Date(now.getTime() - ms)

const run = (kind: Run['kind'], ageMs: number, problem: string | null = null): Run => ({
  id: 'bkp_1',
  kind,
  startedAt: before(ageMs),
  endedAt: before(ageMs),
  problem,
  archive: null,
  size: null,
  snapshotAt: problem === null ? before(ageMs) : null,
  facts: {},
})

test('what is wrong with backups is said in sentences, and nothing when all is well', () => {
  const plan = { everyMs: 24 * HOUR_MS, target: '/backups' }
  const cases: [Parameters<typeof problemsOf>[0], Parameters<typeof problemsOf>[1], RegExp[]][] = [
    [plan, { last: run('backup', HOUR_MS), proved: run('proof', HOUR_MS) }, []],
    [{ everyMs: null, target: null }, {}, [/no target/, /no backup yet/]],
    [
      plan,
      { last: run('backup', 50 * HOUR_MS), proved: run('proof', HOUR_MS) },
      [/is 2 d old, and one is due every 1 d/],
    ],
    [plan, { last: run('backup', HOUR_MS) }, [/No backup has been proved/]],
    [plan, { last: run('backup', HOUR_MS), proved: run('proof', 40 * 24 * HOUR_MS) }, [/newest proof is 40 d old/]],
    [
      plan,
      {
        last: run('backup', 2 * HOUR_MS),
        failed: run('backup', HOUR_MS, 'The disk is full.'),
        proved: run('proof', HOUR_MS),
      },
      [/The last backup failed: The disk is full\./],
    ],
    [
      plan,
      { last: run('backup', HOUR_MS), failed: run('backup', 2 * HOUR_MS, 'x'), proved: run('proof', HOUR_MS) },
      [],
    ],
  ]
  for (const [given, runs, expected] of cases) {
    const said = problemsOf(given, runs, now)
    assert.equal(said.length, expected.length, said.join(' '))
    for (const [index, pattern] of expected.entries()) assert.match(said[index]!, pattern)
  }
})

test('durations are told in the largest unit of which there are two', () => {
  assert.deepEqual([500, 90_000, 5 * 60_000, HOUR_MS, 24 * HOUR_MS, 48 * HOUR_MS].map(inWords), [
    '1 s',
    '90 s',
    '5 min',
    '1 h',
    '1 d',
    '2 d',
  ])
})
