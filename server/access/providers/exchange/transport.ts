import type * as client from 'openid-client'
import type { Discovery } from '../documents/index.ts'
import { type Answered, EgressFault, fetchThrough, judgeAnswer, toResponse } from '../egress/index.ts'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'
import { ExchangeRefused } from './refused.ts'

/** Of the back-channel calls; people wait for them one after the other. */
const TOKEN_MS = 5_000
const USERINFO_MS = 2_500

/** How openid-client reaches the provider: through the guarded way out, and for keys never further than what is held here. */
export interface Transport {
  fetch: client.CustomFetch
  /** What the token endpoint said, as it came. */
  token(): Answered | undefined
  /** Answers for the token endpoint from now on by what it said already. */
  replay(): void
}

export function openTransport(
  parts: Parts,
  provider: Provider,
  discovery: Discovery,
  onToken: () => void = () => {},
): Transport {
  let token: Answered | undefined
  let isReplaying = false

  return {
    token: () => token,
    replay() {
      isReplaying = true
    },
    async fetch(url, options) {
      if (url === discovery.jwks_uri) return keySet(await keysFor(parts, provider, headerOf(token)?.kid))
      const isToken = url === discovery.token_endpoint
      if (isToken && isReplaying && token) return toResponse(token)
      if (isToken) onToken()
      const asked = { ...options, body: options.body, signal: options.signal }
      const { answered, response } = await fetchThrough(parts.egress, url, asked, isToken ? TOKEN_MS : USERINFO_MS)
      if (isToken) token = answered
      // What says no in OAuth's own words is read by the library; what says nothing usable is a fault.
      const isRefusal = answered.status >= 400 && answered.status < 500 && answered.status !== 429
      if (!isRefusal) judgeAnswer(answered)
      return response
    },
  }
}

const keySet = (keys: object[]) => Response.json({ keys })

/**
 * The keys that a token may be checked by. One look, no more, when its key is unknown: while the key endpoint does not answer,
 * that is an outage and no lie.
 */
async function keysFor(parts: Parts, provider: Provider, kid: string | undefined): Promise<object[]> {
  const { documents } = parts
  const known = () => documents.goodKeys(provider).map(({ jwk }) => jwk)
  const isThere = () => known().some((jwk) => kid === undefined || jwk.kid === kid)
  if (isThere()) return known()
  if (kid !== undefined && documents.isWithdrawn(provider, kid))
    throw new ExchangeRefused('withdrawn_key', `its key ${shown(kid)} was withdrawn`)
  const look = await documents.lookForKey(provider)
  if (isThere()) return known()
  const isKnowing = look.outcome === 'good' || look.fault === 'clock-skew'
  if (!isKnowing) {
    const fault = new EgressFault(
      'keys',
      `its keys could not be fetched, and the one of this token is not known: ${look.detail}`,
    )
    throw fault
  }
  throw new ExchangeRefused('unknown_key', `it never published the key ${shown(kid ?? '')}`)
}

/** For the log: it is anybody's text. */
const shown = (kid: string) => JSON.stringify(kid.slice(0, 80))

/** Unverified: only to know which key and which tenant it speaks of. */
export function headerOf(answered: Answered | undefined): { kid?: string } | undefined {
  return partOf(answered, 0)
}
export function claimsOf(answered: Answered | undefined): { tid?: unknown; iat?: unknown } | undefined {
  return partOf(answered, 1)
}

function partOf(answered: Answered | undefined, index: number): Record<string, never> | undefined {
  try {
    const { id_token } = JSON.parse(answered!.body.toString('utf8')) as { id_token: string }
    return JSON.parse(Buffer.from(id_token.split('.')[index]!, 'base64url').toString('utf8'))
  } catch {
    // Whatever is wrong with it, the library finds and names.
    return undefined
  }
}
