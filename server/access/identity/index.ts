import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import { refuse } from './refusals.ts'

export { admitUser } from './accounts/admission.ts'
export type { Exporter, People } from './accounts/people.ts'
export {
  type Eraser,
  type LinkTombstone,
  type PasskeyTombstone,
  reapplyTombstones,
  type RemovalsMark,
  type Tombstone,
  TOMBSTONES_FILE,
} from './accounts/tombstones.ts'
export { listSets as listBreakGlassSets } from './break-glass/queries.ts'
export { type PrintedHere, printBreakGlassCodes } from './break-glass/print-here.ts'
export { type ExerciseStanding, standingOfExercises } from './fail-over/exercise/standing.ts'
export { type Identity, type OpenIdentityOptions, openIdentity } from './identity.ts'
export { unlinkAgain } from './federation/queries.ts'
export { canHavePasskeys } from './passkeys/here.ts'
export { removeAgain as removePasskeysAgain } from './passkeys/queries.ts'
export { anotherParty, assertRelyingParty, madeForAnother } from './passkeys/relying-party.ts'
export { signInPolicy } from './policy.ts'
export type { Delivery, Message } from './mailer.ts'

/** Every way in which it says no, for the documentation. */
export const refusals = refuse.listed

export const migrations: MigrationSource = {
  schema: 'identity',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
