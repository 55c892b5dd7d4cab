import { type Queries, sql } from '../../platform/database/index.ts'
import type { KnownEnd } from './revocation-files.ts'

/** Numbers of ends that were given after the backup are unknown here, and must not be given twice. */
export async function leapRevocations(db: Queries, by: number): Promise<void> {
  await db.run(sql`update sessions.revocation_head set seq = seq + ${by}`)
}

/** An archive of a release before there was a number has none. */
export async function removalHead(db: Queries): Promise<number> {
  const { seq } = await db.one<{ seq: number }>(sql`
    select coalesce(max(seq), 0)::float8 as seq from identity.removal_head`)
  return seq
}

/** As those of ends: lists of before know numbers that must not be given to anything else. */
export async function leapRemovals(db: Queries, by: number): Promise<void> {
  await db.run(sql`
    insert into identity.removal_head (seq) values (${by})
    on conflict (only_row) do update set seq = removal_head.seq + ${by}`)
}

export async function revocationHead(db: Queries): Promise<number> {
  const { seq } = await db.one<{ seq: number }>(sql`
    select seq::float8 as seq from sessions.revocation_head limit 1`)
  return seq
}

/** Ends what others know to have ended, each with its own reason; answers how many were live here. */
export async function endKnown(db: Queries, ends: readonly KnownEnd[], by: string): Promise<number> {
  return db.run(sql`
    with known as (
      select * from unnest(${ends.map((end) => end.sessionId)}::text[], ${ends.map((end) => end.reason)}::text[],
                           ${ends.map((end) => end.at)}::timestamptz[], ${ends.map((end) => end.forgetAt)}::timestamptz[])
               as known (id, reason, at, forget_at)
    ), ended as (
      update sessions.session
         set ended_at = known.at, end_reason = known.reason, ended_by = ${by}
        from known
       where session.id = known.id
         and session.ended_at is null
      returning session.id, known.reason, known.at, known.forget_at
    ), head as (
      update sessions.revocation_head
         set seq = seq + (select count(*) from ended)
      returning seq - (select count(*) from ended) as before
    )
    insert into sessions.revocation (seq, session_id, reason, at, forget_at)
    select head.before + row_number() over (order by ended.id), ended.id, ended.reason, ended.at, ended.forget_at
      from ended, head`)
}

/** Ends all that is live, in one statement and with a number each, so that every app is told. */
export async function endLive(
  db: Queries,
  end: { reason: string; by: string; at: Date; forgetAt: Date },
): Promise<number> {
  return db.run(sql`
    with ended as (
      update sessions.session
         set ended_at = ${end.at}, end_reason = ${end.reason}, ended_by = ${end.by}
       where ended_at is null
      returning id
    ), head as (
      update sessions.revocation_head
         set seq = seq + (select count(*) from ended)
      returning seq - (select count(*) from ended) as before
    )
    insert into sessions.revocation (seq, session_id, reason, at, forget_at)
    select head.before + row_number() over (order by ended.id), ended.id, ${end.reason}, ${end.at}, ${end.forgetAt}
      from ended, head`)
}

export async function countLive(db: Queries): Promise<number> {
  const { live } = await db.one<{ live: number }>(sql`
    select count(*)::float8 as live from sessions.session where ended_at is null`)
  return live
}

/** Emptied, not removed: what a request of before writes late, or an older store still holds, stays out. */
export async function emptyLockers(db: Queries, now: Date): Promise<number> {
  return db.run(sql`
    update lockers.locker set content = null, changed_at = ${now} where content is not null`)
}

/** Nobody knows which of them were removed since: whoever stole one must not have it back. */
export async function doubtPasskeys(db: Queries, now: Date): Promise<number> {
  return db.run(sql`
    update identity.passkey set unconfirmed_since = ${now} where unconfirmed_since is null`)
}

/** Providers give a new one at each use: an older one that comes back is taken for stolen, and closes the way of its owner. */
export async function forgetRefreshTokens(db: Queries): Promise<void> {
  await db.run(sql`
    update identity.linked_identity
       set refresh_sealed = null, asked_again_at = null
     where refresh_sealed is not null`)
}

/** Nobody knows which of them were withdrawn since: what would let more people in begins only if it is asked for again. */
export async function withdrawPolicies(db: Queries, now: Date): Promise<number> {
  return db.run(sql`
    update identity.sign_in_policy_change
       set settled_at = ${now}, settled_as = 'withdrawn'
     where settled_at is null`)
}

