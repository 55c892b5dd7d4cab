import type { Clock } from '../../platform/clock.ts'
import type { Database, DatabaseServer, Queries } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import type { Audit, By } from '../audit/index.ts'
import type { Signal } from '../signals/index.ts'
import type { HeldBack } from './authority.ts'
import { appendChange } from './changes/queries.ts'

/** What the verbs of this feature stand in. */
export interface Parts {
  /** What people wait for. */
  db: Database
  /** What runs by itself. */
  background: Database
  database: Pick<DatabaseServer, 'isAway' | 'onChange'>
  clock: Clock
  log: Logger
  secret: Secret
  signal: Signal
  audit: Audit
  /** Asked of everybody who is in an organisation, and not of staff. */
  heldBack: HeldBack
  /** How long a deletion can be undone. */
  deletionGraceMs: number
}

/** Tells what was done to whom in the transaction that does it: the audit, the signal, and the log that sessions follow. */
export async function tell(
  parts: Parts,
  db: Queries,
  told: {
    by: By
    action: string
    subject: { kind: 'organization' | 'membership'; id: string }
    organizationId: string
    facts?: Record<string, unknown>
    /** Whose sessions follow; null: everybody's in the organisation. */
    followedBy?: string | null
  },
): Promise<void> {
  const { by, action, subject, organizationId, facts = {}, followedBy } = told
  await parts.audit(db, { by, action, subject, organizationId, facts })
  await parts.signal(db, { kind: action, subject: subject.id, facts: { ...facts, by: by.id } })
  if (followedBy === undefined) return
  await appendChange(db, { organizationId, userId: followedBy, at: parts.clock.now() })
}
