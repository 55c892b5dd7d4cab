import { parseCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { addressReader, type ReadForwarded } from './caller.ts'
import { refuse } from './refusals.ts'
import type { Call } from './route.ts'

/** A longer address holds nothing of ours; what is long belongs in a body. */
export const URL_LENGTH_MAX = 8 * 1024
/** The handle, the proof and the browser are below 5 KiB; on a developer's host other apps' cookies come along. */
export const COOKIE_HEADER_MAX = 16 * 1024

export interface ReadCallOptions {
  /** The public origin. Never the Host header: whoever sends it chooses it. */
  origin: string
  trustedProxies: readonly string[]
  readForwarded: ReadForwarded
}

export type ReadCall = (request: FastifyRequest, reply: FastifyReply) => Call

/** What a request says, believed only as far as it can be proven. */
export function callReader(options: ReadCallOptions): ReadCall {
  const readAddress = addressReader(options.trustedProxies)
  return (request, reply) => {
    const url = request.raw.url ?? '/'
    const headers = request.headers as Record<string, string | undefined>
    const forwarded = options.readForwarded({ method: request.method, path: url, headers: request.headers })
    const origin = forwarded?.origin ?? options.origin
    // At once: a connection that was cut has none any more.
    const socketAddress = request.socket.remoteAddress ?? ''
    let address: string | undefined
    let signal: AbortSignal | undefined
    return {
      // A HEAD is a GET whose body is not sent: no handler can tell them apart.
      method: request.method === 'HEAD' ? 'GET' : request.method,
      path: url.split('?', 1)[0]!,
      body: request.body,
      query: request.query,
      params: request.params,
      headers,
      cookies: parseCookie(headers.cookie ?? ''),
      // Read when it is asked for, as below: to take it apart is 3 µs, and whoever only asks "signed in?" needs none.
      get address() {
        address ??= forwarded?.address ?? readAddress(socketAddress, headers['x-forwarded-for'])
        return address
      },
      origin,
      isSecure: origin.startsWith('https:'),
      prefix: forwarded?.prefix ?? '',
      application: forwarded?.application ?? null,
      // Made when it is asked for: hardly any call has something to abort.
      get signal() {
        signal ??= goneSignal(reply)
        return signal
      },
      actor: null,
    }
  }
}

/** Of the answer, not of the request: that one is closed as soon as its body has been read. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  if (raw.destroyed) gone.abort()
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort()
  })
  return gone.signal
}

/** Refused before anything is looked up: what is too long, and what is no text. */
export function assertReadable(request: FastifyRequest): void {
  const url = request.raw.url ?? '/'
  if (url.length > URL_LENGTH_MAX) throw refuse('url_too_long', { limit: URL_LENGTH_MAX })
  if ((request.headers.cookie ?? '').length > COOKIE_HEADER_MAX) throw refuse('headers_too_large')
  // No text of PostgreSQL holds it, so nothing is found by it and nothing is kept of it.
  if (url.includes('%00')) throw refuse('bad_url')
  try {
    // The router decodes the path itself, and refuses it by the same code.
    decodeURIComponent(url.slice(url.indexOf('?') + 1).replaceAll('+', ' '))
  } catch {
    throw refuse('bad_url')
  }
}
