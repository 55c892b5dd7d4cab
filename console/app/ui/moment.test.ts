import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayCount, sayDistance, sayDuration, sayExactly, sayMoment, sayNumber } from './moment.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

test('a duration is said in the two largest units that matter', () => {
  const table: [ms: number, said: string][] = [
    [-5, '0 s'],
    [999, '0 s'],
    [38_000, '38 s'],
    [4 * MINUTE + 59_000, '4 min'],
    [2 * HOUR, '2 h'],
    [2 * HOUR + 5 * MINUTE, '2 h 5 min'],
    [DAY, '1 day'],
    [9 * DAY + HOUR, '9 days'],
  ]
  for (const [ms, said] of table) assert.equal(sayDuration(ms), said)
})

test('a distance says which side of now it is on', () => {
  assert.equal(sayDistance(NOW - 500, NOW), 'just now')
  assert.equal(sayDistance(NOW + 500, NOW), 'just now')
  assert.equal(sayDistance(NOW - 12_000, NOW), '12 s ago')
  assert.equal(sayDistance(NOW - 5 * HOUR - 7 * MINUTE, NOW), '5 h ago')
  assert.equal(sayDistance(NOW + 3 * DAY, NOW), 'in 3 days')
})

test('a moment is as short as it can be without doubt about the day', () => {
  assert.match(sayMoment(NOW - MINUTE, NOW), /^\d\d:\d\d$/)
  assert.match(sayMoment(NOW - 3 * DAY, NOW), /^18 Nov \d\d:\d\d$/)
  assert.match(sayMoment(NOW - 400 * DAY, NOW), /^17 Oct 2025$/)
})

test('on hover a time is exact, in the reader’s zone and in UTC', () => {
  assert.match(sayExactly(NOW), /21 Nov 2026.*\n2026-11-21 12:00:00 UTC$/)
})

test('large numbers are grouped by a space that nobody takes for a decimal sign', () => {
  assert.equal(sayNumber(41_233), '41\u202f233')
  assert.equal(sayCount(0, 'user'), 'no users')
  assert.equal(sayCount(1, 'user'), '1 user')
  assert.equal(sayCount(2, 'user'), '2 users')
})
