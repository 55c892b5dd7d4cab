import type { Reason } from '../../../../sdk/contract.ts'
import { type Queries, type Statement, sql } from '../../../platform/database/index.ts'

/** Whose sessions end together. */
export type Whose = { userId: string } | { audience: string } | { organizationId: string }

const belongsTo = (whose: Whose): Statement => {
  if ('userId' in whose) return sql`user_id = ${whose.userId}`
  return 'audience' in whose ? sql`audience = ${whose.audience}` : sql`organization_id = ${whose.organizationId}`
}

/** A portion, newest first: what begins meanwhile comes before what was read, and is not ended by an older decision. */
export async function liveSessionIds(
  db: Queries,
  whose: Whose,
  { beforeId, limit }: { beforeId: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    select id from sessions.session
     where ${belongsTo(whose)}
       and ended_at is null
       ${beforeId === undefined ? sql`` : sql`and id < ${beforeId}`}
     order by id desc
     limit ${limit}`)
  return rows.map((row) => row.id)
}

/** An end of many sessions that is carried out in portions. */
export interface EndOrder {
  id: string
  whose: Whose
  exceptSessionId?: string | undefined
  /** Sessions that began later are not meant. */
  beforeId: string
  reason: Reason
  by: string
  inSessionId?: string | undefined
  at: Date
}

export async function insertEndOrder(db: Queries, order: EndOrder): Promise<void> {
  await db.run(sql`
    insert into sessions.end_order (id, whose, except_session_id, before_id, reason, ended_by, ended_in, at)
    values (${order.id}, ${JSON.stringify(order.whose)}, ${order.exceptSessionId ?? null}, ${order.beforeId},
            ${order.reason}, ${order.by}, ${order.inSessionId ?? null}, ${order.at})`)
}

export async function deleteEndOrder(db: Queries, id: string): Promise<void> {
  await db.run(sql`delete from sessions.end_order where id = ${id}`)
}

export async function endOrders(db: Queries, before: Date, limit: number): Promise<EndOrder[]> {
  return db.many(sql`
    select id, whose, except_session_id as "exceptSessionId", before_id as "beforeId", reason, ended_by as by,
           ended_in as "inSessionId", at
      from sessions.end_order
     where at < ${before}
     order by at
     limit ${limit}`)
}

/** Those of them that were live until now. */
export async function endSessions(
  db: Queries,
  end: { ids: readonly string[]; reason: Reason; by: string; inSessionId?: string | undefined; at: Date },
): Promise<{ id: string; user_id: string; organization_id: string | null }[]> {
  return db.many(sql`
    update sessions.session
       set ended_at = ${end.at}, end_reason = ${end.reason}, ended_by = ${end.by}, ended_in = ${end.inSessionId ?? null}
     where id = any(${end.ids})
       and ended_at is null
    returning id, user_id, organization_id`)
}

/** Many at once, numbered in the order given. */
export async function appendRevocations(
  db: Queries,
  revoked: { sessionIds: readonly string[]; reason: Reason; at: Date; forgetAt: Date },
): Promise<{ seq: number; session_id: string }[]> {
  return db.many(sql`
    with head as (update sessions.revocation_head set seq = seq + ${revoked.sessionIds.length} returning seq)
    insert into sessions.revocation (seq, session_id, reason, at, forget_at)
    select head.seq - ${revoked.sessionIds.length} + ended.position, ended.id, ${revoked.reason}, ${revoked.at},
           ${revoked.forgetAt}
      from head, unnest(${revoked.sessionIds}::text[]) with ordinality as ended (id, position)
    returning seq::float8 as seq, session_id`)
}
