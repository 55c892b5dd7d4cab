import { DatabaseOutage } from '../../../platform/database/index.ts'
import type { Call, CookieChange } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import type { Provider } from '../../providers/index.ts'
import { type Browser, browserOf } from '../browser.ts'
import { addressBlock } from '../limits/address-block.ts'
import type { Hit } from '../limits/limiter.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import { DEPARTURE_LIFE_MS, type DeparturePurpose, digestOfState, sealDeparture } from './departure.ts'
import * as queries from './queries.ts'

export interface Depart {
  provider: Provider
  purpose: DeparturePurpose
  /** Who is signed in, where it is about somebody who is. */
  userId: string | null
  /** The session that is to finish it; left out: it is about none. */
  sessionId?: string
  audience: string
  returnTo: string
  /** The provider has to ask for the person anew. */
  wantsFresh: boolean
  /** The browser has said that it can keep a passkey. */
  hasPasskeys: boolean
  /** The address that was typed here, so that nobody types it twice. */
  loginHint?: string | undefined
}

/**
 * Leaves for a provider: what has to be kept until the callback is bound to this browser, to the provider, and to its settings
 * as they are now. Nothing is asked of the provider for it.
 */
export async function depart(
  parts: Parts,
  call: Call,
  { provider, purpose, userId, sessionId, audience, returnTo, wantsFresh, hasPasskeys, loginHint }: Depart,
): Promise<{ url: string; cookies: CookieChange[] }> {
  const now = parts.clock.now()
  const browser = browserOf(call)
  const hits = hitsOf(call, browser)
  parts.limiter.passHere(hits, now)
  const left = await parts.providers.depart(provider, { loginHint, ...(wantsFresh && { maxAgeS: 0 }) })
  try {
    await parts.db.transaction(async (db) => {
      await parts.limiter.pass(db, hits, now)
      await queries.putDeparture(db, {
        id: newId('pch', now),
        state_digest: digestOfState(left.state),
        purpose,
        user_id: userId,
        session_id: sessionId ?? null,
        provider_id: provider.id,
        provider_version: provider.version,
        browser_digest: browser.digest,
        audience,
        return_to: returnTo,
        here: `${call.origin}${call.prefix}`,
        wants_fresh: wantsFresh,
        has_passkeys: hasPasskeys,
        departure_sealed: sealDeparture(parts.secret, left),
        created_at: now,
        expires_at: new Date(now.getTime() + DEPARTURE_LIFE_MS),
        used_at: null,
      })
    })
  } catch (error) {
    if (error instanceof DatabaseOutage) parts.limiter.giveBackHere(hits)
    throw error
  }
  return { url: left.url, cookies: browser.cookies }
}

function hitsOf(call: Call, browser: Browser): Hit[] {
  const block = { limit: limits.departInBlock, subject: addressBlock(call.address) }
  // One without a cookie has no past that could be limited.
  return browser.isNew ? [block] : [{ limit: limits.departInBrowser, subject: browser.digest }, block]
}
