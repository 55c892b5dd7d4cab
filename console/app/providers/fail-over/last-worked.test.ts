import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exercise, Exercises } from '../../api/wire/fail-over.ts'
import { fallBackAsDependency, lastWorked } from './last-worked.ts'

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

test('a fall-back that fails, or that nobody can speak for, is told as what is wrong; a good one is not', () => {
  const bad = exercise(1, { is_good: false, detail: 'The database: no connection was free within 750 ms.' })
  const failing = fallBackAsDependency({ data: [bad], standing: standing({ is_failing: true }) })
  assert.equal(failing?.state, 'failing')
  assert.match(failing?.detail ?? '', /no connection was free/)
  assert.equal(fallBackAsDependency({ data: [], standing: standing({ is_stale: true }) })?.state, 'unknown')
  assert.equal(fallBackAsDependency({ data: [exercise(2)], standing: standing() }), null)
})
