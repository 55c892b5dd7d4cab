import type { Impersonator, Reason, SessionUser } from '../../../sdk/contract.ts'
import { prepared, type Queries, type Statement, sql } from '../../platform/database/index.ts'
import type { BlindSpot, Device, LiveRow, SessionRow } from './session.ts'

/** Of `LiveRow`. */
const liveColumns = sql`
  session.id, session.user_id, session.organization_id, session.roles, session.impersonator, session.audience, session.person,
  session.amr, session.acr, session.proven_by, session.stands_in_for, session.due_at, session.authenticated_at, session.last_seen_at, session.expires_at,
  session.idle_ms::float8 as idle_ms, session.ended_at, session.end_reason`
/** Of `SessionRow`. */
export const columns = sql`${liveColumns}, session.proven_with, session.device, session.created_at, session.ended_by, session.ended_in`

export interface HandleRow extends LiveRow {
  digest: Buffer
  issued_at: Date
  seen_at: Date | null
  /** True when a newer handle of the same session has been seen: this copy is dead. */
  is_superseded: boolean
}

/** Many look-ups, one statement: what arrives together is asked together. */
export async function sessionsByHandle(db: Queries, digests: readonly Buffer[]): Promise<HandleRow[]> {
  return db.many<HandleRow>(
    prepared(sql`
    select ${liveColumns}, handle.digest, handle.issued_at, handle.seen_at,
           exists (select from sessions.handle newer
                    where newer.session_id = handle.session_id
                      and newer.issued_at > handle.issued_at
                      and newer.seen_at is not null) as is_superseded
      from sessions.handle
      join sessions.session on session.id = handle.session_id
     where handle.digest = any(${digests})
     limit ${digests.length}`),
  )
}

export async function findSession(db: Queries, id: string): Promise<SessionRow | undefined> {
  return db.maybe<SessionRow>(sql`select ${columns} from sessions.session where id = ${id} limit 1`)
}

export interface NewSession {
  id: string
  user: SessionUser
  organization: { id: string; roles: string[] } | null
  impersonator: Impersonator | null
  audience: string
  device: Device
  amr: string[]
  acr: string
  provenBy: string | null
  provenWith: string | null
  standsInFor: string | null
  authenticatedAt: Date
  now: Date
  expiresAt: Date
  idleMs: number
  /** Of its handle. */
  digest: Buffer
}

const personOf = ({ email, name, picture_url }: SessionUser) => JSON.stringify({ email, name, picture_url })

/** With its first handle. */
export async function insertSession(db: Queries, made: NewSession): Promise<SessionRow> {
  return db.one<SessionRow>(
    prepared(sql`
    with session as (
      insert into sessions.session (id, user_id, organization_id, roles, impersonator, audience, person, device, amr, acr,
                                    proven_by, proven_with, stands_in_for, created_at, authenticated_at, last_seen_at,
                                    expires_at, idle_ms)
      values (${made.id}, ${made.user.id}, ${made.organization?.id ?? null}, ${made.organization?.roles ?? []},
              ${made.impersonator && JSON.stringify(made.impersonator)}, ${made.audience}, ${personOf(made.user)},
              ${JSON.stringify(made.device)}, ${made.amr}, ${made.acr}, ${made.provenBy}, ${made.provenWith},
              ${made.standsInFor}, ${made.now}, ${made.authenticatedAt}, ${made.now}, ${made.expiresAt}, ${made.idleMs})
      returning *),
    handle as (
      insert into sessions.handle (digest, session_id, issued_at)
      values (${made.digest}, ${made.id}, ${made.now}))
    select ${columns} from session`),
  )
}

export interface AuthenticatedAgain {
  id: string
  user: SessionUser
  amr: string[]
  acr: string
  provenBy: string | null
  provenWith: string | null
  standsInFor: string | null
  /** Of the longest session there is, and of one that begins as this one goes on. */
  lifeMs: { whole: number; begun: number }
  authenticatedAt: Date
  now: Date
}

/**
 * A session of fail-over that is proven the ordinary way is an ordinary one with the life it would have had; one that goes
 * on under fail-over lives no longer than one that begins under it.
 */
export async function authenticateAgain(db: Queries, again: AuthenticatedAgain): Promise<SessionRow | undefined> {
  const { standsInFor, lifeMs, now } = again
  const whole = sql`created_at + ${lifeMs.whole}::float8 * interval '1 millisecond'`
  const expiresAt =
    standsInFor === null
      ? sql`case when stands_in_for is null then expires_at else ${whole} end`
      : sql`least(expires_at, ${new Date(now.getTime() + lifeMs.begun)}::timestamptz)`
  return db.maybe<SessionRow>(sql`
    update sessions.session
       set authenticated_at = ${again.authenticatedAt}, last_seen_at = ${now}, amr = ${again.amr}, acr = ${again.acr},
           proven_by = ${again.provenBy}, proven_with = ${again.provenWith}, stands_in_for = ${standsInFor},
           due_at = null, expires_at = ${expiresAt}, person = ${personOf(again.user)}
     where id = ${again.id}
       and ended_at is null
    returning ${columns}`)
}

