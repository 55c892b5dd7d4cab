import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { test } from 'node:test'
import { openEventStreams } from './events.ts'
import { type EventStream, events, on } from './index.ts'
import { openTestServer } from './testing.ts'

const said = { tag: 'test', summary: 'Test' }
const GET = 'GET /feed HTTP/1.1\r\nhost: a\r\n\r\n'

/** A server with one feed, whose newest stream can be had. */
async function openFeed(options: Parameters<typeof openTestServer>[1] = {}) {
  const streams: { stream: EventStream; stopped: Promise<void> }[] = []
  const opened = { next: Promise.withResolvers<(typeof streams)[0]>() }
  const web = await openTestServer(
    [
      on('GET /feed', said, () =>
        events((stream) => {
          const stopped = Promise.withResolvers<void>()
          const seen = { stream, stopped: stopped.promise }
          streams.push(seen)
          opened.next.resolve(seen)
          opened.next = Promise.withResolvers()
          return () => stopped.resolve()
        }),
      ),
      on('GET /broken', said, () =>
        events(() => {
          throw new Error('the feed is broken')
        }),
      ),
    ],
    options,
  )
  return { web, streams, next: () => opened.next.promise }
}

test('events are sent as they happen, with their number, and lines in them break nothing', async () => {
  const { web, next } = await openFeed()
  await using _web = web
  const coming = next()
  const answer = await fetch(`${web.server.url}/feed`)
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  const { stream, stopped } = await coming
  stream.send({ id: '7', event: 'note', data: { text: 'one\ntwo\r\n\r\nevent: forged' } })
  stream.send({ event: 'sync', data: {} })
  const expected =
    'id: 7\nevent: note\ndata: {"text":"one\\ntwo\\r\\n\\r\\nevent: forged"}\n\nevent: sync\ndata: {}\n\n'
  let text = ''
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  while (text.length < expected.length) text += (await reader.read()).value
  assert.equal(text, expected)
  stream.close()
  await stopped
  await assert.rejects(reader.read())
})

test('a reader that has gone is noticed, and nothing is sent to it any more', async () => {
  const { web, next } = await openFeed()
  await using _web = web
  const coming = next()
  const socket = await web.dial()
  socket.write(GET)
  const { stream, stopped } = await coming
  socket.destroy()
  await stopped
  assert.equal(stream.send({ event: 'note', data: {} }), false)
})

test('a reader that takes nothing is cut off when a megabyte waits for it', async () => {
  const { web, next } = await openFeed()
  await using _web = web
  const coming = next()
  const socket = await web.dial()
  socket.pause()
  socket.write(GET)
  const { stream, stopped } = await coming
  const data = 'x'.repeat(64 * 1024)
  let sent = 0
  // The kernel's own buffers hold some megabytes more; bounded in any case.
  while (stream.send({ event: 'note', data }) && sent < 1000) {
    sent += 1
    await new Promise((resolve) => setImmediate(resolve))
  }
  await stopped
  assert.ok(sent < 1000, 'it was never cut off')
})

test('a reader that stands still is cut off after a while, though little waits for it', async () => {
  const { web, next } = await openFeed({ patience: { stallMs: 50 } })
  await using _web = web
  const coming = next()
  const socket = await web.dial()
  socket.pause()
  socket.write(GET)
  const { stream, stopped } = await coming
  let isOver = false
  void stopped.then(() => {
    isOver = true
  })
  const data = 'x'.repeat(32 * 1024)
  // Until the kernel takes no more; then nothing is sent, and time alone ends it.
  for (let n = 0; n < 400 && !isOver; n++) {
    const before = stream.send({ event: 'note', data })
    if (!before) break
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await stopped
})

test('a feed that cannot begin is a bug that is logged, and the reader is let go', async () => {
  const { web } = await openFeed()
  await using _web = web
  await assert.rejects(fetch(`${web.server.url}/broken`).then((answer) => answer.text()))
  assert.equal(web.complaints.length, 1)
})

test('a stop ends all streams at once, so that their readers come back elsewhere', async () => {
  const { web, next, streams } = await openFeed()
  const coming = next()
  const sockets = [await web.dial(), await web.dial()]
  sockets[0]!.write(GET)
  await coming
  const second = next()
  sockets[1]!.write(GET)
  await second
  const closed = sockets.map((socket) => once(socket.resume(), 'close'))
  await web.server[Symbol.asyncDispose]()
  await Promise.all([...closed, ...streams.map(({ stopped }) => stopped)])
})

test('more than five thousand streams are refused with when to come back, and a place that is left is taken again', async () => {
  const streams = openEventStreams()
  const reply = () => {
    const raw = Object.assign(new EventEmitter(), {
      writeHead() {},
      flushHeaders() {},
      writableLength: 0,
      destroyed: false,
      write: () => true,
      destroy(this: InstanceType<typeof EventEmitter>) {
        this.emit('close')
      },
    })
    return { raw, hijack() {}, getHeaders: () => ({}) } as never as Parameters<typeof streams.start>[0]
  }
  const begin = () => () => {}
  const first = reply()
  streams.start(first, begin)
  for (let n = 1; n < 5000; n++) streams.start(reply(), begin)
  assert.throws(() => streams.start(reply(), begin), { code: 'request.too_many_streams', status: 503 })
  first.raw.destroy()
  streams.start(reply(), begin)
  streams.closeAll()
  streams.start(reply(), begin)
})
