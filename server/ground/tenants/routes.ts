import type { Queries } from '../../platform/database/index.ts'
import type { Guard, Route } from '../../platform/http/index.ts'
import type { Scope } from '../environment/index.ts'
import { membershipRoutes } from './memberships/routes.ts'
import type { Tenants } from './open-tenants.ts'
import { organizationRoutes } from './organizations/routes.ts'

/** What a person is called; asked of whoever knows people. Those who are not there are left out. */
export type People = (
  db: Queries,
  ids: readonly string[],
) => Promise<Map<string, { email: string | null; name: string | null }>>

export interface TenantsRoutesOptions {
  tenants: Tenants
  staff(scope: Scope): Guard
  /** The person about their own, or staff about everybody: told apart by `actor.isStaff`. */
  personOrStaff(scope: Scope): Guard
  people: People
  /** Live sessions that act on behalf of each, up to a bound. */
  countLiveSessions(db: Queries, organizationIds: readonly string[]): Promise<Map<string, number>>
}

/** The HTTP face of organisations and memberships. */
export const tenantsRoutes = (options: TenantsRoutesOptions): Route[] => [
  ...organizationRoutes(options),
  ...membershipRoutes(options),
]
