import { type By, byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { type Answer, type Call, json } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import type { User } from '../user.ts'
import { closing } from './end-sessions.ts'
import { listedUser, noUser } from './list-users.ts'
import { tellDeletion, tellKept } from './mails.ts'
import { assertMayClose } from './protect-staff.ts'
import * as queries from './queries.ts'

type UserCall = Call<unknown, unknown, { id: string }>

/** `DELETE /v1/users/{id}`: every session ends now; the person is deleted after the grace, and told how to stay. */
export async function deleteUser(parts: Parts, call: UserCall): Promise<Answer> {
  const { id } = call.params
  let asked: User | undefined
  const answer = await closing(parts, { userId: id, reason: 'account_deleted', by: call.actor!.id }, (end) =>
    once(parts, call, async (db) => {
      const requested = await requestDeletion(parts, db, { userId: id, by: byCaller(call), end })
      asked = requested.isNew ? requested.user : undefined
      return json(202, { deletes_at: requested.user.deletes_at })
    }),
  )
  if (asked) tellDeletion(parts, asked, parts.config.url)
  return answer
}

/** Within the caller's transaction. Asked again, the first time stands: nobody's grace begins anew, or ends sooner. */
export async function requestDeletion(
  parts: Parts,
  db: Queries,
  asked: { userId: string; by: By; end(db: Queries): Promise<number> },
): Promise<{ user: User; isNew: boolean }> {
  const { userId, by } = asked
  await assertMayClose(db, by.id, userId)
  const user = await queries.lockUser(db, userId)
  if (!user) throw noUser(userId)
  if (user.deletes_at) return { user, isNew: false }
  const at = parts.clock.now()
  const deletesAt = new Date(at.getTime() + parts.config.deletionGraceMs)
  const deleting = await queries.setDeletion(db, userId, { at, by: by.id, deletesAt })
  const facts = { deletes_at: deletesAt.toISOString(), ended_sessions: await asked.end(db) }
  await parts.signal(db, { kind: 'user.deletion-requested', subject: userId, facts: { ...facts, by: by.id } })
  await parts.audit(db, { by, action: 'user.deletion-requested', subject: { kind: 'user', id: userId }, facts })
  return { user: deleting, isNew: true }
}

/** `DELETE /v1/users/{id}/deletion`: the account is as before; its sessions stay ended. */
export async function undoDeletion(parts: Parts, call: UserCall): Promise<Answer> {
  let kept: User | undefined
  const answer = await once(parts, call, async (db) => {
    const undone = await keepUser(parts, db, { userId: call.params.id, by: byCaller(call) })
    kept = undone.isNew ? undone.user : undefined
    return json(200, await listedUser(parts, db, undone.user))
  })
  if (kept) tellKept(parts, kept, parts.config.url)
  return answer
}

/** Within the caller's transaction. From its hour on a deletion is final, also when the job has not come to it yet. */
export async function keepUser(
  parts: Parts,
  db: Queries,
  { userId, by }: { userId: string; by: By },
): Promise<{ user: User; isNew: boolean }> {
  const user = await queries.lockUser(db, userId)
  if (!user) throw noUser(userId)
  if (!user.deletes_at) return { user, isNew: false }
  if (user.deletes_at <= parts.clock.now()) throw refuse('deletion_final')
  const kept = await queries.setDeletion(db, userId, null)
  await parts.signal(db, { kind: 'user.deletion-undone', subject: userId, facts: { by: by.id } })
  await parts.audit(db, { by, action: 'user.deletion-undone', subject: { kind: 'user', id: userId } })
  return { user: kept, isNew: true }
}
