import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import { refuse } from './refusals.ts'

export type { Changed } from './changing/change-flags.ts'
export type { ChangeRow, Deed, Entry, EntryKind, FlagNumber, Kept } from './entry.ts'
export type { FleetMember } from './fleet/fleet.ts'
export type { Current } from './following/served.ts'
export type { Standing } from './following/standing.ts'
export { type Flags, type OpenFlagsOptions, openFlags, type Verbs } from './open-flags.ts'
export { type Management, managementRoutes } from './manage/index.ts'
export { type Ofrep, type OfrepOptions, ofrepRefusals, openOfrep } from './ofrep/index.ts'
export type { Reads } from './reading/reads.ts'
export type { Exported, Restored } from './verbs/replace-state.ts'

/** Every way in which it says no, for the documentation. */
export const refusals = refuse.listed

export const migrations: MigrationSource = {
  schema: 'flags',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
