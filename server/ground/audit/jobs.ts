import type { Clock } from '../../platform/clock.ts'
import type { DatabaseServer } from '../../platform/database/index.ts'
import { type RunningJobs, startJobs } from '../../platform/jobs.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import type { Audit } from './entry.ts'
import { erasePersonalBefore } from './keeping/erase-personal.ts'
import { retainEntries } from './keeping/retain.ts'
import { sealEntries } from './seal/seal-entries.ts'

export interface AuditJobsOptions {
  database: DatabaseServer
  clock: Clock
  log: Logger
  secret: Secret
  audit: Audit
  /** HOLDFAST_AUDIT_RETENTION. */
  keptMs: number
  /** HOLDFAST_AUDIT_ADDRESSES_KEPT. */
  addressesKeptMs: number
}

const SEAL_EVERY_MS = 10_000
const HOUR_MS = 60 * 60_000

/** What runs by itself. */
export function startAuditJobs(options: AuditJobsOptions): RunningJobs {
  const { database, clock, secret, audit, keptMs, addressesKeptMs } = options
  const parts = { db: database.database('background'), clock, secret, audit }
  const before = (ms: number) => new Date(clock.now().getTime() - ms)
  return startJobs(
    [
      { name: 'seal the audit', everyMs: SEAL_EVERY_MS, run: () => sealEntries(parts) },
      {
        name: 'erase old addresses in the audit',
        everyMs: HOUR_MS,
        run: () => erasePersonalBefore(parts.db, before(addressesKeptMs)),
      },
      { name: 'delete the oldest of the audit', everyMs: 6 * HOUR_MS, run: () => retainEntries(parts, keptMs) },
    ],
    options,
  )
}
