import { byCaller } from '../../../ground/audit/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { sameDigest } from '../../../platform/secret.ts'
import type { Exchanged, ProvenIdentity, Provider } from '../../providers/index.ts'
import { knownBrowser } from '../browser.ts'
import { addressBlock } from '../limits/address-block.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { digestOfState, type ProviderChallenge, unsealDeparture } from './departure.ts'
import * as queries from './queries.ts'

/** The part of our address that providers know; after it comes which of them. */
export const CALLBACK_PATH = '/sign-in/callback'
/** Between the clock of a provider and ours, where it says when it asked for the person. */
const LEEWAY_MS = 60_000

/** Of which provider the address was that they came back to. */
export type Whose = Call<unknown, unknown, { id: string }>

interface Came {
  challenge: ProviderChallenge
  provider: Provider
}

export type CameBack =
  /** The browser has its cookie on another origin of ours: it goes on there, and nothing was used up. */
  | { outcome: 'elsewhere'; url: string }
  | ({ outcome: 'proved'; identity: ProvenIdentity } & Came)
  /** `busy`: nothing was used up. */
  | ({ outcome: 'denied' | 'unknown' | 'refused' | 'not-fresh' | 'busy' } & Came)

/**
 * Somebody comes back from a provider. The state has to be one of this browser, for this provider as it is set up now, and
 * is used up before anything is asked, once it is certain that we may ask: so that nobody can have us ask a provider in somebody else's name, or twice.
 */
export async function comeBack(parts: Parts, call: Whose, query: URLSearchParams): Promise<CameBack> {
  const state = query.get('state') ?? ''
  const challenge = state === '' ? undefined : await queries.findDeparture(parts.db, digestOfState(state))
  if (!challenge) throw refuse('departure_over')
  if (challenge.here !== `${call.origin}${call.prefix}`) return elsewhere(parts, call, challenge, query)
  const browser = knownBrowser(call)
  // Before anything is said of it: it is nobody else's business.
  if (!browser || !sameDigest(challenge.browser_digest, browser)) throw refuse('departure_other_browser')
  if (challenge.used_at) throw refuse('departure_used')
  const now = parts.clock.now()
  if (now >= challenge.expires_at) throw refuse('departure_over')
  const provider = parts.providers.find(challenge.provider_id)
  if (!provider?.is_enabled || provider.version !== challenge.provider_version) throw refuse('provider_not_offered')
  const exchanged = await parts.providers.exchange(provider, {
    callbackUrl: new URL(`${pathBack(call)}?${query}`, parts.config.url),
    departure: unsealDeparture(parts.secret, challenge.departure_sealed),
    caller: {
      browser,
      block: addressBlock(call.address),
      isKnown: await queries.isBrowserOfSomebody(parts.db, browser),
    },
    useUp: () => queries.useDeparture(parts.db, challenge.id, now),
  })
  if (exchanged.outcome === 'used') throw refuse('departure_used')
  return judged(parts, call, { challenge, provider }, exchanged)
}

export const pathBack = ({ params }: Whose) => `${CALLBACK_PATH}/${encodeURIComponent(params.id)}`

/** Providers know addresses of ours alone. An app's browser goes on to the app's own origin, where its cookie is. */
function elsewhere(parts: Parts, call: Whose, challenge: ProviderChallenge, query: URLSearchParams): CameBack {
  const isOurs = call.application === null && call.origin === new URL(parts.config.url).origin
  if (!isOurs) throw refuse('departure_other_browser')
  return { outcome: 'elsewhere', url: `${challenge.here}${pathBack(call)}?${query}` }
}

type Settled = Exclude<Exchanged, { outcome: 'used' }>

async function judged(parts: Parts, call: Call, came: Came, exchanged: Settled): Promise<CameBack> {
  if (exchanged.outcome === 'proved') {
    const { identity } = exchanged
    if (isFreshEnough(came.challenge, identity)) return { outcome: 'proved', identity, ...came }
    await noteFailure(parts, call, came, { reason: 'provider_not_fresh' })
    return { outcome: 'not-fresh', ...came }
  }
  if (exchanged.outcome === 'refused') {
    const { code } = exchanged
    parts.log.warn({ provider: came.provider.id, code }, 'what a provider said of somebody was refused')
    await noteFailure(parts, call, came, { reason: 'provider_refused', code })
  }
  if (exchanged.outcome === 'denied') await noteFailure(parts, call, came, { reason: 'provider_denied' })
  if (exchanged.outcome === 'unknown') await noteFailure(parts, call, came, { reason: 'provider_unknown' })
  return { outcome: exchanged.outcome, ...came }
}

/** A provider that does not say when it asked has not said that it asked anew. */
function isFreshEnough(
  { wants_fresh, created_at }: ProviderChallenge,
  { authenticated_at: at }: ProvenIdentity,
): boolean {
  return !wants_fresh || (at !== null && at.getTime() >= created_at.getTime() - LEEWAY_MS)
}

/** Nobody is known yet, unless they were signed in before. */
async function noteFailure(
  parts: Parts,
  call: Call,
  { challenge, provider }: Came,
  why: { reason: string; code?: string },
): Promise<void> {
  const { id, user_id, audience } = challenge
  const facts = { method: 'provider', provider: provider.id, audience, ...why }
  const subject = user_id === null ? { kind: 'challenge', id } : { kind: 'user', id: user_id }
  await parts.db.transaction(async (db) => {
    await parts.signal(db, { kind: 'sign-in.failed', subject: subject.id, facts })
    await parts.audit(db, { by: byCaller(call, user_id ?? undefined), action: 'sign-in.failed', subject, facts })
  })
}
