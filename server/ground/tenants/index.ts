import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import { refuse } from './refusals.ts'

export { type Asker, type HeldBack, type Verdict, judge, type Wish } from './authority.ts'
export { ADMIN, isOwner, MEMBER, type Membership, mayManage, OWNER, readRoles, type Standing } from './membership.ts'
export { purgeOrganizations } from './organizations/purge-organizations.ts'
export { type OpenTenantsOptions, openTenants, type Tenants } from './open-tenants.ts'
export type { Organization } from './organization.ts'
export { type People, tenantsRoutes } from './routes.ts'

/** Every way in which it says no, for the documentation. */
export const refusals = refuse.listed

export const migrations: MigrationSource = {
  schema: 'tenants',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
