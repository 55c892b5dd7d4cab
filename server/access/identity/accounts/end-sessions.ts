import type { Reason } from '../../../../sdk/contract.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { SESSIONS_A_PORTION, type SessionsWithin } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'

export interface Ending {
  userId: string
  /** The one that goes on, of whoever does this. */
  exceptSessionId?: string | null
  reason: Reason
  by: string
}

/**
 * Runs a change that ends somebody's sessions in its own transaction, and tells of it once that is committed. Of a
 * script's hundreds the rest are ended after: nobody is let in any more, so that there is an end to them.
 */
export async function closing<T>(
  parts: Parts,
  ending: Ending,
  change: (end: (db: Queries) => Promise<number>) => Promise<T>,
): Promise<T> {
  let sessions: SessionsWithin | undefined
  let ended = 0
  const result = await change(async (db) => {
    sessions = parts.sessions.within(db)
    ended = await sessions.endAll(ending)
    return ended
  })
  await sessions?.tell()
  const { userId, exceptSessionId, reason, by } = ending
  if (ended >= SESSIONS_A_PORTION - 1) {
    await parts.sessions.endAll({ userId, exceptSessionId: exceptSessionId ?? undefined, reason, by })
  }
  return result
}
