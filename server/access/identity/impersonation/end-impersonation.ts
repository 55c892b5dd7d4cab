import { type By, BY_ITSELF } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import * as queries from './queries.ts'

/** More people of staff than have ever helped somebody at once. */
const LIVE_MAX = 1000

/** What it leans on; less than a page needs. */
type EndParts = Pick<Parts, 'sessions' | 'clock' | 'audit'>
export type FollowParts = EndParts & Pick<Parts, 'administrators' | 'background'>

/** Ends it with its session, in the caller's transaction; `tell` has to be called when that has committed. */
export async function endImpersonation(
  parts: EndParts,
  db: Queries,
  row: queries.ImpersonationRow,
  by: By,
): Promise<{ tell(): Promise<void> }> {
  const ended = row.session_id
    ? await parts.sessions.endWithin(db, { sessionId: row.session_id, reason: 'impersonation_ended', by: by.id })
    : { tell: async () => {} }
  await noteEnd(parts, db, row, { by, at: parts.clock.now(), reason: 'impersonation_ended' })
  return ended
}

async function noteEnd(
  parts: EndParts,
  db: Queries,
  row: queries.ImpersonationRow,
  end: { by: By; at: Date; reason: string },
): Promise<void> {
  const { by, at, reason } = end
  if (!(await queries.markEnded(db, { id: row.id, at, by: by.id, reason }))) return
  await parts.audit(db, {
    by,
    action: 'impersonation.ended',
    subject: { kind: 'user', id: row.user_id },
    facts: { impersonation: row.id, staff: row.staff_id, session: row.session_id, reason },
  })
}

/**
 * Follows those that are under way: whose session has ended, by whomever, is over; and who has lost the role, or acts as
 * somebody who is staff by now, acts no longer.
 */
export async function followImpersonations(parts: FollowParts): Promise<void> {
  const now = parts.clock.now()
  for (const row of await queries.liveImpersonations(parts.background, LIVE_MAX)) {
    const session = await parts.sessions.find(row.session_id!)
    const mayStill =
      parts.administrators.scopesOf(row.staff_id).has('users:impersonate') && !parts.administrators.has(row.user_id)
    const isLive = session?.ended_at === null && now < session.expires_at
    if (isLive && mayStill) continue
    // Begun a moment ago: its session is being made.
    if (!session && now.getTime() - row.started_at!.getTime() < 60_000) continue
    if (isLive) {
      const { tell } = await parts.background.transaction((db) => endImpersonation(parts, db, row, BY_ITSELF))
      await tell()
      continue
    }
    const [at, reason] = [session?.ended_at ?? row.ends_at ?? now, session?.end_reason ?? 'impersonation_ended']
    const by = session?.ended_by?.startsWith('usr_')
      ? ({ ...BY_ITSELF, kind: 'person', id: session.ended_by } as const)
      : BY_ITSELF
    await parts.background.transaction((db) => noteEnd(parts, db, row, { by, at, reason }))
  }
}
