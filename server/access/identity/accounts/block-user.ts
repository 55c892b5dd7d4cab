import type { Static } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import { type Answer, type Call, json } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import type { Parts } from '../parts.ts'
import { closing } from './end-sessions.ts'
import { listedUser, noUser } from './list-users.ts'
import { assertMayClose } from './protect-staff.ts'
import * as queries from './queries.ts'
import type { BlockUser } from './shapes.ts'

type BlockCall = Call<Static<typeof BlockUser>, unknown, { id: string }>

/**
 * `PUT /v1/users/{id}/block`: refuses sign-in and ends every session, in one transaction. Again with another reason it
 * changes the reason alone.
 */
export function blockUser(parts: Parts, call: BlockCall): Promise<Answer> {
  return closing(parts, { userId: call.params.id, reason: 'blocked', by: call.actor!.id }, (end) =>
    once(parts, call, async (db) => {
      const { id } = call.params
      await assertMayClose(db, call.actor!.id, id)
      const user = await queries.lockUser(db, id)
      if (!user) throw noUser(id)
      const at = user.blocked_at ?? parts.clock.now()
      const blocked = await queries.setBlock(db, id, { at, reason: call.body.reason, by: call.actor!.id })
      const ended = await end(db)
      const facts = { ended_sessions: ended }
      await parts.signal(db, { kind: 'user.blocked', subject: id, facts: { ...facts, by: call.actor!.id } })
      // Why stands at the account alone: it is free text, and an audit holds no names.
      await parts.audit(db, { by: byCaller(call), action: 'user.blocked', subject: { kind: 'user', id }, facts })
      return json(200, await listedUser(parts, db, blocked))
    }),
  )
}

/** `DELETE /v1/users/{id}/block`: sessions do not come back, the person signs in again. */
export function unblockUser(parts: Parts, call: Call<unknown, unknown, { id: string }>): Promise<Answer> {
  return once(parts, call, async (db) => {
    const { id } = call.params
    const user = await queries.lockUser(db, id)
    if (!user) throw noUser(id)
    if (!user.blocked_at) return json(200, await listedUser(parts, db, user))
    const free = await queries.setBlock(db, id, null)
    await parts.signal(db, { kind: 'user.unblocked', subject: id, facts: { by: call.actor!.id } })
    await parts.audit(db, { by: byCaller(call), action: 'user.unblocked', subject: { kind: 'user', id } })
    return json(200, await listedUser(parts, db, free))
  })
}
