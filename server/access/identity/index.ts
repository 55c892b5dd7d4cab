import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'

export { type Identity, type OpenIdentityOptions, openIdentity } from './identity.ts'
export type { Delivery, Message } from './mailer.ts'

export const migrations: MigrationSource = {
  schema: 'identity',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
