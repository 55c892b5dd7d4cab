import type { Queries } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/id.ts'
import type { By } from '../../audit/index.ts'
import { noOrganization } from '../authority.ts'
import { MEMBERSHIPS_A_PERSON_MAX, type Membership, readRoles } from '../membership.ts'
import { countMember, lockOrganization } from '../organizations/queries.ts'
import { type Parts, tell } from '../parts.ts'
import { refuse } from '../refusals.ts'
import * as queries from './queries.ts'

export interface AddMember {
  organizationId: string
  userId: string
  roles: readonly string[]
  by: By
}

/** Puts a person into an organisation, in the caller's transaction. Whoever calls has seen to it that the person exists. */
export async function addMember(parts: Parts, db: Queries, input: AddMember): Promise<Membership> {
  const { organizationId, userId, by } = input
  const roles = assertRoles(input.roles)
  const organization = await lockOrganization(db, organizationId)
  if (!organization) throw noOrganization(organizationId)
  if (organization.deleted_at) throw refuse('deleting', { id: organizationId })
  if ((await queries.countMembershipsOfUser(db, userId)) >= MEMBERSHIPS_A_PERSON_MAX) {
    throw refuse('too_many_memberships', { max: MEMBERSHIPS_A_PERSON_MAX })
  }

  const now = parts.clock.now()
  const id = newId('mem', now)
  const membership = await queries.insertMembership(db, { id, organizationId, userId, roles, by: by.id, now })
  if (!membership) throw refuse('already_member')
  await countMember(db, organizationId, 1)
  await tell(parts, db, {
    by,
    action: 'membership.created',
    subject: { kind: 'membership', id },
    organizationId,
    facts: { user: userId, roles },
  })
  return membership
}

export function assertRoles(typed: readonly string[]): string[] {
  const roles = readRoles(typed)
  if (!roles) throw refuse('bad_roles')
  return roles
}
