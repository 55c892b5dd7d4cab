import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayBytes, saySpan } from './say-bytes.ts'

test('a size is said in the largest unit that leaves something before the point', () => {
  const table: [number, string][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [318_767_104, '304 MiB'],
    [1.4 * 2 ** 30, '1.4 GiB'],
    [2 ** 60, '1048576 TiB'],
  ]
  for (const [bytes, said] of table) assert.equal(sayBytes(bytes), said)
})

test('a span is exact where it is short', () => {
  assert.equal(saySpan(4.2), '4.2 s')
  assert.equal(saySpan(47.2), '47 s')
  assert.equal(saySpan(750), '12 min')
})
