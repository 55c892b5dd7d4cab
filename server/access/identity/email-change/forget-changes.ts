import type { Parts } from '../parts.ts'
import { deleteOldChanges } from './queries.ts'

const ROWS_MAX = 1000
const STATEMENTS_MAX = 20
/** So long a page still says "expired" instead of "unknown". */
const KEPT_MS = 3_600_000

/** Deletes changes that nobody can confirm or undo any more, and with them the addresses that people once had. */
export async function forgetChanges({ background, clock }: Pick<Parts, 'background' | 'clock'>): Promise<void> {
  const now = clock.now()
  const before = { expired: new Date(now.getTime() - KEPT_MS), undone: now }
  for (let count = 0; count < STATEMENTS_MAX; count++) {
    if ((await deleteOldChanges(background, before, ROWS_MAX)) < ROWS_MAX) return
  }
}
