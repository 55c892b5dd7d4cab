import type { ApplicationDirectory } from '../../ground/applications/index.ts'
import type { Administrators } from '../../ground/environment/index.ts'
import type { Audit } from '../../ground/audit/index.ts'
import type { Signal } from '../../ground/signals/index.ts'
import type { Tenants } from '../../ground/tenants/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, DatabaseServer, SharedClock } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { MailExchangers } from '../../platform/mail-exchangers.ts'
import type { Secret } from '../../platform/secret.ts'
import type { Providers } from '../providers/index.ts'
import type { Sessions } from '../sessions/index.ts'
import type { People } from './accounts/people.ts'
import type { Limiter } from './limits/limiter.ts'
import type { Mailer } from './mailer.ts'
import type { Reopened } from './reopened.ts'

export interface IdentityConfig {
  /** HOLDFAST_URL. */
  url: string
  /** HOLDFAST_RP_ID: whom passkeys are made for. */
  relyingPartyId: string
  environment: string
  signUp: 'open' | 'closed'
  /** Whether people are told by mail that support acts in their name; they are unless this is false. */
  tellsImpersonation?: boolean
  /** Mails of sign-in a second. */
  mailRate: number
  /** How long a deletion can be undone. */
  deletionGraceMs: number
}

/** What the feature stands on. */
export interface Surroundings {
  /** What people wait for. */
  db: Database
  /** What runs by itself. */
  background: Database
  /** What the fall-back is kept for: used by nothing else. */
  fallback: Database
  /** Whether sign-in can be offered at all, and since when not. */
  database: Pick<DatabaseServer, 'health' | 'isAway' | 'onChange'>
  clock: Clock
  /** What decides for all processes goes by it; left out: the database's. */
  sharedNow?: SharedClock
  log: Logger
  secret: Secret
  config: IdentityConfig
  sessions: Sessions
  applications: ApplicationDirectory
  administrators: Administrators
  tenants: Tenants
  /** Who vouches for people elsewhere. */
  providers: Providers
  /** Who takes mail for a domain; left out: DNS is asked. */
  mailExchangers?: MailExchangers
  /** What other features know and hold of people. */
  people: People
  /** Where this process keeps its tombstones. */
  folder: string
  /** Where the development sink puts mail; null: there is none, or mail really goes out. */
  mailFolder: string | null
}

/** What the verbs of this feature are handed: the parts that live as long as the process. Seen by nobody else. */
export interface Parts extends Surroundings {
  sharedNow: SharedClock
  signal: Signal
  audit: Audit
  limiter: Limiter
  mailer: Mailer
  reopened: Reopened
}
