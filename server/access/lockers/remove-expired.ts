import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import * as queries from './queries.ts'

const PORTION = 1000
/** With a round each ten seconds that is two thousand a second, four times what filled ClickFunnels' store. */
const PORTIONS_MAX = 20

/** Takes away what has run out, in portions that nobody has to wait for; answers how many. */
export async function removeExpired({ db, clock }: { db: Database; clock: Clock }): Promise<number> {
  let removed = 0
  for (let portion = 0; portion < PORTIONS_MAX; portion++) {
    const count = await queries.removeExpired(db, clock.now(), PORTION)
    removed += count
    if (count < PORTION) break
  }
  return removed
}
