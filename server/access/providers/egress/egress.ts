import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { LookupFunction } from 'node:net'
import {
  type ConnectionOptions,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import type { Clock } from '../../../platform/clock.ts'
import { EgressFault, faultOf } from './fault.ts'
import { type Address, openResolve } from './resolve.ts'

export interface Asked {
  url: string
  method?: 'GET' | 'HEAD' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string | undefined
  /** From the first look at the name to the last byte; `ASK_MS` by default. */
  deadlineMs?: number
  bodyMax?: number
  signal?: AbortSignal | undefined
}

export interface Answered {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  tookMs: number
  /** By how much its `Date` is ahead of our clock; null: it sent none that can be read. */
  dateAheadMs: number | null
  tls: { protocol: string | null; validTo: string | null; issuer: string | null }
}

/** The one way out to addresses that somebody else has chosen. */
export interface Egress {
  /** Throws `EgressFault` and nothing else. A status is an answer, whatever it says; no redirect is followed. */
  ask(asked: Asked): Promise<Answered>
  /** Whether it may be asked at all; tells nothing of whether it answers. */
  judgeUrl(url: string): { isAllowed: true } | { isAllowed: false; why: string }
}

/** All of a call, however slowly a body drips. People wait for it during a sign-in. */
export const ASK_MS = 8_000
/** The largest discovery documents and key sets seen are below 30 KB. */
export const BODY_MAX = 512 * 1024
const HEADERS_MAX = 16 * 1024
const HEADERS_COUNT_MAX = 100
const URL_MAX = 2_000

export interface EgressOptions {
  clock: Clock
  /** Tests and drills alone. `nameServer`: who is asked for names, `127.0.0.1:5353`. */
  loopback: { isAllowed: boolean; authorities: readonly string[]; nameServer?: string | undefined }
}

export function openEgress({ clock, loopback }: EgressOptions): Egress {
  const nameServer = loopback.isAllowed ? loopback.nameServer : undefined
  const resolve = openResolve({ isLoopbackAllowed: loopback.isAllowed, nameServer })
  // The authorities of this machine as well: an operator may have added one of their own to Node.
  const extra = loopback.isAllowed ? loopback.authorities : []
  const trusted = extra.length > 0 ? trust(extra) : undefined
  return {
    judgeUrl,
    async ask(asked) {
      const url = readUrl(asked.url)
      const beganMs = clock.monotonicMs()
      const call = new AbortController()
      const { deadlineMs = ASK_MS } = asked
      const within = `within ${deadlineMs} ms`
      let late = new EgressFault('dns', `its name was not resolved ${within}`)
      const timer = setTimeout(() => call.abort(), deadlineMs)
      const signal = asked.signal ? AbortSignal.any([call.signal, asked.signal]) : call.signal
      try {
        const addresses = await unlessAborted(resolve(url.hostname), signal)
        late = new EgressFault('timeout', `it did not answer ${within}`)
        const { response, tls, body } = await send({ url, asked, addresses, trusted, signal })
        const date = Date.parse(response.headers.date ?? '')
        return {
          status: response.statusCode!,
          headers: response.headers,
          body,
          tookMs: Math.round(clock.monotonicMs() - beganMs),
          dateAheadMs: Number.isFinite(date) ? date - clock.now().getTime() : null,
          tls,
        }
      } catch (error) {
        throw call.signal.aborted ? late : faultOf(error)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** Made once: reading some 260 authorities takes 22 ms, in which the process does nothing else. */
function trust(extra: readonly string[]): SecureContext {
  return createSecureContext({ ca: [...getCACertificates('default'), ...extra], minVersion: 'TLSv1.2' })
}

function judgeUrl(text: string): { isAllowed: true } | { isAllowed: false; why: string } {
  const url = text.length > URL_MAX ? null : URL.parse(text)
  if (!url) return { isAllowed: false, why: 'it is not a URL' }
  if (url.protocol !== 'https:') return { isAllowed: false, why: 'it does not begin with https://' }
  if (url.username || url.password) return { isAllowed: false, why: 'a name or a password stands in it' }
  if (url.hash) return { isAllowed: false, why: 'a fragment (#) stands in it' }
  return { isAllowed: true }
}

function readUrl(text: string): URL {
  const judged = judgeUrl(text)
  if (!judged.isAllowed) throw new EgressFault('address', `this address is not asked: ${judged.why}`)
  return new URL(text)
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', stop)
    work.catch(() => {})
    promise.catch(() => {})
  }
}

interface Sending {
  url: URL
  asked: Asked
  addresses: Address[]
  trusted: SecureContext | undefined
  signal: AbortSignal
}

interface Received {
  response: IncomingMessage
  tls: Answered['tls']
  body: Buffer
}

/** A connection of its own each time: what it meets is what is true now, and never a socket that died meanwhile. */
function send({ url, asked, addresses, trusted, signal }: Sending): Promise<Received> {
  const { method = 'GET', headers = {}, body, bodyMax = BODY_MAX } = asked
  const own: ConnectionOptions = trusted ? { secureContext: trusted } : {}
  const { promise, resolve, reject } = Promise.withResolvers<Received>()
  const outgoing = request(url, {
    method,
    agent: false,
    ...own,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    maxHeaderSize: HEADERS_MAX,
    // The address that was judged is the one that is connected to: nobody is asked for it again.
    lookup: lookupOf(addresses),
    signal,
    headers: {
      'user-agent': 'Holdfast',
      ...headers,
      'accept-encoding': 'identity',
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    },
  })
  outgoing.maxHeadersCount = HEADERS_COUNT_MAX
  outgoing.on('error', reject)
  outgoing.on('response', (response) => {
    const tls = tlsOf(response.socket as TLSSocket)
    read(response, bodyMax).then((whole) => resolve({ response, tls, body: whole }), reject)
  })
  outgoing.end(body)
  return promise.finally(() => outgoing.destroy())
}

function lookupOf(addresses: readonly Address[]): LookupFunction {
  return (_host, options, done) => {
    if (options.all) return done(null, [...addresses])
    const [first] = addresses
    done(null, first!.address, first!.family)
  }
}

async function read(response: IncomingMessage, bodyMax: number): Promise<Buffer> {
  const encoding = response.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw new EgressFault('malformed', 'it sent a body in an encoding nobody asked for')
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length
    if (size > bodyMax) throw new EgressFault('too-big', `it sent more than ${bodyMax} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function tlsOf(socket: TLSSocket): Answered['tls'] {
  const certificate = socket.getPeerCertificate()
  const issuer = certificate?.issuer?.O ?? certificate?.issuer?.CN
  return {
    protocol: socket.getProtocol(),
    validTo: certificate?.valid_to ?? null,
    issuer: issuer === undefined ? null : String(issuer),
  }
}