export async function insertHandle(db: Queries, digest: Buffer, sessionId: string, now: Date): Promise<void> {
  await db.many(
    prepared(sql`
    insert into sessions.handle (digest, session_id, issued_at)
    values (${digest}, ${sessionId}, ${now})`),
  )
}

/** Notes the first sight of a handle; from then on the older ones of its session are dead, and removed later. */
export async function markHandleSeen(db: Queries, digest: Buffer, now: Date): Promise<void> {
  await db.many(
    prepared(sql`
    update sessions.handle
       set seen_at = ${now}
     where digest = ${digest}
       and seen_at is null`),
  )
}

export async function updatePerson(db: Queries, user: SessionUser): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    update sessions.session
       set person = ${personOf(user)}
     where user_id = ${user.id}
       and ended_at is null
    returning id`)
  return rows.map((row) => row.id)
}

/** The row that was live until now; undefined: it had ended before, or never was. */
export async function endSession(
  db: Queries,
  end: { id: string; reason: Reason; by: string; inSessionId?: string | undefined; at: Date },
): Promise<SessionRow | undefined> {
  return db.maybe<SessionRow>(sql`
    update sessions.session
       set ended_at = ${end.at}, end_reason = ${end.reason}, ended_by = ${end.by}, ended_in = ${end.inSessionId ?? null}
     where id = ${end.id}
       and ended_at is null
    returning ${columns}`)
}

/** Takes the next numbers, in the order of commits: the head row stays locked until the transaction ends. */
export async function appendRevocation(
  db: Queries,
  revoked: { sessionId: string; reason: Reason; at: Date; forgetAt: Date },
): Promise<number> {
  const { seq } = await db.one<{ seq: number }>(sql`
    with head as (update sessions.revocation_head set seq = seq + 1 returning seq)
    insert into sessions.revocation (seq, session_id, reason, at, forget_at)
    select head.seq, ${revoked.sessionId}, ${revoked.reason}, ${revoked.at}, ${revoked.forgetAt}
      from head
    returning seq::float8 as seq`)
  return seq
}

export async function revocationHead(db: Queries): Promise<number> {
  const { seq } = await db.one<{ seq: number }>(sql`
    select seq::float8 as seq from sessions.revocation_head limit 1`)
  return seq
}

/** Which session a number was given to; undefined: it is not there. */
export async function revokedAs(db: Queries, seq: number): Promise<string | undefined> {
  const row = await db.maybe<{ session_id: string }>(sql`
    select session_id from sessions.revocation where seq = ${seq}
     union all
    select session_id from sessions.deadline where seq = ${seq}
     limit 1`)
  return row?.session_id
}

/** Numbers up to `known` were given by another history of this database, and must not be given twice. */
export async function leapRevocations(db: Queries, known: number, by: number): Promise<void> {
  await db.run(sql`update sessions.revocation_head set seq = greatest(seq, ${known}) + ${by}`)
}

export async function liveAmong(db: Queries, ids: readonly string[]): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    select id
      from sessions.session
     where id = any(${ids})
       and ended_at is null
     limit ${ids.length}`)
  return rows.map((row) => row.id)
}

export interface ListFilter {
  userId?: string | undefined
  organizationId?: string | undefined
  audience?: string | undefined
  state: 'live' | 'ended' | 'all'
  /** Half open, by the time in the ids: `id >= fromId` and `id < beforeId`. */
  fromId?: string | undefined
  beforeId?: string | undefined
  limit: number
}

/** Newest first. Only what is asked for stands in the statement, so that each filter finds its own index. */
export async function listSessions(db: Queries, filter: ListFilter): Promise<SessionRow[]> {
  const { userId, organizationId, audience, fromId, beforeId } = filter
  const state: Record<ListFilter['state'], Statement> = {
    live: sql`session.ended_at is null`,
    ended: sql`session.ended_at is not null`,
    all: sql`true`,
  }
  return db.many<SessionRow>(sql`
    select ${columns}
      from sessions.session
     where ${state[filter.state]}
       ${userId === undefined ? sql`` : sql`and session.user_id = ${userId}`}
       ${organizationId === undefined ? sql`` : sql`and session.organization_id = ${organizationId}`}
       ${audience === undefined ? sql`` : sql`and session.audience = ${audience}`}
       ${fromId === undefined ? sql`` : sql`and session.id >= ${fromId}`}
       ${beforeId === undefined ? sql`` : sql`and session.id < ${beforeId}`}
     order by session.id desc
     limit ${filter.limit}`)
}

export async function countLive(db: Queries): Promise<number> {
  const { live } = await db.one<{ live: number }>(sql`
    select count(*)::int as live from sessions.session where ended_at is null`)
  return live
}

