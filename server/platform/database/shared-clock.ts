import type { Queries } from './database.ts'
import { sql } from './sql.ts'

/**
 * What time it is for all processes of an installation, asked in the transaction that it decides something in: whose machine
 * is a day ahead, or behind, is not to decide for all. A test hands in its own, as it does a clock.
 */
export type SharedClock = (db: Queries) => Promise<Date>

/** The database's, at this moment: `now()` would be when the transaction began. */
export const databaseNow: SharedClock = async (db) => {
  const { now } = await db.one<{ now: Date }>(sql`select clock_timestamp() as now`)
  return now
}
