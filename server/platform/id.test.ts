import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newId, newSecret } from './id.ts'

const instant = fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })

test('an id made later sorts later', () => {
  fc.assert(
    fc.property(instant, instant, (one, other) => {
      fc.pre(one.getTime() !== other.getTime())
      assert.equal(newId('ses', one) < newId('ses', other), one < other)
    }),
  )
})

test('an id is its prefix and 26 characters that can be read out on the telephone', () => {
  fc.assert(
    fc.property(instant, (now) => {
      assert.match(newId('usr', now), /^usr_[0-9a-hjkmnp-tv-z]{26}$/)
    }),
  )
})

test('ids of one instant are all different', () => {
  const now = new Date()
  assert.equal(new Set(Array.from({ length: 20_000 }, () => newId('evt', now))).size, 20_000)
})

test('a clock that stands before 1970 still makes ids', () => {
  assert.match(newId('evt', new Date(-1)), /^evt_0{10}[0-9a-z]{16}$/)
})

test('a secret is 43 characters, and never the same', () => {
  const secrets = Array.from({ length: 1000 }, newSecret)
  assert.ok(secrets.every((secret) => /^[A-Za-z0-9_-]{43}$/.test(secret)))
  assert.equal(new Set(secrets).size, 1000)
})
