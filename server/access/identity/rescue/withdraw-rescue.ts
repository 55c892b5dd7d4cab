import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import * as queries from './queries.ts'
import type { RescueRow } from './rescue.ts'

/** Takes a way in back: the code opens nothing any more, and what it has opened ends. `tell` is called after the commit. */
export async function withdrawRescue(
  parts: Parts,
  db: Queries,
  row: RescueRow,
  by: By,
): Promise<{ tell(): Promise<void> }> {
  const nothing = { tell: async () => {} }
  if (!(await queries.withdrawRescue(db, row.id, by.id, parts.clock.now()))) return nothing
  const { organization_id: organizationId, session_id: sessionId } = row
  const subject = { kind: 'user', id: row.user_id }
  await parts.audit(db, { by, action: 'rescue.withdrawn', subject, organizationId, facts: { rescue: row.id } })
  await parts.signal(db, { kind: 'rescue.withdrawn', subject: row.id, facts: { user: row.user_id } })
  if (sessionId === null) return nothing
  return parts.sessions.endWithin(db, { sessionId, reason: 'revoked', by: by.id })
}
