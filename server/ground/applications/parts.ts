import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import type { Audit } from '../audit/index.ts'
import type { ApplicationDirectory } from './directory.ts'

export interface Surroundings {
  /** What people wait for. */
  db: Database
  /** What runs by itself. */
  background: Database
  clock: Clock
  log: Logger
  secret: Secret
  environment: string
  /** HOLDFAST_URL: no application may be there. */
  url: string
  directory: ApplicationDirectory
  /** Of each application: how many live, capped at what `LIVE_SESSIONS_MAX` of sessions says. */
  countLive(audiences: readonly string[]): Promise<Map<string, number>>
  /** Ends the sessions of an application that was deleted; may be asked more than once. */
  endSessionsOf(deletion: { audience: string; by: string }): Promise<unknown>
}

/** What the verbs of this feature are handed. Seen by nobody else. */
export interface Parts extends Surroundings {
  audit: Audit
}
