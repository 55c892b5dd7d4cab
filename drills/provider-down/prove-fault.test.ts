import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Look, type Met, prove } from './prove-fault.ts'

const well: Met = { status: 200, code: null, isJson: true, kids: ['1'], aheadS: 0 }
const look = (own: Partial<Look> = {}): Look => ({
  ...{ atMs: 0, discovery: well, keys: well, token: { ...well, status: 400 } },
  ...own,
})
const failing = (code: string): Met => ({ status: null, code, isJson: false, kids: [], aheadS: null })

test('a fault is proven by what a client meets all the time, and only where all was well before and is so afterwards', () => {
  const hung = look({ discovery: failing('no answer'), keys: failing('no answer'), token: failing('no answer') })
  const whole = { before: look(), during: [hung, hung], after: look() }
  assert.ok(prove('hang', whole).isProven)
  assert.ok(!prove('hang', { ...whole, before: hung }).isProven)
  assert.ok(!prove('hang', { ...whole, after: hung }).isProven)
  assert.ok(!prove('hang', { ...whole, after: null }).isProven)
  assert.ok(!prove('hang', { ...whole, during: [hung, look()] }).isProven)
  assert.ok(!prove('hang', { ...whole, during: [hung] }).isProven)
  assert.ok(!prove('reset', whole).isProven, 'another fault is not this one')
  assert.deepEqual(prove('hang', whole).rests.discovery, 'no answer')
})

test('keys are rotated when none of the old ones is shown, and a flap is one that was seen up and down', () => {
  const rotated = look({ keys: { ...well, kids: ['2'] } })
  assert.ok(prove('keys_rotated', { before: look(), during: [rotated, rotated], after: rotated }).isProven)
  const both = look({ keys: { ...well, kids: ['2', '1'] } })
  assert.ok(!prove('keys_rotated', { before: look(), during: [both, both], after: both }).isProven)
  const down = look({ discovery: failing('ECONNRESET') })
  assert.ok(prove('flap', { before: look(), during: [look(), down], after: look() }).isProven)
  assert.ok(!prove('flap', { before: look(), during: [down, down], after: look() }).isProven)
})
