import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { on, StreamCut, stream } from './index.ts'
import { openTestServer } from './testing.ts'

const file = (chunks: () => AsyncIterable<string>) =>
  on('GET /file', { tag: 'test', summary: 'A file' }, () =>
    stream({ type: 'text/plain; charset=utf-8', fileName: 'a.txt', chunks: chunks() }),
  )

test('a stream arrives whole, in order, and says how it is saved', async () => {
  await using web = await openTestServer([
    file(async function* () {
      for (let index = 0; index < 1000; index++) yield `${index} ä\n`
    }),
  ])
  const { text, headers, status } = await web.ask('/file')
  assert.equal(status, 200)
  assert.equal(headers.get('content-disposition'), 'attachment; filename="a.txt"')
  assert.equal(text, Array.from({ length: 1000 }, (_, index) => `${index} ä\n`).join(''))
  assert.equal((await web.ask('/file', { method: 'HEAD' })).text, '')
})

test('no more is made than the client has room for, and nothing once it has gone', async () => {
  const CHUNK = 'x'.repeat(64 * 1024)
  let made = 0
  const ended = Promise.withResolvers<void>()
  await using web = await openTestServer([
    file(async function* () {
      try {
        for (; made < 100_000; made++) yield CHUNK
      } finally {
        ended.resolve()
      }
    }),
  ])
  const socket = await web.dial()
  socket.write('GET /file HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await once(socket, 'readable')
  socket.destroy()
  await ended.promise
  assert.ok(made < 1000, `${made} chunks were made for a client that read none`)
  assert.deepEqual(web.complaints, [])
})

test('a stream that breaks is cut off, so that half of it never looks whole; a bug is told, a cut is not', async () => {
  for (const [error, complaints] of [
    [new StreamCut('too long'), 0],
    [new TypeError('a bug'), 1],
  ] as const) {
    await using web = await openTestServer([
      file(async function* () {
        yield 'x'.repeat(100_000)
        throw error
      }),
    ])
    await assert.rejects(web.ask('/file'))
    assert.equal(web.complaints.length, complaints)
  }
})
