import type { Queries } from '../../../platform/database/index.ts'
import type { By } from '../../audit/index.ts'
import { type Asker, assertMay } from '../authority.ts'
import { isOwner, type Membership, sameRoles } from '../membership.ts'
import { lockOrganization } from '../organizations/queries.ts'
import { type Parts, tell } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { assertRoles } from './add-member.ts'
import { reachable } from './reach-membership.ts'
import * as queries from './queries.ts'

export interface ChangeRoles {
  id: string
  roles: readonly string[]
  actor: Asker['actor']
  by: By
}

/** Makes somebody something else. Their live sessions follow within a second, their proofs within five minutes. */
export async function changeRoles(parts: Parts, db: Queries, input: ChangeRoles): Promise<Membership> {
  const { actor, by } = input
  const roles = assertRoles(input.roles)
  const { membership, asker } = await reachable(parts, db, input.id, actor)
  const { organization_id: organizationId, user_id: userId, roles: target } = membership
  assertMay(asker, { to: 'change roles', userId, target, roles }, organizationId)
  if (sameRoles(target, roles)) return membership
  if (isOwner(target) && !isOwner(roles)) await assertNotLastOwner(db, organizationId)

  const changed = await queries.setRoles(db, membership.id, roles)
  await tell(parts, db, {
    by,
    action: 'membership.roles-changed',
    subject: { kind: 'membership', id: membership.id },
    organizationId,
    facts: { user: userId, from: target, to: roles },
    followedBy: userId,
  })
  return changed
}

/** Under the organisation's lock: of two owners who leave at once, the second is the last. */
export async function assertNotLastOwner(db: Queries, organizationId: string): Promise<void> {
  const organization = await lockOrganization(db, organizationId)
  if (organization && (await queries.countOwners(db, organizationId)) < 2) throw refuse('last_owner')
}
