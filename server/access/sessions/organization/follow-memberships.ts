import type { Queries } from '../../../platform/database/index.ts'
import type { House } from '../house.ts'
import { clearOrganization, clearOrganizationOf, SESSIONS_AT_ONCE, setRoles } from './queries.ts'
import type { Standing } from './switch-organization.ts'

/** Three quarters of a million sessions of one organisation; what is left is taken up by the next change. */
const PORTIONS_MAX = 400

/**
 * A person is something else in an organisation now, or nothing (null): their live sessions that act on its behalf
 * follow. Runs in the transaction that read the standing, as often as one likes. Nobody is signed out by it.
 */
export async function followMember(
  db: Queries,
  change: { userId: string; organizationId: string; standing: Standing | null },
): Promise<void> {
  const { userId, organizationId, standing } = change
  if (standing === null) await clearOrganizationOf(db, userId, organizationId)
  else await setRoles(db, { userId, organizationId, roles: standing.roles })
}

/** An organisation is going or gone: every live session goes on without it, in portions. */
export async function leaveOrganization(house: House, organizationId: string): Promise<void> {
  for (let portion = 0; portion < PORTIONS_MAX; portion++) {
    const touched = await house.background.transaction((db) => clearOrganization(db, organizationId))
    if (touched < SESSIONS_AT_ONCE) return
  }
}

/** What is in memory of these people and organisations is read anew. One pass, however many they are. */
export function forgetMembers(
  house: House,
  { userIds, organizationIds }: { userIds: ReadonlySet<string>; organizationIds: ReadonlySet<string> },
): void {
  house.known.forgetWhere(
    ({ user_id, organization_id }) =>
      userIds.has(user_id) || (organization_id !== null && organizationIds.has(organization_id)),
  )
}
