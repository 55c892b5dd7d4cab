import { RESCUE_METHOD } from '../../../../sdk/contract.ts'
import type { HeldBack } from '../../../ground/tenants/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Refusal } from '../../../platform/refusal.ts'
import { type ActingAsked, assertOrdinary } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import { BY_RECOVERY_CODE } from '../passkeys/strongest.ts'
import { enrolledAs } from '../passkeys/passkey.ts'
import { findOwnPasskey } from '../passkeys/queries.ts'
import { refuse } from '../refusals.ts'
import { belongingTo, factsOf, refusalOf } from './decide-entry.ts'
import { type Belonging, type Came, mayEnter, needsFacts } from './may-enter.ts'
import * as queries from './queries.ts'

type Session = ActingAsked['session']
type Proven = Pick<Session, 'amr' | 'acr' | 'proven_by' | 'proven_with' | 'user_id'>

/**
 * Whether a session may act for an organisation, judged as its sign-in was: a person is not let into a stricter one by way of
 * a laxer one. A session of fail-over reaches what its own provider's fail-over opens, and no other's.
 */
export async function assertMayActFor(
  parts: Parts,
  db: Queries,
  { session, organizationId }: ActingAsked,
): Promise<void> {
  if (session.organization_id === organizationId) return
  const kept = await queries.policiesOf(db, [organizationId])
  const refusal = (await refusalsOf(parts, db, session, kept)).get(organizationId)
  if (refusal) throw refusal
}

/**
 * Whose members and invitations a person may not see or change in the session they ask in, by the same rule: else whoever reads
 * the mailbox of an owner would manage a strict organisation through a lax one. The policy of today is asked, also of a session that
 * acts for the organisation since before it was tightened.
 */
export async function heldBackOf(
  parts: Parts,
  db: Queries,
  actor: Parameters<HeldBack>[1],
  organizationIds: readonly string[],
): ReturnType<HeldBack> {
  const kept = await queries.policiesOf(db, organizationIds)
  if (kept.length === 0) return new Map()
  const session = actor.sessionId === null ? undefined : await parts.sessions.find(actor.sessionId, db)
  if (!session) throw refuse('gone')
  // Once more, by the row of this transaction: since the guard looked it may have become one of fail-over.
  if (actor.changes) assertOrdinary(session)
  const asked = kept.filter((each) => !standsThere(session, each.organization_id))
  return refusalsOf(parts, db, session, asked)
}

/** What was let in there in spite of its ordinary ways, by its fail-over or by a rescue, was judged then, and has its own deadline. */
const standsThere = ({ stands_in_for: standsInFor, amr, organization_id: id }: Session, organizationId: string) =>
  id === organizationId && (standsInFor !== null || amr.includes(RESCUE_METHOD))

/** Of the organisations of these policies, those for which the session may not act, each with why. */
async function refusalsOf(
  parts: Parts,
  db: Queries,
  session: Session,
  kept: readonly queries.KeptPolicy[],
): Promise<Map<string, Refusal>> {
  // Support sees what the person sees, and proved who it is elsewhere.
  if (session.impersonator || kept.length === 0) return new Map()
  const memberships = await parts.tenants.membershipsOf(db, session.user_id)
  const joined = new Map(memberships.map((each) => [each.organization_id, each.created_at]))
  const belongings = kept.map((each) =>
    belongingTo(each.organization_id, each, joined.get(each.organization_id) ?? each.demanded_since),
  )
  const came = await cameIn(db, session)
  const isAsked = session.stands_in_for !== null && needsFacts(came, belongings)
  const facts = isAsked ? await factsOf(parts, db, session.user_id, belongings) : undefined
  const refusals = new Map<string, Refusal>()
  for (const each of belongings) {
    const only: Belonging[] = [each]
    const entry = mayEnter(came, only, facts)
    const { failOver } = entry
    const isOthers = failOver !== null && failOver.providerId !== session.stands_in_for
    // It lives as long as the policies of its sign-in allowed; one that was tightened since, or joined, may allow less.
    const isTooLong = failOver !== null && lifeMs(session) > failOver.minutes * 60_000
    if (entry.isRefused || isOthers || isTooLong) refusals.set(each.organizationId, refusalOf(parts, entry, only))
  }
  return refusals
}

const lifeMs = ({ authenticated_at: from, expires_at: until }: Session) => until.getTime() - from.getTime()

const BY_PASSKEY: ReadonlySet<string> = new Set(['hwk', 'swk'])

/** What the session says of how it was proven last. */
export async function cameIn(db: Queries, session: Proven): Promise<Came> {
  const { amr, proven_by: provenBy, proven_with: provenWith } = session
  const acr = session.acr === 'multiple' ? 'multiple' : 'single'
  if (provenBy !== null) return { way: 'provider', acr, provenBy, passkey: null }
  const isPasskey = amr.some((method) => BY_PASSKEY.has(method))
  const way = isPasskey ? 'passkey' : amr.includes(BY_RECOVERY_CODE) ? 'recovery' : 'email'
  // One that was removed since tells nothing any more, and is taken for the least.
  const shown = provenWith === null ? undefined : await findOwnPasskey(db, provenWith, session.user_id)
  return { way, acr, provenBy, passkey: shown ? enrolledAs(shown) : null }
}
