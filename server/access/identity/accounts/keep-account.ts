import { byCaller } from '../../../ground/audit/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { sameDigest } from '../../../platform/secret.ts'
import { knownBrowser } from '../browser.ts'
import type { Challenge } from '../challenge.ts'
import { enter, type SignedIn } from '../complete-sign-in.ts'
import type { Parts } from '../parts.ts'
import { findChallenge, isKnownBrowser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import type { User } from '../user.ts'
import { keepUser } from './delete-user.ts'
import { tellKept } from './mails.ts'

const PURPOSE = 'keep account'
/** As long as a code may live (ASVS 6.6.2): it stands for one that was right. */
const KEEP_LIFE_MS = 10 * 60_000
const SEALED_MAX = 1000

interface Held {
  challenge_id: string
  user_id: string
  until: number
}

/**
 * What the page "Keep this account?" carries: that the code was right, for this person. It works in the browser of that
 * sign-in only, whose cookie is a new one as soon as somebody is signed in there.
 */
export function sealKeep(parts: Parts, challenge: Challenge, user: User): string {
  const until = parts.clock.now().getTime() + KEEP_LIFE_MS
  const held: Held = { challenge_id: challenge.id, user_id: user.id, until }
  return parts.secret.seal(PURPOSE, JSON.stringify(held))
}

/** Undoes the deletion and signs the person in. Once more after an outage does the same. */
export async function keepAccount(parts: Parts, call: Call, sealed: string): Promise<SignedIn> {
  const { challenge, userId } = await readKeep(parts, call, sealed)
  const { user, isNew } = await parts.db.transaction(async (db) => {
    const by = byCaller(call, userId)
    const kept = await keepUser(parts, db, { userId, by })
    // The code alone let nobody in: with this button it has.
    const told = { subject: { kind: 'user', id: userId }, facts: { audience: challenge.audience } }
    if (kept.isNew) await parts.audit(db, { by, action: 'sign-in.succeeded', ...told })
    return kept
  })
  const isKnown = await isKnownBrowser(parts.db, userId, challenge.browser_digest)
  const signedIn = await enter(parts, call, challenge, { user, isNewAccount: false, isKnownBrowser: isKnown })
  if (isNew) tellKept(parts, user, `${call.origin}${call.prefix}`)
  return signedIn
}

async function readKeep(parts: Parts, call: Call, sealed: string): Promise<{ challenge: Challenge; userId: string }> {
  const held = unsealed(parts, sealed)
  if (!held || held.until <= parts.clock.now().getTime()) throw refuse('challenge_expired')
  const challenge = await findChallenge(parts.db, held.challenge_id)
  const browser = knownBrowser(call)
  if (!challenge || !browser || !sameDigest(challenge.browser_digest, browser)) throw refuse('other_browser')
  return { challenge, userId: held.user_id }
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
