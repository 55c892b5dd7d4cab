import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { deleteSignalsBefore } from './queries.ts'

/** In one statement, so that no lock is held for long. */
const ROWS_MAX = 1000
/** 200 000 in one round: more than 300 a second, round after round. */
const STATEMENTS_MAX = 200

/** Deletes what is older than what is kept. Statistics were made of it long before. */
export async function deleteOldSignals({ db, clock }: { db: Database; clock: Clock }, keptMs: number): Promise<number> {
  const before = new Date(clock.now().getTime() - keptMs)
  let deleted = 0
  for (let count = 0; count < STATEMENTS_MAX; count++) {
    const some = await deleteSignalsBefore(db, before, ROWS_MAX)
    deleted += some
    if (some < ROWS_MAX) break
  }
  return deleted
}