export async function countLiveByUser(db: Queries, userIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.many<{ user_id: string; live: number }>(sql`
    select user_id, count(*)::int as live
      from sessions.session
     where user_id = any(${userIds})
       and ended_at is null
     group by user_id
     limit ${userIds.length}`)
  return new Map(rows.map((row) => [row.user_id, row.live]))
}

/** Up to this each: nobody waits until millions are counted. */
const COUNTED_MAX = 1000

export async function countLiveByAudience(db: Queries, audiences: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.many<{ audience: string; live: number }>(sql`
    select asked.audience, counted.live
      from unnest(${audiences}::text[]) as asked (audience)
     cross join lateral (
       select count(*)::int as live
         from (select from sessions.session
                where session.audience = asked.audience
                  and session.ended_at is null
                limit ${COUNTED_MAX}) as some_sessions) as counted
     limit ${audiences.length}`)
  return new Map(rows.map((row) => [row.audience, row.live]))
}

export async function writeLastSeen(db: Queries, seen: readonly { id: string; at: Date }[]): Promise<void> {
  await db.many(sql`
    update sessions.session
       set last_seen_at = greatest(session.last_seen_at, seen.at)
      from unnest(${seen.map((each) => each.id)}::text[], ${seen.map((each) => each.at)}::timestamptz[]) as seen (id, at)
     where session.id = seen.id
       and session.ended_at is null`)
}

/**
 * Live sessions that may have run out; whether they have is judged with the blind spots in hand. Both limits by an index:
 * for idleness each limit that any session has is asked on its own, and there are as many as the setting ever had values.
 */
export async function candidatesToEnd(db: Queries, now: Date, limit: number): Promise<SessionRow[]> {
  return db.many<SessionRow>(sql`
    with recursive idle (ms) as (
      (select idle_ms from sessions.session where ended_at is null order by idle_ms limit 1)
      union all
      select (select next.idle_ms from sessions.session next
               where next.ended_at is null and next.idle_ms > idle.ms order by next.idle_ms limit 1)
        from idle
       where idle.ms is not null
    ), candidate as (
      (select id from sessions.session
        where ended_at is null and expires_at <= ${now}
        order by expires_at
        limit ${limit})
      union
      (select id from sessions.session
        where ended_at is null and due_at <= ${now}
        order by due_at
        limit ${limit})
      union
      (select unused.id
         from idle
        cross join lateral (
          select id from sessions.session
           where ended_at is null
             and idle_ms = idle.ms
             and last_seen_at <= ${now}::timestamptz - idle.ms * interval '1 millisecond'
           order by last_seen_at
           limit ${limit}) as unused
        where idle.ms is not null
        limit ${limit})
    )
    select ${columns}
      from sessions.session
     where id in (select id from candidate)
       and ended_at is null
     limit ${3 * limit}`)
}

export async function takePulse(db: Queries, now: Date): Promise<Date | undefined> {
  const before = await db.maybe<{ at: Date }>(sql`select at from sessions.pulse limit 1 for update`)
  await db.many(sql`
    insert into sessions.pulse (at) values (${now})
    on conflict (only_row) do update set at = greatest(pulse.at, excluded.at)`)
  return before?.at
}

export async function insertBlindSpot(db: Queries, spot: BlindSpot): Promise<void> {
  await db.many(sql`
    insert into sessions.blind_spot (started_at, ended_at)
    values (${spot.started_at}, ${spot.ended_at})
    on conflict do nothing`)
}

export async function blindSpots(db: Queries, since: Date, limit: number): Promise<BlindSpot[]> {
  return db.many<BlindSpot>(sql`
    select started_at, ended_at
      from sessions.blind_spot
     where ended_at > ${since}
     order by started_at desc
     limit ${limit}`)
}

/** With their handles. */
export async function deleteEndedBefore(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from sessions.session
     where id in (
       select id from sessions.session
        where ended_at < ${before}
        order by ended_at
        limit ${limit}
          for update skip locked)`)
}

export async function forgetOld(db: Queries, now: Date): Promise<void> {
  await db.many(sql`
    delete from sessions.revocation
     where seq in (select seq from sessions.revocation where forget_at < ${now} order by seq limit 5000)`)
  await db.many(sql`
    delete from sessions.deadline
     where seq in (select seq from sessions.deadline where forget_at < ${now} order by forget_at limit 5000)`)
  await db.many(sql`
    delete from sessions.handle
     where digest in (
       select older.digest
         from sessions.handle older
         join sessions.handle newer on newer.session_id = older.session_id and newer.issued_at > older.issued_at
        where newer.seen_at < ${now}::timestamptz - interval '1 day'
        limit 5000)`)
  await db.many(sql`
    delete from sessions.signing_key where verify_until < ${now}::timestamptz - interval '30 days'`)
}
