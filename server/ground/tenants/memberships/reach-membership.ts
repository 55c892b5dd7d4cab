import type { Queries } from '../../../platform/database/index.ts'
import { type Asker, judge } from '../authority.ts'
import type { Membership } from '../membership.ts'
import { lockOrganization } from '../organizations/queries.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import * as queries from './queries.ts'

/**
 * Who asks, with what they are in that organisation. The one way to an answer, so that no verb forgets: whoever is in it, in a
 * session that it does not take, is told so and gets no further.
 */
export async function askerIn(
  { heldBack }: Pick<Parts, 'heldBack'>,
  db: Queries,
  organizationId: string,
  actor: Asker['actor'],
): Promise<Asker> {
  if (actor.isStaff) return { actor, roles: null }
  const own = await queries.membershipOf(db, organizationId, actor.id)
  if (!own) return { actor, roles: null }
  const refusal = (await heldBack(db, actor, [organizationId])).get(organizationId)
  if (refusal) throw refusal
  return { actor, roles: own.roles }
}

/** A membership and who asks for it, both as they are under the organisation's lock. A stranger's and none at all are the same. */
export async function reachable(
  parts: Pick<Parts, 'heldBack'>,
  db: Queries,
  id: string,
  actor: Asker['actor'],
): Promise<{ membership: Membership; asker: Asker }> {
  const seen = await queries.findMembership(db, id)
  if (seen) await lockOrganization(db, seen.organization_id)
  const membership = seen && (await queries.findMembership(db, id))
  if (!membership) throw noMembership(id)
  const asker = await askerIn(parts, db, membership.organization_id, actor)
  if (judge(asker, { to: 'read' }) !== 'allowed') throw noMembership(id)
  return { membership, asker }
}

export const noMembership = (id: string) => refuse('no_membership', { id: id.replace(/[^\w]/g, '').slice(0, 64) })
