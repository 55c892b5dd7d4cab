import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { IDLE_SLACK_MS, idleTime, judge, type SessionRow } from './session.ts'

const MINUTE_MS = 60_000
const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1) + minutes * MINUTE_MS)
const row = (changes: Partial<SessionRow> = {}): SessionRow => ({
  id: 'ses_1',
  user_id: 'usr_1',
  organization_id: null,
  roles: [],
  impersonator: null,
  audience: 'account',
  person: { email: null, name: null, picture_url: null },
  device: { name: '', user_agent: '', address: '' },
  amr: ['otp'],
  acr: 'aal1',
  proven_by: null,
  proven_with: null,
  stands_in_for: null,
  due_at: null,
  created_at: at(0),
  authenticated_at: at(0),
  last_seen_at: at(0),
  expires_at: at(1000),
  idle_ms: 30 * MINUTE_MS,
  ended_at: null,
  end_reason: null,
  ended_by: null,
  ended_in: null,
  ...changes,
})

test('a session is valid until it was not used for its idle limit, and a little longer for late writes', () => {
  const judged = (minutes: number) => judge(row(), { now: at(minutes), seenAt: at(0), blindSpots: [] })
  assert.equal(judged(30).verdict, 'valid')
  assert.equal(judged(30 + IDLE_SLACK_MS / MINUTE_MS).verdict, 'valid')
  assert.deepEqual(judged(33), { verdict: 'invalid', reason: 'idle', endedAt: at(30) })
})

test('a session ends at its longest life, whether it is used or not', () => {
  const judged = judge(row(), { now: at(1000), seenAt: at(1000), blindSpots: [] })
  assert.deepEqual(judged, { verdict: 'invalid', reason: 'expired', endedAt: at(1000) })
})

test('what was recorded as the end of a session is its end', () => {
  const ended = row({ ended_at: at(5), end_reason: 'revoked', ended_by: 'usr_2' })
  assert.deepEqual(judge(ended, { now: at(6), seenAt: at(6), blindSpots: [] }), {
    verdict: 'invalid',
    reason: 'revoked',
    endedAt: at(5),
  })
})

test('time in which nobody could be seen is not idle time', () => {
  const blindSpots = [{ started_at: at(10), ended_at: at(70) }]
  assert.equal(idleTime(at(0), at(80), blindSpots), 20 * MINUTE_MS)
  assert.equal(judge(row(), { now: at(80), seenAt: at(0), blindSpots }).verdict, 'valid')
})

test('overlapping blind spots, as several processes record them, count once', () => {
  const minutes = fc.integer({ min: 0, max: 200 })
  const spots = fc.array(
    fc.tuple(minutes, minutes).map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(spots, minutes, minutes, (ranges, seen, now) => {
      const blind = new Set(
        ranges.flatMap(([from, until]) => Array.from({ length: until - from }, (_, index) => from + index)),
      )
      const expected = Array.from({ length: Math.max(0, now - seen) }, (_, index) => seen + index).filter(
        (minute) => !blind.has(minute),
      ).length
      const blindSpots = ranges.map(([from, until]) => ({ started_at: at(from), ended_at: at(until) }))
      assert.equal(idleTime(at(seen), at(now), blindSpots), expected * MINUTE_MS)
    }),
  )
})
