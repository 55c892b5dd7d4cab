import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newIdempotencyKey, openKeyRing } from './idempotency-key.ts'

test('a retry bears the key of the first attempt, another request another key, and so does the same once it was done', () => {
  let count = 0
  const ring = openKeyRing(() => `key ${++count}`)
  assert.equal(ring.keyFor({ name: 'Acme' }), 'key 1')
  assert.equal(ring.keyFor({ name: 'Acme' }), 'key 1')
  assert.equal(ring.keyFor({ name: 'Acme Ltd' }), 'key 2')
  ring.forget()
  assert.equal(ring.keyFor({ name: 'Acme Ltd' }), 'key 3')
})

test('no two keys are the same', () => {
  assert.match(newIdempotencyKey(), /^[0-9a-f]{32}$/)
  assert.notEqual(newIdempotencyKey(), newIdempotencyKey())
})
