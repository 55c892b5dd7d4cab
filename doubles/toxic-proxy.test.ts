import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import { get as getByTls } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { makeCertificateAuthority, startToxicProxy, type Toxic } from './index.ts'

const BODY = 'from upstream'

test('it passes everything on, and says so when told to hurt no longer', async () => {
  await using upstream = await startUpstream()
  await using proxy = await startToxicProxy({ upstreamPort: upstream.port, toxic: { kind: 'reset' } })
  assert.equal(await ask(proxy.port), 'ECONNRESET')
  await proxy.set({ kind: 'pass' })
  assert.equal(await ask(proxy.port), `200 ${BODY}`)
  assert.equal(proxy.connections, 2)
})

test('each toxic is seen by a client as what it is', async () => {
  await using upstream = await startUpstream()
  await using proxy = await startToxicProxy({ upstreamPort: upstream.port })
  const seen: [Toxic, string][] = [
    [{ kind: 'refuse' }, 'ECONNREFUSED'],
    [{ kind: 'reset' }, 'ECONNRESET'],
    [{ kind: 'answer', status: 503, body: 'gone fishing' }, '503 gone fishing'],
    [
      { kind: 'answer', status: 200, body: '<!doctype html><title>Hello</title>' },
      '200 <!doctype html><title>Hello</title>',
    ],
    [{ kind: 'delay', ms: 1 }, `200 ${BODY}`],
    [{ kind: 'drip', everyMs: 1 }, `200 ${BODY}`],
    [{ kind: 'pass' }, `200 ${BODY}`],
  ]
  for (const [toxic, expected] of seen) {
    await proxy.set(toxic)
    assert.equal(await ask(proxy.port), expected, toxic.kind)
  }
})

test('a fixed answer comes over TLS with the certificate that is given', async () => {
  const authority = makeCertificateAuthority()
  const certificate = authority.issue({ hosts: ['127.0.0.1'] })
  await using proxy = await startToxicProxy({ toxic: { kind: 'answer', certificate, status: 503, body: 'down' } })
  const asking = getByTls({ host: '127.0.0.1', port: proxy.port, ca: authority.cert, agent: false })
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  assert.equal(`${answer.statusCode} ${await text(answer)}`, '503 down')
})

test('a hang takes the connection and silences those that are open; when it ends they are cut', async () => {
  await using upstream = await startUpstream()
  await using proxy = await startToxicProxy({ upstreamPort: upstream.port })
  const early = await open(proxy.port)
  early.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(early, 'data')
  await proxy.set({ kind: 'hang' })
  const asked = upstream.requests()
  const late = await open(proxy.port)
  for (const socket of [early, late]) socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  const cut = Promise.all([closed(early), closed(late)])
  // Something that was sent later, on another way, has arrived: what was sent before had its time.
  assert.equal(await ask(upstream.port), `200 ${BODY}`)
  assert.equal(upstream.requests(), asked + 1)
  assert.equal(late.bytesRead, 0)
  await proxy.set({ kind: 'pass' })
  await cut
})

test('it drips a byte at a time, after as many as may pass', async () => {
  await using upstream = await startUpstream()
  await using proxy = await startToxicProxy({ upstreamPort: upstream.port })
  await proxy.set({ kind: 'drip', everyMs: 2, afterBytes: 20 })
  const socket = await open(proxy.port)
  const pieces: number[] = []
  socket.on('data', (bytes: Buffer) => pieces.push(bytes.length))
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  await closed(socket)
  assert.ok(pieces[0]! >= 20, `began with ${pieces[0]}`)
  assert.ok(pieces.length > 2, `came in ${pieces.length} pieces`)
})

test('it flaps by the clock it was given, and a connection that is kept does not outlive its phase', async () => {
  await using upstream = await startUpstream()
  let now = 1000
  await using proxy = await startToxicProxy({ upstreamPort: upstream.port, clock: () => now })
  await proxy.set({ kind: 'flap', upMs: 5000, downMs: 5000 })
  assert.equal(await ask(proxy.port), `200 ${BODY}`)
  const kept = await open(proxy.port)
  kept.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(kept, 'data')
  now += 5000
  assert.equal(await ask(proxy.port), 'ECONNRESET')
  const cut = closed(kept)
  kept.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await cut
  now += 5000
  assert.equal(await ask(proxy.port), `200 ${BODY}`)

  await proxy.set({ kind: 'flap', upMs: 5000, downMs: 5000, down: { kind: 'answer', status: 503, body: 'down' } })
  now += 9999
  assert.equal(await ask(proxy.port), '503 down')
})

test('closing it leaves no connection behind', async () => {
  await using upstream = await startUpstream()
  const proxy = await startToxicProxy({ upstreamPort: upstream.port, toxic: { kind: 'hang' } })
  const socket = await open(proxy.port)
  const cut = closed(socket)
  await proxy.close()
  await cut
  assert.equal(await ask(proxy.port), 'ECONNREFUSED')
})

async function startUpstream() {
  let requests = 0
  const server = createServer((_request, response) => {
    requests++
    response.end(BODY)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  // Being cut is what is looked for.
  socket.on('error', () => {})
  return socket
}

async function ask(port: number): Promise<string> {
  try {
    const asking = get({ host: '127.0.0.1', port, agent: false })
    const [answer] = (await once(asking, 'response')) as [IncomingMessage]
    return `${answer.statusCode} ${await text(answer)}`
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}
