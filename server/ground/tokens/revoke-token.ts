import type { Queries } from '../../platform/database/index.ts'
import type { Call } from '../../platform/http/index.ts'
import { byCaller } from '../audit/index.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'

/** Revokes a token for good; one that was revoked before stays as it is. Here at once, elsewhere within seconds. */
export async function revokeToken(
  parts: Parts,
  db: Queries,
  call: Pick<Call, 'actor' | 'address' | 'headers'>,
  id: string,
): Promise<void> {
  const revoked = await queries.revokeToken(db, id, call.actor!.id, parts.clock.now())
  if (!revoked && !(await queries.findToken(db, id))) throw refuse('no_token', { id: id.replace(/[^\w]/g, '') })
  parts.known.forget(id)
  parts.standing.forget(id)
  if (!revoked) return
  await parts.audit(db, { by: byCaller(call), action: 'token.revoked', subject: { kind: 'token', id } })
}
