import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { FORWARD_CLOCK_SKEW_MS, forwardedMessage, headers } from '../../../sdk/contract.ts'
import type { Forwarded } from '../../platform/http/index.ts'
import { sameDigest } from '../../platform/secret.ts'
import type { Application } from './application.ts'
import { refuse } from './refusals.ts'

export interface SignedRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
}

interface Known {
  find(id: string): (Application & { forwardKey: Buffer | null }) | undefined
  now: Date
}

const ID_MAX = 64
const PREFIX = /^\/[a-z0-9-]{1,32}$/
const FORWARDED_MAX = 512

/** What an application says of the browser behind it: believed under its signature, and for its own origins only. */
export function readForwarded(request: SignedRequest, { find, now }: Known): Forwarded | undefined {
  const id = request.headers[headers.application]
  const forwarded = request.headers[headers.forwarded]
  const signature = request.headers[headers.signature]
  if (typeof id !== 'string' || typeof forwarded !== 'string' || typeof signature !== 'string') return undefined

  const application = find(id.slice(0, ID_MAX))
  if (!application?.forwardKey) throw refuse('unknown_application', { application: printable(id) })
  const [, timestamp, given] = /^t=(\d{1,15}),v1=([A-Za-z0-9_-]{43})$/.exec(signature) ?? []
  const message = forwardedMessage({
    timestampMs: Number(timestamp),
    application: id,
    method: request.method,
    path: request.path,
    forwarded,
  })
  const expected = createHmac('sha256', application.forwardKey).update(message).digest()
  if (!given || forwarded.length > FORWARDED_MAX || !sameDigest(expected, Buffer.from(given, 'base64url'))) {
    throw refuse('bad_signature', { application: id })
  }
  const skewMs = Math.abs(now.getTime() - Number(timestamp))
  if (skewMs > FORWARD_CLOCK_SKEW_MS) throw refuse('clock_skew', { seconds: Math.round(skewMs / 1000) })

  const parts = Object.fromEntries(
    forwarded.split(';').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  )
  if (!application.origins.includes(parts.origin ?? '')) {
    throw refuse('foreign_origin', { origin: printable(parts.origin ?? ''), application: id })
  }
  const prefix = PREFIX.test(parts.prefix ?? '') ? parts.prefix! : ''
  return { application: id, address: parts.for ?? '', origin: parts.origin!, prefix }
}

/** What a stranger sent is repeated only in plain, short form. */
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
