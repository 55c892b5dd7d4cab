import type { DeadlineEvent } from '../../../../sdk/contract.ts'
import type { Database, Queries } from '../../../platform/database/index.ts'
import { forgetAt } from '../end-session.ts'
import type { House } from '../house.ts'
import * as queries from './queries.ts'

export interface PutDeadline {
  /** The provider that is back, or down again. */
  standsInFor: string
  /** By when they have to have been proven there; null: what was put is lifted, for the provider is down again. */
  at: Date | null
}

/** What one transaction changes well within its deadline (2.5 s). */
const PORTION = 500
/** A hundred thousand people in one call; what is left is taken up by the next, seconds later. */
const PORTIONS_MAX = 200

/**
 * Puts a deadline on every live session that stands in for a provider and has none, and announces each; or lifts those that
 * have not passed. In portions, each of them whole or not at all, so that a crash leaves nothing half done that the next call
 * does not find. Of several processes that do it at once, each session is changed by one.
 */
export async function putDeadline(house: House, put: PutDeadline, db: Database = house.background): Promise<number> {
  let changed = 0
  for (let portion = 0; portion < PORTIONS_MAX; portion++) {
    const events = await db.transaction(async (tx) => {
      const now = await house.sharedNow(tx)
      const ids = put.at
        ? await queries.takeWithoutDeadline(tx, put.standsInFor, PORTION)
        : await queries.takeWithDeadline(tx, put.standsInFor, now, PORTION)
      if (ids.length === 0) return []
      await queries.setDueAt(tx, ids, put.at)
      const forget = forgetAt(put.at ?? now)
      const numbered = await queries.appendDeadlines(tx, { sessionIds: ids, dueAt: put.at, forgetAt: forget })
      const facts = { provider: put.standsInFor, count: ids.length, due_at: put.at?.toISOString() ?? null }
      await house.signal(tx, { kind: 'session.deadline', subject: put.standsInFor, facts })
      return numbered.map((each) => ({
        ...each,
        due_at: put.at?.toISOString() ?? null,
        forget_at: forget.toISOString(),
      }))
    })
    await tellDeadlines(house, events)
    changed += events.length
    if (events.length < PORTION) return changed
  }
  return changed
}

/** In the transaction in which one session is proven anew: what was put on it is over. */
export async function liftDeadline(db: Queries, sessionId: string, now: Date): Promise<DeadlineEvent> {
  const forget = forgetAt(now)
  const [numbered] = await queries.appendDeadlines(db, { sessionIds: [sessionId], dueAt: null, forgetAt: forget })
  return { ...numbered!, due_at: null, forget_at: forget.toISOString() }
}

/** After the commit: memory first, then whoever listens to the feed, then the disk. */
export async function tellDeadlines(house: House, events: readonly DeadlineEvent[]): Promise<void> {
  try {
    await house.revocations.addDeadlines(events)
  } catch (error) {
    // PostgreSQL has it, memory and feed have it; only a restart in an outage would not. No reason to answer that it failed.
    house.log.error({ err: error }, 'a deadline could not be kept on disk: make room in the data folder')
  }
}
