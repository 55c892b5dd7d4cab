import { FAILOVER_METHOD } from '../../../../sdk/contract.ts'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { browserSetBy } from '../browser.ts'
import type { SignedIn } from '../complete-sign-in.ts'
import type { Parts } from '../parts.ts'
import { canHavePasskeys } from './here.ts'
import { isUsable } from './passkey.ts'
import * as queries from './queries.ts'
import { requiresPasskey } from './required.ts'

/** Whoever said "not now" is not asked again in this browser for so long. */
export const DECLINED_MS = 30 * 24 * 3_600_000

export const OFFER_PATH = '/account/passkeys/offer'

type Entered = Pick<SignedIn, 'user' | 'cookies' | 'session'> & {
  challenge: Pick<SignedIn['challenge'], 'return_to' | 'purpose' | 'audience'>
}

/**
 * Where a sign-in by mail or through a provider leads: to the offer of a passkey, which leads on, for whoever has none, in a browser that has
 * said that it can; otherwise where it was meant to lead.
 */
export async function wayOn(parts: Parts, call: Call, signedIn: Entered, canHave: boolean): Promise<string> {
  const { challenge, user, cookies, session } = signedIn
  const { return_to: returnTo, purpose, audience } = challenge
  // Not the console's; at an app the offer leads to our origin and back.
  const isWhere = audience === (call.application ?? ACCOUNT_AUDIENCE) && canHavePasskeys(parts.config.url)
  // Whoever came by fail-over could not take it.
  const isMeant = canHave && purpose === 'sign-in' && isWhere && !session.amr.includes(FAILOVER_METHOD)
  if (!isMeant) return returnTo
  try {
    if ((await queries.passkeysOf(parts.db, user.id)).some(isUsable)) return returnTo
    const browser = browserSetBy(call, cookies)
    const declinedAt = browser && (await queries.declinedAt(parts.db, user.id, browser))
    const isAskedLately = declinedAt && parts.clock.now().getTime() - declinedAt.getTime() < DECLINED_MS
    if (isAskedLately && !(await requiresPasskey(parts, user.id))) return returnTo
    return `${call.prefix}${OFFER_PATH}?return_to=${encodeURIComponent(returnTo)}`
  } catch (error) {
    // They are signed in: nothing that is only offered keeps them from where they go.
    if (error instanceof DatabaseOutage) return returnTo
    throw error
  }
}
