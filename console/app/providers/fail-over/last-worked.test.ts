import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exercise, Exercises } from '../../api/wire/fail-over.ts'
import { lastWorked } from './last-worked.ts'

const at = (minutes: number) => new Date(Date.parse('2026-11-22T10:00:00Z') - minutes * 60_000).toISOString()
const exercise = (minutes: number, change: Partial<Exercise> = {}): Exercise => ({
  id: String(minutes),
  method: 'passkey',
  at: at(minutes),
  process_id: 'web-1 4242',
  is_good: true,
  took_ms: 310,
  detail: null,
  ...change,
})
const standing = (change: Partial<Exercises['standing'][number]> = {}): Exercises['standing'] => [
  { method: 'passkey', last_good_at: at(4), is_failing: false, is_stale: false, ...change },
]

test('a fall-back that never worked, or not for too long, is unknown and not good', () => {
  const [never] = lastWorked({ data: [], standing: standing({ last_good_at: null, is_stale: true }) })
  assert.deepEqual([never?.state, never?.at], ['unknown', null])
  const [stale] = lastWorked({ data: [exercise(40)], standing: standing({ last_good_at: at(40), is_stale: true }) })
  assert.equal(stale?.state, 'unknown')
})

test('one failure is bad luck and said, two are a fall-back that fails', () => {
  const bad = exercise(1, { is_good: false, detail: 'The database: no connection was free within 750 ms.' })
  const [once] = lastWorked({ data: [exercise(4), bad], standing: standing() })
  assert.equal(once?.state, 'degraded')
  assert.match(once?.failed ?? '', /no connection was free/)
  assert.equal(once?.tookMs, 310)
  const [twice] = lastWorked({ data: [bad, exercise(4)], standing: standing({ is_failing: true }) })
  assert.equal(twice?.state, 'failing')
})

test('a fall-back that worked a moment ago is good', () => {
  assert.equal(lastWorked({ data: [exercise(2)], standing: standing() })[0]?.state, 'ok')
})
