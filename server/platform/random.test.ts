import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomBytesOf } from './random.ts'

test('no two are alike, over many pools, and each is as long as it was asked for', () => {
  const seen = new Set<string>()
  for (let index = 0; index < 5000; index++) {
    const bytes = randomBytesOf(index % 2 === 0 ? 32 : 16)
    assert.equal(bytes.length, index % 2 === 0 ? 32 : 16)
    seen.add(bytes.toString('hex'))
  }
  assert.equal(seen.size, 5000)
  assert.equal(randomBytesOf(10_000).length, 10_000)
})

test('what was handed out is nobody else’s to change', () => {
  const [first, second] = [randomBytesOf(16), randomBytesOf(16)]
  const before = second.toString('hex')
  first.fill(1)
  randomBytesOf(16).fill(2)
  assert.equal(second.toString('hex'), before)
})

test('each bit is set about as often as not', () => {
  const bits = Array<number>(64).fill(0)
  for (let index = 0; index < 4000; index++) {
    const bytes = randomBytesOf(8)
    for (let bit = 0; bit < 64; bit++) bits[bit]! += (bytes[bit >> 3]! >> (bit & 7)) & 1
  }
  // Seven standard deviations: one run in ten thousand million is wrong.
  for (const count of bits) assert.ok(Math.abs(count - 2000) < 225, String(count))
})
