import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import type { Certificate } from './certificates.ts'

/** What is answered in the place of the upstream. */
export interface FixedAnswer {
  status: number
  headers?: Record<string, string>
  body: string
}

/**
 * What the way to the upstream does. `refuse`: nobody listens on the port. `hang`: takes connections and says nothing, also on
 * those that are open. `reset`: an RST at once. `drip`: answers come a byte at a time, after so many that come as
 * usual. `delay`: the first byte of each piece of an answer waits. `answer`: HTTP from here; with a certificate over TLS.
 */
export type Toxic =
  | { kind: 'pass' }
  | { kind: 'refuse' }
  | { kind: 'hang' }
  | { kind: 'reset' }
  | { kind: 'drip'; everyMs: number; afterBytes?: number }
  | { kind: 'delay'; ms: number }
  | ({ kind: 'answer'; certificate?: Certificate } & FixedAnswer)
  | Flap

/** Up, then down, by the clock that the proxy was given, beginning with up when it is set. */
export interface Flap {
  kind: 'flap'
  upMs: number
  downMs: number
  /** How it is down; a port cannot close by a clock that nobody rings, so not `refuse`. */
  down?: Exclude<Toxic, Flap | { kind: 'refuse' }>
}

export interface ToxicProxy extends AsyncDisposable {
  port: number
  /** May be said after the proxy was started: what stands behind it may have to know its address first. */
  upstreamPort: number
  /** Connections taken so far, whatever became of them. */
  readonly connections: number
  /** Connections that are open now. */
  readonly open: number
  /** From now on. Connections that are there are cut, so that nobody goes on by what they had; `hang` silences them. */
  set(toxic: Toxic): Promise<void>
  close(): Promise<void>
}

export interface ToxicProxyOptions {
  upstreamPort?: number
  toxic?: Toxic
  /** Milliseconds that only go forward; a test turns the phases of `flap` by it. */
  clock?: () => number
}

/** A drill has hundreds of clients at most; more is a leak, and the newest is turned away. */
const CONNECTIONS_MAX = 1000

/** A TCP proxy on loopback that hurts whoever comes through it, and can be told otherwise while it runs. */
export async function startToxicProxy(options: ToxicProxyOptions = {}): Promise<ToxicProxy> {
  const { clock = () => performance.now() } = options
  const links = new Set<Link>()
  let toxic: Toxic = { kind: 'pass' }
  let [connections, since] = [0, 0]

  const inForce = () => toxicAt(toxic, clock() - since)
  const server = createServer((socket) => {
    connections++
    if (links.size >= CONNECTIONS_MAX) return void socket.destroy()
    const link = openLink(socket, proxy.upstreamPort, inForce)
    links.add(link)
    socket.once('close', () => links.delete(link))
  })
  await listen(server, 0)
  const { port } = server.address() as AddressInfo

  const proxy: ToxicProxy = {
    port,
    upstreamPort: options.upstreamPort ?? 0,
    get connections() {
      return connections
    },
    get open() {
      return links.size
    },
    async set(next) {
      toxic = next
      since = clock()
      for (const link of links) next.kind === 'hang' ? link.silence() : link.cut()
      if (next.kind === 'refuse') await stopListening(server)
      else if (!server.listening) await listen(server, port)
    },
    async close() {
      for (const link of links) link.cut()
      await stopListening(server)
    },
    [Symbol.asyncDispose]: () => proxy.close(),
  }
  if (options.toxic) await proxy.set(options.toxic)
  return proxy
}

type Steady = Exclude<Toxic, Flap>

function toxicAt(toxic: Toxic, elapsedMs: number): Steady {
  if (toxic.kind !== 'flap') return toxic
  const isUp = elapsedMs % (toxic.upMs + toxic.downMs) < toxic.upMs
  return isUp ? PASS : (toxic.down ?? RESET)
}

const PASS: Steady = { kind: 'pass' }
const RESET: Steady = { kind: 'reset' }

interface Link {
  silence(): void
  cut(): void
}

function openLink(socket: Socket, upstreamPort: number, inForce: () => Steady): Link {
  const toxic = inForce()
  let upstream: Socket | undefined
  let [isSilent, isCut] = [false, false]
  const cut = () => {
    upstream?.destroy()
    // A reset of a connection that is half closed already keeps the process alive for ever (Node 26.10).
    if (!socket.destroyed && !isCut) toxic.kind === 'reset' ? socket.resetAndDestroy() : socket.destroy()
    isCut = true
  }
  const silence = () => {
    isSilent = true
    upstream?.unpipe()
    socket.unpipe()
    upstream?.destroy()
    // Read on, so that it is noticed when the client gives up.
    socket.resume()
  }
  // Whoever comes may go at any time.
  socket.on('error', cut)
  if (toxic.kind === 'reset' || toxic.kind === 'refuse') cut()
  else if (toxic.kind === 'hang') silence()
  else if (toxic.kind === 'answer') answerFrom(socket, toxic)
  else upstream = forward(socket, upstreamPort, toxic, cut)
  // A connection that is kept open must not outlive its phase.
  if (upstream) socket.on('data', () => isSilent || inForce() === toxic || cut())
  return { silence, cut }
}

function forward(socket: Socket, upstreamPort: number, toxic: Steady, cut: () => void): Socket {
  const upstream = connect({ port: upstreamPort, host: '127.0.0.1' })
  upstream.on('error', cut)
  socket.once('close', () => upstream.destroy())
  socket.pipe(upstream)
  const slow = slowed(toxic)
  if (!slow) {
    upstream.pipe(socket)
    return upstream
  }
  socket.once('close', () => slow.destroy())
  upstream.pipe(slow).pipe(socket)
  return upstream
}

function slowed(toxic: Steady): Transform | undefined {
  if (toxic.kind === 'delay') return stepwise(0, (bytes) => [bytes], toxic.ms)
  if (toxic.kind === 'drip') return stepwise(toxic.afterBytes ?? 0, (bytes) => [...bytes].map(one), toxic.everyMs)
  return undefined
}

const one = (byte: number) => Buffer.from([byte])

/** Takes the next piece only when the last is out, so it holds no more than a piece. */
function stepwise(freeBytes: number, cut: (bytes: Buffer) => Buffer[], everyMs: number): Transform {
  let timer: NodeJS.Timeout | undefined
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      const free = bytes.subarray(0, freeBytes)
      freeBytes -= free.length
      if (free.length > 0) this.push(free)
      const steps = free.length < bytes.length ? cut(bytes.subarray(free.length)) : []
      const next = (index: number) => {
        const step = steps[index]
        if (!step) return done()
        timer = setTimeout(() => {
          this.push(step)
          next(index + 1)
        }, everyMs)
      }
      next(0)
    },
    destroy(error, done) {
      clearTimeout(timer)
      done(error)
    },
  })
}

/** A server of its own that never listens: it is handed the connection as if it had taken it. */
function answerFrom(socket: Socket, { certificate, status, headers, body }: Steady & { kind: 'answer' }): void {
  const answer: RequestListener = (request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'text/html', connection: 'close', ...headers }).end(body)
  }
  const server = certificate ? createHttpsServer(certificate, answer) : createHttpServer(answer)
  server.on('tlsClientError', () => socket.destroy())
  server.on('clientError', () => socket.destroy())
  server.emit('connection', socket)
  if (!certificate) socket.resume()
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
}

async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  await closed
}
