import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import { refuse } from './refusals.ts'

export { type Identity, type OpenIdentityOptions, openIdentity } from './identity.ts'
export type { Delivery, Message } from './mailer.ts'

/** Every way in which it says no, for the documentation. */
export const refusals = refuse.listed

export const migrations: MigrationSource = {
  schema: 'identity',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
