import { type Static, Type } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { type Answer, type Call, redirect } from '../../../platform/http/index.ts'
import { sameDigest } from '../../../platform/secret.ts'
import { lockUser } from '../accounts/queries.ts'
import { askToKeep } from '../accounts/hosted.ts'
import { isHere } from '../audience.ts'
import { knownBrowser } from '../browser.ts'
import { completeBy, type SignInCompleted } from '../complete-sign-in.ts'
import type { Parts } from '../parts.ts'
import { whyUnusable } from '../passkeys/passkey.ts'
import { findOwnPasskey } from '../passkeys/queries.ts'
import { proofOf } from '../passkeys/sign-in.ts'
import { isKnownBrowser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import { digestOfSecret } from './hand-over.ts'
import * as queries from './queries.ts'

export const CodeQuery = Type.Object({ code: Type.Optional(Type.String({ maxLength: 200 })) })

/**
 * `GET /sign-in/passkey/arrived?code=…`, on the app's origin: the session begins here, in the browser that left from here, by the
 * passkey that was shown at our origin. Who may come in by it is decided as it is there.
 */
export async function showArrived(parts: Parts, call: Call<unknown, Static<typeof CodeQuery>>): Promise<Answer> {
  const codeDigest = digestOfSecret(call.query.code ?? '')
  const came = await meetCode(parts, call, codeDigest)
  const done = await begin(parts, call, { came, codeDigest })
  if (done.outcome === 'used') throw refuse('hand_over_used')
  if (done.outcome === 'deleting') return askToKeep(parts, call, done)
  return redirect(came.return_to, { cookies: done.signedIn.cookies })
}

/** A code that is shown where it does not belong has been sent about: it is worth nothing from then on, to anybody. */
async function meetCode(parts: Parts, call: Call, codeDigest: Buffer): Promise<queries.CameBack> {
  const came = await queries.findByCode(parts.db, codeDigest)
  if (!came) throw refuse('hand_over_over')
  const browser = knownBrowser(call)
  const isThere = isHere(call, came.audience) && came.here === `${call.origin}${call.prefix}`
  if (!isThere || !browser || !sameDigest(came.browser_digest, browser)) return refuseElsewhere(parts, call, came)
  if (came.used_at) throw refuse('hand_over_used')
  if (parts.clock.now() >= came.code_expires_at) throw refuse('hand_over_over')
  return came
}

async function refuseElsewhere(parts: Parts, call: Call, { id, audience }: queries.CameBack): Promise<never> {
  await parts.db.transaction(async (db) => {
    if (!(await queries.voidHandOver(db, id, parts.clock.now()))) return
    const facts = { method: 'passkey', reason: 'hand_over_other_browser', audience }
    await parts.signal(db, { kind: 'sign-in.failed', subject: id, facts })
    const subject = { kind: 'challenge', id }
    await parts.audit(db, { by: byCaller(call), action: 'sign-in.failed', subject, facts })
  })
  throw refuse('hand_over_other_browser')
}

async function begin(
  parts: Parts,
  call: Call,
  { came, codeDigest }: { came: queries.CameBack; codeDigest: Buffer },
): Promise<SignInCompleted<queries.CameBack>> {
  const { passkey } = came
  const proof = { ...proofOf(passkey), authenticatedAt: came.shown_at }
  return completeBy(parts, call, { challenge: came, method: 'passkey', proof }, async (db) => {
    if (!(await queries.useHandOver(db, { id: came.id, codeDigest }, parts.clock.now()))) return undefined
    const user = await lockUser(db, passkey.user_id)
    if (!user) return undefined
    await assertStillGood(db, passkey)
    const isKnown = await isKnownBrowser(db, user.id, came.browser_digest)
    return { user, isKnownBrowser: isKnown }
  })
}

/** As it is at this very moment: in the minute since it was shown it may have been removed, copied, or come back from a backup. */
async function assertStillGood(db: Queries, { id, user_id }: queries.CameBack['passkey']): Promise<void> {
  const held = await findOwnPasskey(db, id, user_id)
  const why = held ? whyUnusable(held) : 'passkey_unknown'
  if (why) throw refuse(why)
}
