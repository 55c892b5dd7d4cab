import { RESCUE_METHOD, type Session } from '../../../../sdk/contract.ts'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import { mayManage, type Standing } from '../../../ground/tenants/index.ts'
import { DatabaseOutage, type Queries } from '../../../platform/database/index.ts'
import type { Call, CookieChange } from '../../../platform/http/index.ts'
import { sameDigest } from '../../../platform/secret.ts'
import type { Begin } from '../../sessions/index.ts'
import { readCode } from '../break-glass/code.ts'
import type { Email } from '../email.ts'
import { addressBlock } from '../limits/address-block.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import { findUserByEmail, noteSignIn } from '../queries.ts'
import { sessionUser, type User } from '../user.ts'
import { digestOfRescue } from './issue-rescue.ts'
import * as queries from './queries.ts'
import { RESCUED_SESSION_MS, type RescueRow, stateOf } from './rescue.ts'

/** Of whoever has none, so that the same work is done for everybody. */
const NOBODY = 'usr_nobody'

export type RescueUsed =
  | { outcome: 'signed-in'; row: RescueRow; user: User; session: Session; cookies: CookieChange[] }
  /** A wrong code, a used one, one that has run out, no account, no role any more: one answer for all. */
  | { outcome: 'wrong' }

interface Typed {
  email: Email
  code: string
}

/**
 * Signs somebody in by the code of a rescue. The session acts for that one organisation, is marked as one of fail-over, and so
 * changes no method, address, role or policy; it lives for an hour. The code is used up in the transaction that begins it.
 *
 * Attempts are counted, and that is committed, before anything is compared; by network only, for 80 bits cannot be guessed.
 */
export async function useRescueCode(parts: Parts, call: Call, typed: Typed): Promise<RescueUsed> {
  const now = parts.clock.now()
  const hits = [{ limit: limits.breakGlassInBlock, subject: addressBlock(call.address) }]
  parts.limiter.passHere(hits, now)
  await parts.db.transaction((db) => parts.limiter.pass(db, hits, now))

  const audience = call.application ?? ACCOUNT_AUDIENCE
  const met = await compare(parts, typed, { audience, now })
  if (!met) return wrong(parts, call, audience)
  const { user, row } = met
  const isReopened = parts.reopened.take(row.id)
  try {
    const { result, session, cookies } = await parts.sessions.issueWith(call, audience, (db, begin) =>
      enter(parts, db, begin, { call, user, row, isReopened }),
    )
    if (!result || !session) return wrong(parts, call, audience)
    return { outcome: 'signed-in', row, user, session, cookies }
  } catch (error) {
    const mayBeUsedUp = isReopened || (error instanceof DatabaseOutage && error.outcome === 'unknown')
    if (error instanceof DatabaseOutage && mayBeUsedUp) parts.reopened.add(row.id)
    throw error
  }
}

async function compare(
  parts: Parts,
  { email, code }: Typed,
  { audience, now }: { audience: string; now: Date },
): Promise<{ user: User; row: RescueRow } | undefined> {
  const user = await findUserByEmail(parts.db, email.key)
  const row = await queries.newestOf(parts.db, user?.id ?? NOBODY)
  const digest = digestOfRescue(parts.secret, user?.id ?? NOBODY, code)
  const isRight = sameDigest(row?.digest ?? Buffer.alloc(digest.length), digest)
  if (!user || !row || !isRight || readCode(code) === undefined || row.audience !== audience) return undefined
  const state = stateOf(row, now)
  return state === 'waiting' || (state === 'used' && parts.reopened.has(row.id)) ? { user, row } : undefined
}

interface Entering {
  call: Call
  user: User
  row: RescueRow
  isReopened: boolean
}

/** Undefined: it was used at this very moment, withdrawn, or the person has no say there any more. */
async function enter(parts: Parts, db: Queries, begin: Begin, entering: Entering): Promise<true | undefined> {
  const { call, user, row, isReopened } = entering
  const { organization_id: organizationId } = row
  const now = parts.clock.now()
  const standing: Standing | null = await parts.tenants.standingIn(db, organizationId, user.id)
  if (!standing || !mayManage(standing.roles)) return undefined
  if (!(await queries.useRescue(db, { id: row.id, isReopened }, now))) return undefined
  await noteSignIn(db, user.id, now)
  const { id: sessionId } = await begin({
    user: sessionUser(user),
    amr: ['otp', RESCUE_METHOD],
    acr: 'single',
    organization: async () => standing,
    mayActFor: (id) => id === organizationId,
    // No provider: none can lift it, and none can be waited for.
    standsInFor: row.id,
    lifeMs: RESCUED_SESSION_MS,
  })
  await queries.keepSession(db, row.id, sessionId)
  const subject = { kind: 'user', id: user.id }
  const facts = { rescue: row.id, session: sessionId }
  await parts.audit(db, { by: byCaller(call, user.id), action: 'rescue.used', subject, organizationId, facts })
  await parts.signal(db, {
    kind: 'rescue.used',
    subject: row.id,
    facts: { user: user.id, organization: organizationId },
  })
  const counted = { method: 'rescue', organization_id: organizationId }
  await parts.signal(db, { kind: 'sign-in.succeeded', subject: user.id, facts: counted })
  return true
}

async function wrong(parts: Parts, call: Call, audience: string): Promise<RescueUsed> {
  const facts = { method: 'rescue', reason: 'wrong_rescue_code', audience }
  await parts.db.transaction(async (db) => {
    await parts.signal(db, { kind: 'sign-in.failed', subject: 'rescue', facts })
    // Nobody is known: whoever types a wrong code is not said to be the person whose address it is.
    const subject = { kind: 'rescue', id: 'rescue' }
    await parts.audit(db, { by: byCaller(call), action: 'sign-in.failed', subject, facts })
  })
  return { outcome: 'wrong' }
}
