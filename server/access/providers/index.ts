import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import { refuse } from './refusals.ts'

export type { EvidenceSeen, NoteEvidence } from './evidence.ts'
export type { Departure, Exchanged, OpenProvidersOptions, Preflight, Providers } from './open-providers.ts'
export { issuersOf } from './documents/index.ts'
export { openProviders } from './open-providers.ts'
export { type Preset, type ProvenIdentity, type Provider, presets } from './provider.ts'
export { withoutProviders } from './without-providers.ts'
export {
  type Condition,
  isOpen,
  openedAt,
  type ProviderState,
  providerStates,
  type Verdict,
  type Why,
} from './verdict.ts'

/** Every way in which it says no, for the documentation. */
export const refusals = refuse.listed

export const migrations: MigrationSource = {
  schema: 'providers',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
