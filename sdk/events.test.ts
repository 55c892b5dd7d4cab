import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as assertProperty, asyncProperty, integer } from 'fast-check'
import { EVENT_BYTES_MAX, readEvents } from './events.ts'

const STREAM = [
  ': a comment\n\n',
  'id: 1\nevent: revocation\ndata: {"at":"Grüße"}\n\n',
  'event: sync\r\ndata: one\r\ndata:two\r\n\r\n',
  'data\n\nevent: lonely\n\n',
  'retry: 5\nid: 9\nevent: keys\ndata: last\n\n',
  'event: torn\ndata: never',
].join('')
const EVENTS = [
  { event: 'revocation', data: '{"at":"Grüße"}', id: '1' },
  { event: 'sync', data: 'one\ntwo', id: undefined },
  { event: 'message', data: '', id: undefined },
  { event: 'keys', data: 'last', id: '9' },
]

const read = (chunks: Uint8Array[]) =>
  Array.fromAsync(readEvents(ReadableStream.from(chunks) as ReadableStream<Uint8Array>))

test('events are the same wherever the network cuts them', async () => {
  const bytes = Buffer.from(STREAM)
  await assertProperty(
    asyncProperty(array(integer({ min: 0, max: bytes.length }), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.sort((one, other) => one - other), bytes.length]
      const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
      assert.deepEqual(await read(chunks), EVENTS)
    }),
    { numRuns: 300 },
  )
})

test('an event without an end is cut off before it fills the memory', async () => {
  const endless = Array.from({ length: 40 }, () => Buffer.from('x'.repeat(EVENT_BYTES_MAX / 8)))
  await assert.rejects(read(endless), /too large/)
  const lines = Array.from({ length: 40 }, () => Buffer.from(`data: ${'x'.repeat(EVENT_BYTES_MAX / 8)}\n`))
  await assert.rejects(read(lines), /too large/)
})
