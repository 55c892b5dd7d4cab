import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProviderState, Verdict } from '../api/wire/providers.ts'
import { fallBackOf, markOf, sayProcesses, sayState, secretStanding, standingOf } from './say-verdict.ts'

const now = Date.parse('2026-11-22T10:00:00Z')
const hours = (count: number) => new Date(now + count * 3_600_000).toISOString()
const healthy: Verdict = {
  epoch: 7,
  state: 'healthy',
  since: hours(-30),
  open_since: null,
  closed_at: null,
  decided_at: hours(-1),
  decided_by: 'holdfast',
  why: { sentence: 'All answered.', faults: [], processes: { saw: 2, live: 2 }, is_control_good: true },
  ordered: null,
  ordered_reason: null,
  ordered_by: null,
  ordered_until: null,
}

test('what nobody saw, and what is old, is never drawn as good', () => {
  assert.equal(standingOf({ is_enabled: true, verdict: null }, false).mark, 'unknown')
  assert.equal(standingOf({ is_enabled: true, verdict: healthy }, true).mark, 'unknown')
  assert.equal(standingOf({ is_enabled: true, verdict: { ...healthy, state: 'unknown' } }, false).mark, 'unknown')
  assert.equal(standingOf({ is_enabled: true, verdict: healthy }, false).mark, 'ok')
})

test('a provider that is not enabled is neither well nor ill', () => {
  assert.deepEqual(standingOf({ is_enabled: false, verdict: healthy }, false), {
    mark: null,
    word: 'Not enabled',
    since: null,
  })
})

test('a state of a newer access is shown as it came, and not as good', () => {
  assert.equal(markOf('dreaming' as ProviderState), 'unknown')
  assert.equal(sayState('dreaming' as ProviderState), 'dreaming')
})

test('an order in force comes before whatever was seen, and one that is over counts no more', () => {
  const down: Verdict = { ...healthy, state: 'down', open_since: hours(-1) }
  assert.equal(fallBackOf(down, now).is, 'open')
  assert.equal(fallBackOf({ ...down, ordered: 'closed', ordered_until: hours(1) }, now).is, 'forbidden')
  assert.equal(fallBackOf({ ...healthy, ordered: 'open', ordered_until: hours(1) }, now).is, 'forced')
  assert.equal(fallBackOf({ ...healthy, ordered: 'open', ordered_until: hours(-1) }, now).is, 'closed')
  assert.equal(fallBackOf({ ...healthy, state: 'unknown' }, now).is, 'by-policy')
  assert.equal(fallBackOf(null, now).is, 'closed')
})

test('who saw a fault is said of a fault; where there is none, who watches', () => {
  const fault = { kind: 'token', fault: 'timeout', count: 3 }
  assert.equal(sayProcesses({ ...healthy.why, faults: [fault] }), 'Seen by 2 of 2 processes of access')
  assert.equal(sayProcesses({ ...healthy.why, processes: { saw: 0, live: 1 } }), '1 process of access watches it')
})

test('a secret is warned of a month before it ends', () => {
  const secret = (client_secret_expires_at: string | null) =>
    secretStanding({ has_client_secret: true, client_secret_expires_at }, now)
  assert.equal(secret(hours(24 * 31)), 'good')
  assert.equal(secret(hours(24 * 29)), 'soon')
  assert.equal(secret(hours(-1)), 'over')
  assert.equal(secret(null), 'undated')
  assert.equal(secretStanding({ has_client_secret: false, client_secret_expires_at: null }, now), 'none')
})
