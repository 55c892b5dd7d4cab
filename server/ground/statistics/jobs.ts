import type { DatabaseServer } from '../../platform/database/index.ts'
import { type RunningJobs, startJobs } from '../../platform/jobs.ts'
import type { Logger } from '../../platform/log.ts'
import { steps } from './bucket.ts'
import { type CountParts, countSignals } from './count-signals.ts'
import { deleteOldBuckets } from './queries.ts'

const COUNT_EVERY_MS = 10_000
const DELETE_EVERY_MS = 60 * 60_000
/** In one statement, so that no lock is held for long. */
const ROWS_MAX = 5000
const STATEMENTS_MAX = 100

/** What runs by itself. */
export function startStatisticsJobs(parts: CountParts & { database: DatabaseServer; log: Logger }): RunningJobs {
  return startJobs(
    [
      { name: 'count signals', everyMs: COUNT_EVERY_MS, run: () => countSignals(parts) },
      { name: 'delete old statistics', everyMs: DELETE_EVERY_MS, run: () => deleteOld(parts) },
    ],
    parts,
  )
}

async function deleteOld({ db, clock }: CountParts): Promise<void> {
  for (const { seconds, keptMs } of steps) {
    const before = new Date(clock.now().getTime() - keptMs)
    for (let count = 0; count < STATEMENTS_MAX; count++) {
      if ((await deleteOldBuckets(db, seconds, before, ROWS_MAX)) < ROWS_MAX) break
    }
  }
}
