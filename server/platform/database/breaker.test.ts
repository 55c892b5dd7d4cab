import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBreaker } from './breaker.ts'

test('the third miss in a row is the one too many', () => {
  const breaker = openBreaker()
  const misses = [1, 2, 3].map(() => breaker.missed(breaker.mark()))
  assert.deepEqual(misses, [false, false, true])
})

test('an answer in between begins the count anew', () => {
  const breaker = openBreaker()
  breaker.missed(breaker.mark())
  breaker.missed(breaker.mark())
  breaker.answered()
  assert.equal(breaker.missed(breaker.mark()), false)
})

test('a call that waited too long while others were answered is a crowd, not an outage', () => {
  const breaker = openBreaker()
  const marks = Array.from({ length: 100 }, () => breaker.mark())
  breaker.answered()
  assert.ok(marks.every((mark) => !breaker.missed(mark)))
})
