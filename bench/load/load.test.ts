import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { test } from 'node:test'
import { evenArrivals } from '../../drills/load/arrivals.ts'
import { askClosed } from './closed-loop.ts'
import type { Lane } from './lane.ts'
import { askOpen } from './open-loop.ts'
import { bodyOf, cookiesSetBy, isWhole, openConnection, requestOf, statusOf } from './raw-client.ts'

async function withServer(listener: RequestListener, act: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await act(`http://127.0.0.1:${(server.address() as { port: number }).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const nothing = () => {}

test('a stall is felt by everybody who came during it: nobody waits with coming until it is over', async () => {
  // The one lane there is stands still until the last one has come; the generator goes on counting them.
  const arrivals = evenArrivals({ perSecond: 1000, forMs: 101 })
  let asked = 0
  let [release, isHeld] = [nothing, true]
  const lane: Lane = {
    go(done) {
      asked++
      if (isHeld) release = () => done(null)
      else setImmediate(() => done(null))
    },
  }
  setTimeout(() => {
    isHeld = false
    release()
  }, 300)
  const report = await askOpen({ lanes: [lane], arrivals, warmMs: 0, onCounting: nothing })
  assert.equal(asked, 100)
  assert.equal(report.operations, 100)
  // They came from 1 to 100 ms and nobody was answered before 300 ms: a closed loop would tell of one who waited.
  assert.ok(report.p99Ms! >= 290, `p99 is ${report.p99Ms} ms`)
})

test('a closed loop counts what was answered after its warming, and no more than it may', async () => {
  let asked = 0
  const lanes = Array.from(
    { length: 4 },
    (): Lane => ({
      go(done) {
        asked++
        setImmediate(() => done(null))
      },
    }),
  )
  let countedFrom = 0
  const report = await askClosed({
    lanes,
    warmMs: 20,
    forMs: 60_000,
    operationsMax: 50,
    onCounting: () => (countedFrom = asked),
  })
  assert.equal(report.operations, 50)
  assert.ok(countedFrom > 0 && asked >= countedFrom + 46)
})

test('what was answered wrongly is no operation', async () => {
  const lane: Lane = { go: (done) => setImmediate(() => done('answered 503')) }
  const report = await askClosed({ lanes: [lane], warmMs: 0, forMs: 60_000, operationsMax: 3, onCounting: nothing })
  assert.deepEqual([report.operations, report.failed, report.complaint], [0, 3, 'answered 503'])
})

test('the raw client reads answers with a length, in chunks and without a body, and asks again on the same connection', async () => {
  const ports = new Set<number | undefined>()
  await withServer(
    (request, reply) => {
      ports.add(request.socket.remotePort)
      if (request.url === '/empty') return void reply.writeHead(204).end()
      if (request.url === '/chunks') {
        reply.setHeader('set-cookie', ['a=1; Path=/', 'b=2'])
        reply.write('{"name":')
        return void setImmediate(() => reply.end('"Zoë"}'))
      }
      reply.end(`${request.method} ${request.headers.cookie}`)
    },
    async (url) => {
      const connection = openConnection(url)
      const { host } = new URL(url)
      const ask = (path: string) =>
        new Promise<string>((resolve, reject) => {
          const request = requestOf({ method: 'GET', path, host, headers: ['cookie: c=3'] })
          connection.send(request, (answer) => (answer === null ? reject(new Error('cut')) : resolve(answer)))
        })
      assert.equal(bodyOf(await ask('/')), 'GET c=3')
      const chunks = await ask('/chunks')
      assert.equal(bodyOf(chunks), '{"name":"Zoë"}')
      assert.deepEqual(cookiesSetBy(chunks), ['a=1', 'b=2'])
      assert.equal(statusOf(await ask('/empty')), 204)
      assert.equal(ports.size, 1)
      connection.close()
    },
  )
})

test('half an answer is not one, and a server that cuts the connection is told as that', async () => {
  assert.equal(isWhole('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab'), false)
  assert.equal(isWhole('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc'), true)
  assert.equal(isWhole('HTTP/1.1 200 OK\r\ncontent-len'), false)
  await withServer(
    (request) => void request.socket.destroy(),
    async (url) => {
      const connection = openConnection(url)
      const request = requestOf({ method: 'GET', path: '/', host: 'bench.test', headers: [] })
      assert.equal(await new Promise((resolve) => connection.send(request, resolve)), null)
    },
  )
})

test('the bench asks nobody but this machine', () => {
  assert.throws(() => openConnection('http://192.0.2.1:80'), /loopback/)
})
