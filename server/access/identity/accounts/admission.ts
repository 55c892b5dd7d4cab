import type { Queries } from '../../../platform/database/index.ts'
import { refuse } from '../refusals.ts'
import { standingOf } from './queries.ts'

/**
 * Refuses a session to whoever may hold none. Handed to sessions, which ask it first in the transaction that issues one:
 * its lock makes a block wait for a sign-in that came first (and then end it), and a sign-in for a block.
 */
export async function admitUser(db: Queries, userId: string): Promise<void> {
  const standing = await standingOf(db, userId)
  if (!standing) throw refuse('gone')
  if (standing.blocked_at) throw refuse('blocked')
  if (standing.deletes_at) throw refuse('deleting')
}
