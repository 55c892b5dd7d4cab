import type { Queries } from '../../../platform/database/index.ts'
import type { By } from '../../audit/index.ts'
import { type Asker, assertMay } from '../authority.ts'
import { isOwner, MEMBERSHIPS_A_PERSON_MAX } from '../membership.ts'
import { countMember, lockOrganization } from '../organizations/queries.ts'
import { type Parts, tell } from '../parts.ts'
import { assertNotLastOwner } from './change-roles.ts'
import { reachable } from './reach-membership.ts'
import * as queries from './queries.ts'

/** Takes somebody out of an organisation, or lets them leave it. Their sessions live on, without it. */
export async function removeMember(
  parts: Parts,
  db: Queries,
  { id, actor, by }: { id: string; actor: Asker['actor']; by: By },
): Promise<void> {
  const { membership, asker } = await reachable(parts, db, id, actor)
  const { organization_id: organizationId, user_id: userId, roles } = membership
  assertMay(asker, { to: 'remove', userId, target: roles }, organizationId)
  if (isOwner(roles)) await assertNotLastOwner(db, organizationId)
  await take(parts, db, { membership, by })
}

/**
 * For whoever deletes a person for good, in that transaction. Even the last owner goes: an organisation without one is
 * found by its signal, and staff can make another.
 */
export async function removePerson(parts: Parts, db: Queries, { userId, by }: { userId: string; by: By }) {
  const filter = { organizationId: undefined, userId, beforeId: undefined, limit: MEMBERSHIPS_A_PERSON_MAX }
  const memberships = await queries.listMemberships(db, filter)
  // In one order for everybody, or two of these could wait for each other.
  for (const membership of memberships.toSorted((one, other) =>
    one.organization_id < other.organization_id ? -1 : 1,
  )) {
    await lockOrganization(db, membership.organization_id)
    await take(parts, db, { membership, by })
    const isOrphaned = isOwner(membership.roles) && (await queries.countOwners(db, membership.organization_id)) === 0
    if (isOrphaned) await parts.signal(db, { kind: 'organization.without-owner', subject: membership.organization_id })
  }
}

async function take(
  parts: Parts,
  db: Queries,
  { membership, by }: { membership: { id: string; organization_id: string; user_id: string }; by: By },
): Promise<void> {
  const { id, organization_id: organizationId, user_id: userId } = membership
  await queries.deleteMembership(db, id)
  await countMember(db, organizationId, -1)
  await tell(parts, db, {
    by,
    action: 'membership.deleted',
    subject: { kind: 'membership', id },
    organizationId,
    facts: { user: userId },
    followedBy: userId,
  })
}
