import type { DeadlineEvent, Reason, RevocationEvent } from '../../../../sdk/contract.ts'
import { type Queries, sql } from '../../../platform/database/index.ts'

/** More providers than anybody has; what is beyond is looked at when these are done. */
const PROVIDERS_MAX = 200

/** Locked in one order for everybody; what another process has in hand is its to change. */
export async function takeWithoutDeadline(db: Queries, standsInFor: string, limit: number): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    select id
      from sessions.session
     where stands_in_for = ${standsInFor}
       and ended_at is null
       and due_at is null
     order by id
     limit ${limit}
       for update skip locked`)
  return rows.map(({ id }) => id)
}

/** Those that have not passed: what has ended stays so. */
export async function takeWithDeadline(db: Queries, standsInFor: string, now: Date, limit: number): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    select id
      from sessions.session
     where stands_in_for = ${standsInFor}
       and ended_at is null
       and due_at > ${now}
     order by id
     limit ${limit}
       for update skip locked`)
  return rows.map(({ id }) => id)
}

export async function setDueAt(db: Queries, ids: readonly string[], dueAt: Date | null): Promise<void> {
  await db.run(sql`update sessions.session set due_at = ${dueAt} where id = any(${ids})`)
}

/** Numbered among the ends, in the order of commits. */
export async function appendDeadlines(
  db: Queries,
  put: { sessionIds: readonly string[]; dueAt: Date | null; forgetAt: Date },
): Promise<{ seq: number; session_id: string }[]> {
  return db.many(sql`
    with head as (update sessions.revocation_head set seq = seq + ${put.sessionIds.length} returning seq)
    insert into sessions.deadline (seq, session_id, due_at, forget_at)
    select head.seq - ${put.sessionIds.length} + put.position, put.id, ${put.dueAt}, ${put.forgetAt}
      from head, unnest(${put.sessionIds}::text[]) with ordinality as put (id, position)
    returning seq::float8 as seq, session_id`)
}

/** Whose stand-ins live, from the index alone however many there are. */
export interface StoodInFor {
  provider_id: string
  /** Somebody's session has no deadline. */
  is_open: boolean
  /** Somebody's has one that has not passed. */
  is_due: boolean
}

/** Providers alone: nobody waits for the return of what an administrator was let in by. */
const PROVIDER = 'prv_'

export async function stoodInFor(db: Queries, now: Date): Promise<StoodInFor[]> {
  return db.many<StoodInFor>(sql`
    with recursive provider (id) as (
      (select stands_in_for from sessions.session
        where stands_in_for is not null and ended_at is null
        order by stands_in_for limit 1)
      union all
      select (select next.stands_in_for from sessions.session next
               where next.stands_in_for > provider.id and next.ended_at is null
               order by next.stands_in_for limit 1)
        from provider
       where provider.id is not null
    )
    select provider.id as provider_id,
           exists (select from sessions.session
                    where stands_in_for = provider.id and ended_at is null and due_at is null) as is_open,
           exists (select from sessions.session
                    where stands_in_for = provider.id and ended_at is null and due_at > ${now}) as is_due
      from provider
     where starts_with(provider.id, ${PROVIDER})
     limit ${PROVIDERS_MAX}`)
}

export async function liveStandIns(
  db: Queries,
  { userId, standsInFor }: { userId: string; standsInFor: string },
  limit: number,
): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    select id
      from sessions.session
     where user_id = ${userId}
       and stands_in_for = ${standsInFor}
       and ended_at is null
     order by id
     limit ${limit}`)
  return rows.map(({ id }) => id)
}

type Told = { seq: number; session_id: string; forget_at: Date } & (
  | { reason: Reason; at: Date; due_at: null }
  | { reason: null; at: null; due_at: Date | null }
)

/** Ends and deadlines in one statement: of two, the second would see numbers behind which the first had missed some. */
export async function toldAfter(db: Queries, seq: number, limit: number): Promise<(RevocationEvent | DeadlineEvent)[]> {
  const rows = await db.many<Told>(sql`
    select seq::float8 as seq, session_id, reason, at, due_at, forget_at
      from ((select seq, session_id, reason, at, null::timestamptz as due_at, forget_at
               from sessions.revocation
              where seq > ${seq}
              order by seq
              limit ${limit})
            union all
            (select seq, session_id, null, null, due_at, forget_at
               from sessions.deadline
              where seq > ${seq}
              order by seq
              limit ${limit})) as told
     order by seq
     limit ${limit}`)
  return rows.map(({ seq: number, session_id, reason, at, due_at, forget_at }): RevocationEvent | DeadlineEvent => {
    const common = { seq: number, session_id, forget_at: forget_at.toISOString() }
    if (reason === null) return { ...common, due_at: due_at?.toISOString() ?? null }
    return { ...common, reason, at: at.toISOString() }
  })
}
