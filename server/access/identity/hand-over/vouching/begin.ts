import type { Static } from 'typebox'
import { ACCOUNT_AUDIENCE } from '../../../../ground/applications/index.ts'
import { byCaller } from '../../../../ground/audit/index.ts'
import type { Queries } from '../../../../platform/database/index.ts'
import { type Answer, type Call, type CookieChange, redirect } from '../../../../platform/http/index.ts'
import { sameDigest } from '../../../../platform/secret.ts'
import type { Begin, SessionRow } from '../../../sessions/index.ts'
import { lockUser } from '../../accounts/queries.ts'
import { knownBrowser, newBrowser } from '../../browser.ts'
import type { Parts } from '../../parts.ts'
import { assertOurs } from '../../passkeys/challenge.ts'
import { OFFER_PATH } from '../../passkeys/offer.ts'
import { keepBrowser } from '../../queries.ts'
import { refuse } from '../../refusals.ts'
import { sessionUser } from '../../user.ts'
import type { CodeQuery } from '../arrive.ts'
import { digestOfSecret } from '../hand-over.ts'
import { applicationOf } from '../meet.ts'
import * as queries from './queries.ts'
import { VOUCHED_LIFE_MS, type Vouched } from './vouching.ts'

/**
 * `GET /account/passkeys/vouched?code=…`, at our origin: a short session that stands on the one at the app. It says of itself what
 * that one says: neither stronger, nor fresher, nor longer.
 */
export async function showVouched(parts: Parts, call: Call<unknown, Static<typeof CodeQuery>>): Promise<Answer> {
  assertOurs(call)
  const codeDigest = digestOfSecret(call.query.code ?? '')
  const vouched = await meetCode(parts, call, codeDigest)
  applicationOf(parts, vouched)
  const source = await sourceOf(parts, vouched)
  await endOwn(parts, call, vouched.user_id)
  const { result, cookies } = await parts.sessions.issueWith(call, ACCOUNT_AUDIENCE, (db, begin) =>
    beginBy(parts, { call, db, begin }, { vouched, codeDigest, source }),
  )
  const path = `${OFFER_PATH}?return_to=${encodeURIComponent(vouched.return_to)}`
  return redirect(path, { cookies: [...cookies, result.cookie] })
}

/** A code that is shown where it does not belong has been sent about: it is worth nothing from then on, to anybody. */
async function meetCode(parts: Parts, call: Call, codeDigest: Buffer): Promise<Vouched> {
  const vouched = await queries.findByCode(parts.db, codeDigest)
  if (!vouched) throw refuse('hand_over_over')
  const browser = knownBrowser(call)
  const now = parts.clock.now()
  if (!browser || !sameDigest(vouched.browser_digest, browser)) {
    await queries.voidVouching(parts.db, vouched.id, now)
    throw refuse('hand_over_other_browser')
  }
  if (vouched.used_at) throw refuse('hand_over_used')
  if (now >= vouched.code_expires_at) throw refuse('hand_over_over')
  return vouched
}

/** The session at the app, if it is still there and the person's own. */
async function sourceOf(parts: Parts, { session_id: id, user_id: userId }: Vouched): Promise<SessionRow> {
  const source = await parts.sessions.find(id)
  const isLive = source && source.ended_at === null && source.expires_at > parts.clock.now()
  if (!isLive || source.user_id !== userId || source.impersonator) throw refuse('hand_over_over')
  // Asked at the app already, and held to here as well: what is enrolled in fail-over would outlive it.
  if (source.stands_in_for !== null) throw refuse('hand_over_over')
  return source
}

/** One of the same person at our origin would go on with its own, longer life. */
async function endOwn(parts: Parts, call: Call, userId: string): Promise<void> {
  const answer = await parts.sessions.verify(call, { audience: ACCOUNT_AUDIENCE })
  if (answer.verdict !== 'valid' || answer.session.user.id !== userId || answer.session.impersonator) return
  await parts.sessions.end({ sessionId: answer.session.id, reason: 'replaced', by: userId })
}

interface Within {
  call: Call
  db: Queries
  begin: Begin
}

async function beginBy(
  parts: Parts,
  { call, db, begin }: Within,
  { vouched, codeDigest, source }: { vouched: Vouched; codeDigest: Buffer; source: SessionRow },
): Promise<{ cookie: CookieChange }> {
  const now = parts.clock.now()
  if (!(await queries.useVouching(db, { id: vouched.id, codeDigest }, now))) throw refuse('hand_over_used')
  const user = await lockUser(db, vouched.user_id)
  if (!user) throw refuse('gone')
  await begin({
    user: sessionUser(user),
    amr: source.amr,
    acr: source.acr,
    provenBy: source.proven_by,
    provenWith: source.proven_with,
    authenticatedAt: source.authenticated_at,
    lifeMs: Math.min(VOUCHED_LIFE_MS, source.expires_at.getTime() - now.getTime()),
  })
  // A new cookie, as at every sign-in.
  const browser = newBrowser(call)
  await keepBrowser(db, user.id, { from: vouched.browser_digest, to: browser.digest }, now)
  await parts.audit(db, {
    by: byCaller(call, user.id),
    action: 'sign-in.vouched',
    subject: { kind: 'user', id: user.id },
    facts: { audience: ACCOUNT_AUDIENCE, application: vouched.audience, session: source.id },
  })
  return browser
}
