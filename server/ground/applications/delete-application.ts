import type { Queries } from '../../platform/database/index.ts'
import type { Call } from '../../platform/http/index.ts'
import { byCaller } from '../audit/index.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { findApplication } from './update-application.ts'

/** By then every process has read that it is gone, and no sign-in that was under way can still issue a session. */
const SETTLED_MS = 15 * 60_000

/**
 * Deletes an application: its keys are void, its origins free, its id is never used again. Its sessions are ended by
 * what runs by itself, so that a crash leaves nobody signed in to it.
 */
export async function deleteApplication(
  parts: Parts,
  db: Queries,
  call: Pick<Call, 'actor' | 'address' | 'headers'>,
  id: string,
): Promise<void> {
  await findApplication(db, id)
  await queries.deleteApplication(db, id, call.actor!.id, parts.clock.now())
  await parts.audit(db, { by: byCaller(call), action: 'application.deleted', subject: { kind: 'application', id } })
}

/** Ends what is left of sessions of deleted applications; once more after everybody has heard of the deletion. */
export async function endSessionsOfDeleted(parts: Parts): Promise<void> {
  const now = parts.clock.now()
  for (const { id, deleted_at, deleted_by } of await queries.deletionsToFinish(parts.background)) {
    await parts.endSessionsOf({ audience: id, by: deleted_by })
    const isSettled = now.getTime() - deleted_at.getTime() > SETTLED_MS
    if (isSettled) await queries.noteSessionsEnded(parts.background, id, now)
  }
}
