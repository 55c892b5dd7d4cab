import type { Identity } from './access/identity/index.ts'
import type { Flags, Ofrep } from './access/flags/index.ts'
import type { openLockers } from './access/lockers/index.ts'
import type { Providers } from './access/providers/index.ts'
import type { Sessions } from './access/sessions/index.ts'
import type { Config, Origin } from './config.ts'
import type { ApplicationDirectory, openApplications } from './ground/applications/index.ts'
import type { BackupState } from './ground/backups/index.ts'
import type { Delivery } from './ground/delivery/index.ts'
import type { Administrators, Stamp } from './ground/environment/index.ts'
import type { Tenants } from './ground/tenants/index.ts'
import type { Tokens } from './ground/tokens/index.ts'
import type { Cache } from './platform/cache/index.ts'
import type { Clock } from './platform/clock.ts'
import type { Database, DatabaseServer } from './platform/database/index.ts'
import type { Logger } from './platform/log.ts'
import type { Secret } from './platform/secret.ts'

/** Everything that was started, as the parts of the wiring hand it to each other. */
export interface Features {
  /** Which of the access processes of this machine it is; 1 when it is the only one. */
  process: number
  config: Config
  clock: Clock
  log: Logger
  secret: Secret
  database: DatabaseServer
  background: Database
  /** Undefined: none is set. */
  cache: Cache | undefined
  administrators: Administrators
  directory: ApplicationDirectory
  applications: ReturnType<typeof openApplications>
  delivery: Delivery
  backups: BackupState
  tokens: Tokens
  tenants: Tenants
  sessions: Sessions
  providers: Providers
  identity: Identity
  lockers: ReturnType<typeof openLockers>
  flags: Flags
  ofrep: Ofrep
  /** Undefined until a store was seen, now or at an earlier start. */
  stamp(): Stamp | undefined
  startedAt: Date
  /** What is in force, passwords masked. */
  settings: readonly Origin[]
  /** What is done once the store is ours: keys, revocations, administrators, the first link. */
  arrival: Arrival
}

export interface Arrival {
  /** Since when it has been tried in vain; null: it was done, or is still under way for the first time. */
  failsSince: Date | null
}
