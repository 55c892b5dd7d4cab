import { byCaller } from '../../../ground/audit/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { sameDigest } from '../../../platform/secret.ts'
import { knownBrowser } from '../browser.ts'
import { type Beginning, enter, type Proof, type SignedIn, type SignInMethod } from '../complete-sign-in.ts'
import type { Parts } from '../parts.ts'
import { isKnownBrowser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import type { User } from '../user.ts'
import { keepUser } from './delete-user.ts'
import { tellKept } from './mails.ts'

const PURPOSE = 'keep account'
/** As long as a code may live (ASVS 6.6.2): it stands for one that was right. */
const KEEP_LIFE_MS = 10 * 60_000
/** `return_to` is the longest of it. */
const SEALED_MAX = 5000

/** What was met, by whom and how well: all that a session would have been made of. */
export interface AskedToKeep {
  challenge: Beginning & { return_to: string }
  user: User
  /** A code when left out, as is the proof. */
  method?: SignInMethod
  proof?: Proof
}

interface Held extends Pick<AskedToKeep, 'method' | 'proof'> {
  challenge: Pick<AskedToKeep['challenge'], 'id' | 'purpose' | 'audience' | 'return_to'>
  browser: string
  begun: number
  user_id: string
  until: number
}

/**
 * What the page "Keep this account?" carries: that this person has shown who they are, and how. It works in the browser of
 * that sign-in only, whose cookie is a new one as soon as somebody is signed in there.
 */
export function sealKeep(parts: Parts, { challenge, user, method, proof }: AskedToKeep): string {
  const { id, purpose, audience, return_to, browser_digest, created_at } = challenge
  const held: Held = {
    challenge: { id, purpose, audience, return_to },
    browser: browser_digest.toString('base64url'),
    begun: created_at.getTime(),
    user_id: user.id,
    until: parts.clock.now().getTime() + KEEP_LIFE_MS,
    ...(method && { method }),
    ...(proof && { proof }),
  }
  return parts.secret.seal(PURPOSE, JSON.stringify(held))
}

/** Undoes the deletion and signs the person in. Once more after an outage does the same. */
export async function keepAccount(
  parts: Parts,
  call: Call,
  sealed: string,
): Promise<SignedIn<AskedToKeep['challenge']>> {
  const { challenge, userId, how } = readKeep(parts, call, sealed)
  const { user, isNew } = await parts.db.transaction(async (db) => {
    const by = byCaller(call, userId)
    const kept = await keepUser(parts, db, { userId, by })
    // The code alone let nobody in: with this button it has.
    const told = {
      subject: { kind: 'user', id: userId },
      facts: { audience: challenge.audience, ...(how.method && { method: how.method }) },
    }
    if (kept.isNew) await parts.audit(db, { by, action: 'sign-in.succeeded', ...told })
    return kept
  })
  const isKnown = await isKnownBrowser(parts.db, userId, challenge.browser_digest)
  const signedIn = await enter(parts, call, challenge, { user, isNewAccount: false, isKnownBrowser: isKnown, ...how })
  if (isNew) tellKept(parts, user, `${call.origin}${call.prefix}`)
  return signedIn
}

function readKeep(parts: Parts, call: Call, sealed: string) {
  const held = unsealed(parts, sealed)
  if (!held?.challenge || held.until <= parts.clock.now().getTime()) throw refuse('challenge_expired')
  const { method, proof } = held
  const digest = Buffer.from(held.browser, 'base64url')
  const browser = knownBrowser(call)
  if (!browser || !sameDigest(digest, browser)) throw refuse('other_browser')
  const challenge = { ...held.challenge, browser_digest: digest, created_at: new Date(held.begun) }
  return { challenge, userId: held.user_id, how: { ...(method && { method }), ...(proof && { proof }) } }
}

function unsealed(parts: Parts, sealed: string): Held | undefined {
  if (sealed.length > SEALED_MAX) return undefined
  try {
    return JSON.parse(parts.secret.unseal(PURPOSE, sealed)) as Held
  } catch {
    // Whatever is wrong with it, it is not one of ours.
    return undefined
  }
}
