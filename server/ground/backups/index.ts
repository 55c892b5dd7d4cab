import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'

export { type BackupState, openBackupState } from './backup-state.ts'
export {
  findKeys,
  insertRun,
  type KeysRow,
  makeKeysOnce,
  newestDone,
  newestFailed,
  replaceRecipient,
} from './queries.ts'
export { backupRoutes } from './routes.ts'
export { inWords, type Plan, problemsOf, type Run } from './run.ts'

export const migrations: MigrationSource = {
  schema: 'backups',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
