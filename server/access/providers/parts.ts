import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import type { Audit } from '../../ground/audit/index.ts'
import type { Signal } from '../../ground/signals/index.ts'
import type { Documents } from './documents/index.ts'
import type { Egress } from './egress/index.ts'
import type { NoteEvidence } from './evidence.ts'
import type { KnownProviders } from './settings/known-providers.ts'

/** What the verbs of this feature are handed. Seen by nobody else. */
export interface Parts {
  /** What people wait for, and what runs by itself. */
  db: Database
  background: Database
  clock: Clock
  log: Logger
  secret: Secret
  /** Where callbacks of a provider come to, and of no other. */
  callbackUrl(providerId: string): string
  egress: Egress
  known: KnownProviders
  documents: Documents
  noteEvidence: NoteEvidence
  audit: Audit
  signal: Signal
}
