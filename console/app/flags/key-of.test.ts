import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyComplaint, keyOf } from './key-of.ts'

test('a key is made of a name, and can be typed into code', () => {
  assert.equal(keyOf('New view'), 'new-view')
  assert.equal(keyOf('  Überblick (2026) '), 'uberblick-2026')
  assert.equal(keyOf('checkout.v2'), 'checkout.v2')
  assert.equal(keyComplaint(keyOf('Neue Ansicht')), undefined)
})

test('a key that would have to be quoted everywhere is not taken', () => {
  for (const key of ['', 'new view', 'a/b', 'ß']) assert.ok(keyComplaint(key), key)
})
