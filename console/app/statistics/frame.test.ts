import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Statistics } from '../api/wire/statistics.ts'
import { framesOf, unknownStretches } from './frame.ts'
import { sayCell, sayStretch } from './say-cell.ts'

const line = (measure: string, method: string | null, values: (number | null)[]) => ({
  measure,
  method,
  reason: null,
  points: values.map((value, index) => [index * 60, value] as const),
})
const statistics: Statistics = {
  range: 'hour',
  step_s: 60,
  from: '2026-11-21T10:00:00Z',
  to: '2026-11-21T10:05:00Z',
  as_of: null,
  series: [
    line('sign_ins', null, [10, 0, null, null, 4]),
    line('sign_ins', 'code', [10, 0, null, null, 4]),
    line('sign_in_success', 'code', [9, 0, null, null, 4]),
    line('sign_in_seconds_p50', 'code', [21, null, null, null, 20]),
  ],
  totals: {},
}

test('what nobody saw is unknown, what has no figure is none, and neither is 0', () => {
  const [signIns, success, time] = framesOf(statistics)
  assert.deepEqual(signIns?.lines[0]?.cells, [10, 0, 'unknown', 'unknown', 4])
  assert.deepEqual(success?.lines[0]?.cells, [0.9, 'nothing', 'unknown', 'unknown', 1])
  assert.deepEqual(time?.lines[0]?.cells, [21, 'nothing', 'unknown', 'unknown', 20])
})

test('unknown stretches that touch are one, from the start of the first to the end of the last', () => {
  const [signIns] = framesOf(statistics)
  assert.deepEqual(unknownStretches(signIns!, 60), [[120, 240]])
})

test('an organisation has no line of live sessions, and an installation without sign-ins has one line for all', () => {
  assert.equal(
    framesOf(statistics).some(({ name }) => name === 'Live sessions'),
    false,
  )
  const bare = { ...statistics, series: [line('sign_ins', null, [0]), line('sessions', null, [3])] }
  const frames = framesOf(bare)
  assert.deepEqual(
    frames[0]?.lines.map(({ name }) => name),
    ['All'],
  )
  assert.equal(frames.at(-1)?.name, 'Live sessions')
})

test('figures are said with their unit', () => {
  const table: [string, string][] = [
    [sayCell(1204, 'count'), '1\u202f204'],
    [sayCell(0.982, 'share'), '98.2 %'],
    [sayCell(1, 'share'), '100 %'],
    [sayCell(0.94, 'seconds'), '0.9 s'],
    [sayCell(81.4, 'seconds'), '1 min 21 s'],
    [sayCell('unknown', 'count'), 'not known'],
    [sayCell('nothing', 'share'), 'none'],
    [sayStretch(Date.parse('2026-11-21T00:00:00Z') / 1000, 86_400), '21 Nov'],
  ]
  for (const [said, expected] of table) assert.equal(said, expected)
})
