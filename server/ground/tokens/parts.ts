import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Secret } from '../../platform/secret.ts'
import type { Audit } from '../audit/index.ts'
import type { Scope } from '../environment/index.ts'
import type { Signal } from '../signals/index.ts'
import type { StandingTokens } from './standing-tokens.ts'
import type { KnownTokens } from './known-tokens.ts'
import type { Refused } from './refused.ts'

/** What the verbs of this feature are handed. Seen by nobody else. */
export interface Parts {
  /** What people and programs wait for. */
  db: Database
  /** What runs by itself. */
  background: Database
  clock: Clock
  secret: Secret
  environment: string
  /** What staff may do, by their role. */
  scopesOf(userId: string): ReadonlySet<Scope>
  audit: Audit
  signal: Signal
  known: KnownTokens
  standing: StandingTokens
  refused: Refused
  /** Sights that are not written yet. */
  used: Map<string, Date>
}
