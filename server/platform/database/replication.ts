import type pg from 'pg'
import { DeadlineExceeded } from '../deadline.ts'

/**
 * A COMMIT that waits for a synchronous replica and whose wait is cancelled answers COMMIT all the same, with a warning:
 * kept here, perhaps nowhere else, and gone with a fail-over. To us that is a commit whose answer was lost.
 */
export class NotReplicated extends DeadlineExceeded {
  override name = 'NotReplicated'
}

/** Named by the function that warns: the words are in the server's language. */
const ROUTINE = 'SyncRepWaitForLSN'

const unreplicated = new WeakSet<pg.ClientBase>()

/** Listens for that warning, for as long as the connection lives. */
export function listenForReplication(client: pg.ClientBase): void {
  client.on('notice', (notice) => {
    if (notice.routine === ROUTINE) unreplicated.add(client)
  })
}

/** To be asked after each answer. */
export function assertReplicated(client: pg.ClientBase, deadlineMs: number): void {
  if (unreplicated.delete(client)) throw new NotReplicated('the replica', deadlineMs)
}
