import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import { refuse } from './refusals.ts'

export type { FlagAsker, ShownToken } from './find-asker.ts'
export { type FlagAskers, openTokens, type OpenTokensOptions, type Tokens } from './open-tokens.ts'

/** Every way in which it says no, for the documentation. */
export const refusals = refuse.listed

export const migrations: MigrationSource = {
  schema: 'tokens',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
