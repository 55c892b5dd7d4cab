import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Evidence } from '../api/wire/providers.ts'
import { markOfOutcome, newestLooks, sayOutcome, sayTook } from './say-evidence.ts'

const seen = (seconds: number, change: Partial<Evidence> = {}): Evidence => ({
  process_id: 'acc_1',
  seen_at: new Date(Date.parse('2026-11-22T10:00:00Z') + seconds * 1000).toISOString(),
  round: 'r1',
  kind: 'discovery',
  outcome: 'good',
  fault: null,
  detail: null,
  took_ms: 40,
  is_control_good: true,
  ...change,
})

test('of each process the newest answer to each question is shown, whatever order they come in', () => {
  const looks = newestLooks([
    seen(1, { outcome: 'fault', fault: 'timeout' }),
    seen(9, { outcome: 'good' }),
    seen(4, { kind: 'token', outcome: 'fault', fault: 'status-5xx' }),
    seen(20, { process_id: 'acc_2' }),
  ])
  assert.deepEqual(
    looks.map(({ process }) => process),
    ['acc_2', 'acc_1'],
  )
  assert.equal(looks[1]?.answers.get('discovery')?.outcome, 'good')
  assert.equal(looks[1]?.answers.get('token')?.fault, 'status-5xx')
  assert.equal(looks[1]?.answers.has('keys'), false)
})

test('an answer that is not known here is never drawn as good', () => {
  assert.equal(markOfOutcome('perhaps' as Evidence['outcome']), 'unknown')
  assert.equal(sayOutcome({ outcome: 'fault', fault: 'timeout' }), 'No answer in time')
  assert.equal(sayOutcome({ outcome: 'fault', fault: 'gone-fishing' }), 'Gone-fishing')
  assert.equal(sayTook(84.2), '84 ms')
  assert.equal(sayTook(1530), '1.5 s')
})