/**
 * An outage of then opens nothing today, and neither does an order that somebody may have taken back since; one that forbids the
 * other way holds for its time. Its number goes on, for the history and whoever was let in by it bear the one of before.
 */
export async function forgetVerdicts(db: Queries, by: string): Promise<number> {
  const why = {
    sentence: 'It comes from a backup, and nobody has looked at it since.',
    ...{ faults: [], processes: { saw: 0, live: 0 }, is_control_good: null },
  }
  return db.run(sql`
    with forgotten as (
      update providers.verdict
         set epoch = epoch + 1, state = 'suspect', since = clock_timestamp(), open_since = null, closed_at = null,
             recover_ms = default, decided_at = clock_timestamp(), decided_by = ${by}, why = ${JSON.stringify(why)}::jsonb,
             ordered = nullif(ordered, 'open'),
             ordered_reason = case when ordered = 'closed' then ordered_reason end,
             ordered_by = case when ordered = 'closed' then ordered_by end,
             ordered_at = case when ordered = 'closed' then ordered_at end,
             ordered_until = case when ordered = 'closed' then ordered_until end
       where open_since is not null
          or state <> 'healthy'
          or ordered = 'open'
      returning provider_id, epoch, state, decided_at, decided_by, why
    )
    insert into providers.verdict_change (provider_id, epoch, at, state, is_open, by, why)
    select provider_id, epoch, decided_at, state, false, decided_by, why
      from forgotten`)
}

/** Codes and links that could be used at the time of the backup may have been used since. */
export async function voidCodes(db: Queries, now: Date): Promise<number> {
  const challenges = await db.run(sql`
    update identity.challenge set replaced_at = ${now} where used_at is null and replaced_at is null`)
  const changes = await db.run(sql`
    update identity.email_change set replaced_at = ${now} where confirmed_at is null and replaced_at is null`)
  const departures = await db.run(sql`update identity.provider_challenge set used_at = ${now} where used_at is null`)
  const arrivals = await db.run(sql`update identity.arrival set used_at = ${now} where used_at is null`)
  const links = await db.run(sql`update environment.enrolment set used_at = ${now} where used_at is null`)
  const printed = await db.run(sql`update identity.break_glass_code set used_at = ${now} where used_at is null`)
  const rescues = await db.run(sql`
    update identity.rescue set withdrawn_at = ${now}, withdrawn_by = 'restore' where used_at is null and withdrawn_at is null`)
  const recovery = await db.run(sql`update identity.recovery_code set used_at = ${now} where used_at is null`)
  const ceremonies = await db.run(sql`update identity.passkey_challenge set used_at = ${now} where used_at is null`)
  const handOvers = await db.run(sql`update identity.hand_over set used_at = ${now} where used_at is null`)
  const vouchings = await db.run(sql`update identity.vouching set used_at = ${now} where used_at is null`)
  const typed = challenges + changes + links + printed + rescues + recovery
  return typed + departures + arrivals + ceremonies + handOvers + vouchings
}

/** For a scratch installation only: from now on it can be taken for no other. */
export async function replaceStamp(db: Queries, stamp: { environment: string; installationId: string }): Promise<void> {
  await db.run(sql`
    update environment.stamp
       set environment = ${stamp.environment}, installation_id = ${stamp.installationId}`)
}

/** For a scratch installation only: it has another address, and would be refused over passkeys that nobody uses there. */
export async function forgetRelyingParties(db: Queries): Promise<void> {
  await db.run(sql`update identity.passkey set rp_id = 'localhost'`)
}

/** For a proof: a key to a session, so that what has ended can be shown and seen to be refused. */
export async function giveHandle(db: Queries, handle: { digest: Buffer; sessionId: string; now: Date }): Promise<void> {
  await db.run(sql`
    insert into sessions.handle (digest, session_id, issued_at)
    values (${handle.digest}, ${handle.sessionId}, ${handle.now})`)
}

/** Some that had ended before the backup, with their reasons. */
export async function someEnded(db: Queries, limit: number): Promise<{ id: string; reason: string }[]> {
  return db.many(sql`
    select id, end_reason as reason
      from sessions.session
     where ended_at is not null
     order by (end_reason = 'restored'), ended_at desc
     limit ${limit}`)
}
