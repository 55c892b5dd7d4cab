import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import { refuse } from './refusals.ts'

export { ACCOUNT_AUDIENCE, type Application, CONSOLE_AUDIENCE, eventOf } from './application.ts'
export { Brand, CHROMA_MAX, keptBrand, NO_BRAND, readBrand, type ReadBrand } from './brand.ts'
export { type ApplicationDirectory, openApplicationDirectory } from './directory.ts'
export { openApplications } from './open-applications.ts'
export { ORIGIN_LENGTH_MAX, ORIGINS_MAX, readOrigins } from './origins.ts'

/** Every way in which it says no, for the documentation. */
export const refusals = refuse.listed

export const migrations: MigrationSource = {
  schema: 'applications',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
