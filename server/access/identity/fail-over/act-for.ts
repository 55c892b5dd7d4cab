import type { Queries } from '../../../platform/database/index.ts'
import type { ActingAsked } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import { BY_RECOVERY_CODE } from '../passkeys/strongest.ts'
import { passkeysOf } from '../passkeys/queries.ts'
import { factsOf, refusalOf } from './decide-entry.ts'
import { type Came, mayEnter, needsFacts } from './may-enter.ts'
import * as queries from './queries.ts'

/**
 * Whether a session may act for an organisation, judged as its sign-in was: a person is not let into a stricter one by way of
 * a laxer one. A session of fail-over reaches what its own provider's fail-over opens, and no other's.
 */
export async function assertMayActFor(
  parts: Parts,
  db: Queries,
  { session, organizationId }: ActingAsked,
): Promise<void> {
  // Support sees what the person sees, and proved who it is elsewhere.
  if (session.impersonator || session.organization_id === organizationId) return
  const [kept] = await queries.policiesOf(db, [organizationId])
  if (!kept) return
  const belongings = [{ organizationId, policy: kept.policy }]
  const came = await cameIn(db, session)
  const isAsked = session.stands_in_for !== null && needsFacts(came, belongings)
  const facts = isAsked ? await factsOf(parts, db, session.user_id, belongings) : undefined
  const entry = mayEnter(came, belongings, facts)
  const isOthers = entry.failOver !== null && entry.failOver.providerId !== session.stands_in_for
  if (entry.isRefused || isOthers) throw refusalOf(parts, entry, belongings)
}

const BY_PASSKEY: ReadonlySet<string> = new Set(['hwk', 'swk'])

/** What the session says of how it was proven last. */
async function cameIn(db: Queries, session: ActingAsked['session']): Promise<Came> {
  const { amr, proven_by: provenBy, stands_in_for: standsInFor } = session
  const acr = session.acr === 'multiple' ? 'multiple' : 'single'
  if (provenBy !== null) return { way: 'provider', acr, provenBy, enrolledByProvider: null }
  const isPasskey = amr.some((method) => BY_PASSKEY.has(method))
  const way = isPasskey ? 'passkey' : amr.includes(BY_RECOVERY_CODE) ? 'recovery' : 'email'
  const isDormant = isPasskey && standsInFor !== null && (await areAllEnrolledBy(db, session.user_id, standsInFor))
  return { way, acr, provenBy, enrolledByProvider: isDormant ? standsInFor : null }
}

/** Which of them it was is not kept: only where it cannot have been another is it taken for one of the provider. */
async function areAllEnrolledBy(db: Queries, userId: string, providerId: string): Promise<boolean> {
  const held = await passkeysOf(db, userId)
  return held.length > 0 && held.every(({ enrolled_by_provider: by }) => by === providerId)
}
