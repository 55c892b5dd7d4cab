import type { ProofCache } from '../../../sdk/verify.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, DatabaseServer, Queries, SharedClock } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { Audit } from '../../ground/audit/index.ts'
import type { Signal } from '../../ground/signals/index.ts'
import type { KeyRing } from './key-ring.ts'
import type { KnownSessions } from './known-sessions.ts'
import type { LastSeen } from './last-seen.ts'
import type { PendingEnds } from './pending-ends.ts'
import type { HandleRow } from './queries.ts'
import type { RecognisedJars } from './recognised-jars.ts'
import type { RevocationLog } from './revocation-log.ts'
import type { SessionRow } from './session.ts'
import type { SharedSessions } from './shared-cache/shared-sessions.ts'
import type { VerdictCounts } from './verifiers/verdict-counts.ts'

/** On whose behalf a session wants to act. */
export interface ActingAsked {
  session: SessionRow
  organizationId: string
}

/** What the verbs of this feature stand in: the parts that live as long as the process. Seen by nobody else. */
export interface House {
  database: Pick<DatabaseServer, 'isAway' | 'onChange'>
  /** What people wait for. */
  db: Database
  /** What runs by itself. */
  background: Database
  clock: Clock
  /** What decides for all processes goes by it. */
  sharedNow: SharedClock
  log: Logger
  signal: Signal
  audit: Audit
  issuer: string
  idleMs: number
  lifeMs: number
  /** Asked in the transaction that issues: refuses whoever may hold no session. */
  admit: ((db: Queries, userId: string) => Promise<void>) | undefined
  /** Asked in the transaction that switches: refuses an organisation that does not take the way in which the session began. */
  mayActFor: ((db: Queries, asked: ActingAsked) => Promise<void>) | undefined
  keys: KeyRing
  known: KnownSessions
  /** What the other processes read; undefined: there is no cache. */
  shared: SharedSessions | undefined
  lastSeen: LastSeen
  revocations: RevocationLog
  pendingEnds: PendingEnds
  /** What this process answers, for whoever asks later why. */
  verdicts: VerdictCounts
  /** For how long ended sessions are kept. */
  retentionMs: number
  /** Each proof's signature is looked at once. */
  proofs: ProofCache
  /** Each browser's cookies are taken apart once. */
  jars: RecognisedJars
  lookUp(key: string): Promise<HandleRow | undefined>
}
