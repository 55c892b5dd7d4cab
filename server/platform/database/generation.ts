import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Queries } from './database.ts'
import { sql } from './sql.ts'

/**
 * What a process knows, for others that want to rely on it: it stands at the end of the name that each beats under, and a
 * release that has none is of the first. Raised when something begins to hold only once every process knows of it.
 */
const GENERATION = 2
/** Seven missed beats. */
const LIVE_MS = 15_000

/** Of one process: many containers have the same name and number. */
export const beatNameOf = (name: string): string =>
  `${name} @${hostname()} ${randomBytes(4).toString('hex')} g${GENERATION}`

/** How many processes whose names begin so are of a release before this one, and run. */
export async function countOlder(db: Queries, name: string): Promise<number> {
  const { total } = await db.one<{ total: number }>(sql`
    select count(*)::int as total
      from platform.heartbeat
     where starts_with(process, ${name})
       and at > clock_timestamp() - ${LIVE_MS}::int * interval '1 millisecond'
       and coalesce(substring(process from ' g([0-9]{1,6})$')::int, 1) < ${GENERATION}::int`)
  return total
}
