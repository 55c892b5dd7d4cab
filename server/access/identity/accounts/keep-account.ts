import { byCaller } from '../../../ground/audit/index.ts'
import { DatabaseOutage, type Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { sameDigest } from '../../../platform/secret.ts'
import { knownBrowser } from '../browser.ts'
import { type Beginning, completeBy, type Proof, type SignedIn, type SignInMethod } from '../complete-sign-in.ts'
import type { Limit } from '../limits/pace.ts'
import type { Parts } from '../parts.ts'
import { whyUnusable } from '../passkeys/passkey.ts'
import { findOwnPasskey } from '../passkeys/queries.ts'
import { isKnownBrowser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import type { User } from '../user.ts'
import { keepUser } from './delete-user.ts'
import { tellKept } from './mails.ts'
import { lockUser } from './queries.ts'

const PURPOSE = 'keep account'
/** As long as a code may live (ASVS 6.6.2): it stands for one that was right. */
const KEEP_LIFE_MS = 10 * 60_000
/** It is used up for as long as it could be used. */
const ONCE: Limit = { kind: 'keep-account', everyMs: KEEP_LIFE_MS, burst: 1, what: 'requests' }
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

/**
 * Undoes the deletion and signs the person in, once: together, or neither. Whom their organisation does not let in at this
 * moment keeps nothing, and has not used it up. Where the answer to its COMMIT is lost, the same button does the same once more.
 */
export async function keepAccount(
  parts: Parts,
  call: Call,
  sealed: string,
): Promise<SignedIn<AskedToKeep['challenge']>> {
  const { challenge, userId, how } = readKeep(parts, call, sealed)
  const reopenedAs = `keep ${challenge.id}`
  const isReopened = parts.reopened.take(reopenedAs)
  let isNew = false
  const keep = async (db: Queries) => {
    const isOurs = await parts.limiter.isTaken(db, { limit: ONCE, subject: challenge.id }, parts.clock.now())
    if (!isOurs && !isReopened) return false
    isNew = (await keepUser(parts, db, { userId, by: byCaller(call, userId) })).isNew
    return true
  }
  try {
    const done = await completeBy(parts, call, { challenge, ...how }, async (db) => {
      const user = await lockUser(db, userId)
      if (!user) return undefined
      await assertStillGood(db, how.proof?.provenWith, userId)
      const isKnown = await isKnownBrowser(db, userId, challenge.browser_digest)
      // As they will be: who may enter is decided first, and then it is kept.
      return { user: { ...user, deletes_at: null }, isKnownBrowser: isKnown, spend: keep }
    })
    if (done.outcome !== 'signed-in') throw refuse('challenge_used')
    if (isNew) tellKept(parts, done.signedIn.user, `${call.origin}${call.prefix}`)
    return done.signedIn
  } catch (error) {
    if (error instanceof DatabaseOutage && (isReopened || error.outcome === 'unknown')) parts.reopened.add(reopenedAs)
    throw error
  }
}

/** Meanwhile the passkey may have been removed, or found to be copied. */
async function assertStillGood(db: Queries, passkeyId: string | undefined, userId: string): Promise<void> {
  if (passkeyId === undefined) return
  const passkey = await findOwnPasskey(db, passkeyId, userId)
  const why = passkey ? whyUnusable(passkey) : 'passkey_unknown'
  if (why) throw refuse(why)
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
