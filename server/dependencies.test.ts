import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dependenciesOf } from './dependencies.ts'

type Parts = Parameters<typeof dependenciesOf>[0]

const since = new Date('2026-11-21T08:00:00Z')

function databaseAs(seen: { state: 'ok' | 'unknown'; isAway: boolean; failsSince: Date | null }) {
  const health = { state: seen.state, since, provenAt: since, detail: 'new connections hang' }
  const parts = {
    database: { health: () => health, isAway: () => seen.isAway },
    sessions: { figures: () => ({ revocationsConfirmedAt: since, pendingEnds: 0 }) },
    delivery: { status: () => [] },
    arrival: { failsSince: seen.failsSince },
  } as unknown as Parts
  return dependenciesOf(parts)[0]!()
}

test('a database that commits while the start cannot be completed on it is not called well', () => {
  assert.equal(databaseAs({ state: 'ok', isAway: false, failsSince: null }).state, 'ok')
  const failing = databaseAs({ state: 'ok', isAway: false, failsSince: since })
  assert.equal(failing.state, 'failing')
  assert.match(failing.detail, /could not be completed/)
})

test('what is said of an outage is what it does to people: nothing yet, or that sign-in waits', () => {
  assert.match(databaseAs({ state: 'unknown', isAway: false, failsSince: null }).detail, /nobody is affected yet/)
  assert.match(databaseAs({ state: 'unknown', isAway: true, failsSince: null }).detail, /sign-in waits/)
})
