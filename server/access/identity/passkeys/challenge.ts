import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { newId, newSecret } from '../../../platform/id.ts'
import { type Browser, knownBrowser } from '../browser.ts'
import { addressBlock } from '../limits/address-block.ts'
import type { Hit } from '../limits/limiter.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { CHALLENGE_LIFE_MS, digestOfChallenge, type PasskeyChallenge, type PasskeyPurpose } from './passkey.ts'
import * as queries from './queries.ts'

/** By browser and network only: what strangers do to an address never keeps its owner's passkey out. */
export const beginHits = (call: Call, browser: Browser): Hit[] => [
  // One without a cookie has no past that could be limited.
  ...(browser.isNew ? [] : [{ limit: limits.passkeyInBrowser, subject: browser.digest }]),
  { limit: limits.passkeyInBlock, subject: addressBlock(call.address) },
]

/** Ceremonies are on Holdfast's own origin: the browser shows whom the passkey is for. */
export function assertOurs(call: Call): void {
  if (call.application !== null) throw refuse('passkey_elsewhere')
}

export interface BeginChallenge {
  purpose: PasskeyPurpose
  userId: string | null
  browser: Browser
  audience: string
  returnTo: string
  /** Left out: it is for a session here. */
  handOverId?: string
  /** Who is signed in began it, and finishes it in the same session. */
  sessionId?: string | null
}

/** The 32 random bytes that go to the browser, as base64url; what is kept is their digest. */
export async function beginChallenge(
  parts: Parts,
  db: Queries,
  begin: BeginChallenge,
): Promise<{ challenge: string; expiresAt: Date }> {
  const { purpose, userId, browser, audience, returnTo, handOverId = null, sessionId = null } = begin
  const now = parts.clock.now()
  const challenge = newSecret()
  const expiresAt = new Date(now.getTime() + CHALLENGE_LIFE_MS)
  await queries.putChallenge(db, {
    id: newId('pkc', now),
    digest: digestOfChallenge(challenge),
    purpose,
    user_id: userId,
    browser_digest: browser.digest,
    audience,
    return_to: returnTo,
    hand_over_id: handOverId,
    session_id: sessionId,
    created_at: now,
    expires_at: expiresAt,
    used_at: null,
  })
  return { challenge, expiresAt }
}

/**
 * The challenge that an answer was made for, if it is one of this browser, for this purpose and this hand-over, and neither used
 * nor over.
 */
export async function meetChallenge(
  parts: Parts,
  call: Call,
  clientData: string,
  { purposes, handOverId }: { purposes: readonly PasskeyPurpose[]; handOverId: string | null },
): Promise<{ row: PasskeyChallenge; challenge: string }> {
  const browserDigest = knownBrowser(call)
  const challenge = challengeIn(clientData)
  if (challenge === undefined) throw refuse('passkey_refused')
  const row = await queries.findChallenge(parts.db, digestOfChallenge(challenge))
  if (!row || !purposes.includes(row.purpose) || row.hand_over_id !== handOverId) throw refuse('passkey_challenge_over')
  // Before anything is said of it: it is nobody else's business.
  if (!browserDigest?.equals(row.browser_digest)) throw refuse('passkey_other_browser')
  if (row.used_at) throw refuse('passkey_challenge_used')
  if (parts.clock.now() >= row.expires_at) throw refuse('passkey_challenge_over')
  return { row, challenge }
}

/** What the answer says it signed; whether that is so is verified afterwards. Undefined: it is none. */
function challengeIn(clientData: string): string | undefined {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientData, 'base64url').toString('utf8')) as Record<string, unknown>
    return typeof challenge === 'string' ? challenge : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}
