import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import { refuse } from './staff/refusals.ts'

export { type Administrators, openAdministrators } from './administrators.ts'
export { allScopes, isScope, type Scope, type StaffRole, scopes, staffRoles } from './scopes.ts'
export { environmentJobs } from './jobs.ts'
export { isOriginalStore } from './is-original-store.ts'
export { checkStore, prepareStore, readKeptStamp } from './prepare-store.ts'
export {
  addEnrolment,
  grantAdministrator,
  hasAdministrator,
  isEnrolmentOpen,
  listStaff,
  type StaffRow,
  useEnrolment,
} from './queries.ts'
export { findStaff, lockStaff, removeStaff } from './staff/queries.ts'
export { type StaffPerson, staffRoutes } from './staff/routes.ts'
export { assertOurs, type Stamp, StampRefused } from './stamp.ts'

/** Every way in which it says no, for the documentation. */
export const refusals = refuse.listed

export const migrations: MigrationSource = {
  schema: 'environment',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
