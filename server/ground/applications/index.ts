import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'

export { ACCOUNT_AUDIENCE, type Application, CONSOLE_AUDIENCE } from './application.ts'
export { type ApplicationDirectory, openApplicationDirectory } from './directory.ts'

export const migrations: MigrationSource = {
  schema: 'applications',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
