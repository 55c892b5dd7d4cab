import type { Clock } from '../../platform/clock.ts'
import type { DatabaseServer } from '../../platform/database/index.ts'
import { type RunningJobs, startJobs } from '../../platform/jobs.ts'
import type { Logger } from '../../platform/log.ts'
import { deleteOldSignals } from './delete-old-signals.ts'

const EVERY_MS = 10 * 60_000

/** What runs by itself. */
export function startSignalJobs(options: {
  database: DatabaseServer
  clock: Clock
  log: Logger
  /** HOLDFAST_SIGNAL_RETENTION. */
  keptMs: number
}): RunningJobs {
  const { database, clock, keptMs } = options
  const db = database.database('background')
  return startJobs(
    [{ name: 'delete old signals', everyMs: EVERY_MS, run: () => deleteOldSignals({ db, clock }, keptMs) }],
    options,
  )
}
