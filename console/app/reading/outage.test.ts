import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure, type FailureKind, isOutage } from '../api/failure.ts'
import { outageOf, reasonNotToAct } from './outage.ts'

const ANSWERED = '2026-11-21T02:13:00.000Z'
const database = (state: 'ok' | 'failing' | 'unknown') => ({
  dependencies: [{ name: 'database', state, since: ANSWERED, age_ms: 1, detail: 'Hangs.' }],
})
const failed = (kind: FailureKind) => new CallFailure(kind, { call: 'GET /v1/overview' })

test('a silent access is an outage of access, since it last answered', () => {
  const outage = outageOf({ overview: database('ok'), failure: failed('silent'), answeredAt: ANSWERED })
  assert.deepEqual(outage, { of: 'access', since: ANSWERED, detail: null })
})

test('a database that fails or cannot be seen is an outage; one that answers is none', () => {
  const table = { failing: 'database', unknown: 'database', ok: undefined } as const
  for (const [state, of] of Object.entries(table)) {
    const outage = outageOf({ overview: database(state as 'ok'), failure: null, answeredAt: ANSWERED })
    assert.equal(outage?.of, of)
  }
})

test('only silence and 503 are outages: a refusal is an answer', () => {
  const kinds: FailureKind[] = ['silent', 'unknown', 'signed-out', 'forbidden', 'not-found', 'refused', 'strange']
  assert.deepEqual(
    kinds.filter((kind) => isOutage(failed(kind))),
    ['silent', 'unknown'],
  )
})

test('in an outage there is a reason not to act, and otherwise none', () => {
  assert.equal(reasonNotToAct(null), null)
  assert.match(reasonNotToAct({ of: 'database', since: null, detail: null }) ?? '', /database does not answer/)
})
