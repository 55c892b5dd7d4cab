import type { Audit } from '../../ground/audit/index.ts'
import type { Stamp } from '../../ground/environment/index.ts'
import type { Signal } from '../../ground/signals/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, DatabaseServer } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { KeyRing } from './following/key-ring.ts'
import type { Served } from './following/served.ts'
import type { Rewrites } from './rewrites/find-rewrites.ts'

/** What the verbs of this feature are handed, and what lives as long as the process. */
export interface Parts {
  database: Pick<DatabaseServer, 'isAway' | 'onChange'>
  /** What people wait for. */
  db: Database
  /** What runs by itself, and every change: a set of thousands is written in more than a second. */
  background: Database
  clock: Clock
  log: Logger
  secret: Secret
  signal: Signal
  audit: Audit
  environment: string
  stamp(): Stamp | undefined
  /** Whether this database is the one that the installation was made with. */
  isOriginal(): Promise<boolean>
  served: Served
  rewrites: Rewrites
  keys: KeyRing
  fleet: Fleet
}
