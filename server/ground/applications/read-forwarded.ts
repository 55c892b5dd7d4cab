import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { FORWARD_CLOCK_SKEW_MS, forwardedMessage, headers } from '../../../sdk/contract.ts'
import type { Forwarded } from '../../platform/http/index.ts'
import { sameDigest } from '../../platform/secret.ts'
import { isGood, type Known } from './known.ts'
import { refuse } from './refusals.ts'

export interface SignedRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
}

interface Directory {
  find(id: string): Known | undefined
  now: Date
}

const PREFIX = /^(\/[a-z0-9-]{1,32})?$/
const FORWARDED_MAX = 512
const SIGNATURE = /^t=(\d{1,15}),v1=([A-Za-z0-9_-]{43})$/

/** What an application says of the browser behind it: believed under its signature, and for its own origins only. */
export function readForwarded(request: SignedRequest, { find, now }: Directory): Forwarded | undefined {
  const said = [headers.application, headers.forwarded, headers.signature].map((name) => request.headers[name])
  if (said.every((each) => each === undefined)) return undefined
  const [id, forwarded, signature] = said
  if (typeof id !== 'string' || typeof forwarded !== 'string' || typeof signature !== 'string') {
    // Half of it is a proxy that drops headers: taken for unsigned, its app's people would be strangers here.
    throw refuse('half_signed')
  }

  const application = find(id)
  if (!application?.keys.some(({ forwardKey }) => forwardKey))
    throw refuse('unknown_application', { application: printable(id) })
  const [, timestamp, given] = SIGNATURE.exec(signature) ?? []
  const { method, path } = request
  const message = forwardedMessage({ timestampMs: Number(timestamp), application: id, method, path, forwarded })
  // By the newest key, or for a day by the one before it: an app takes its new key over when it is restarted.
  const isSigned = application.keys
    .filter((key) => isGood(key, now))
    .some(({ forwardKey }) => forwardKey && isSignedBy(forwardKey, message, given))
  if (forwarded.length > FORWARDED_MAX || !isSigned) {
    throw refuse('bad_signature', { application: id })
  }
  const skewMs = Math.abs(now.getTime() - Number(timestamp))
  if (skewMs > FORWARD_CLOCK_SKEW_MS) throw refuse('clock_skew', { seconds: Math.round(skewMs / 1000) })

  const { address, origin, prefix } = partsOf(forwarded)
  if (!application.origins.includes(origin)) {
    throw refuse('foreign_origin', { origin: printable(origin), application: id })
  }
  return { application: id, address, origin, prefix }
}

function isSignedBy(key: Buffer, message: string, given: string | undefined): boolean {
  const expected = createHmac('sha256', key).update(message).digest()
  return given !== undefined && sameDigest(expected, Buffer.from(given, 'base64url'))
}

/** Strictly, each part once: what an app takes over from its own callers could hold a second one. */
function partsOf(forwarded: string): { address: string; origin: string; prefix: string } {
  const [, address, origin, prefix] = /^for=([^;=]*);origin=([^;]*);prefix=([^;]*)$/.exec(forwarded) ?? []
  if (address === undefined || origin === undefined || prefix === undefined) throw refuse('bad_forwarded')
  // `unknown` is what an app says that does not see its caller's address.
  const isGood = (isIP(address) || address === 'unknown') && PREFIX.test(prefix)
  if (!isGood) throw refuse('bad_forwarded')
  return { address, origin, prefix }
}

/** What a stranger sent is repeated only in plain, short form. */
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
