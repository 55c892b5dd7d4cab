import { type Queries, sql } from '../../../platform/database/index.ts'
import type { SignOutClass } from './detector.ts'

export interface Watch {
  seq: number
  head: number
  began_at: Date | null
}

/** Undefined: another process is at it. */
export async function lockWatch(db: Queries): Promise<Watch | undefined> {
  return db.maybe<Watch>(sql`
    select watch.seq::float8 as seq, head.seq::float8 as head, watch.began_at
      from sessions.sign_out_watch watch, sessions.revocation_head head
     limit 1
       for update of watch skip locked`)
}

export async function moveWatch(db: Queries, seq: number, now: Date): Promise<void> {
  await db.run(sql`
    update sessions.sign_out_watch
       set seq = ${seq}, judged_until = ${now}, began_at = coalesce(began_at, ${now})`)
}

/** Ends that became known since, by reason: how many, and of how many people. */
export async function endsNumbered(
  db: Queries,
  afterSeq: number,
  untilSeq: number,
  limit: number,
): Promise<{ reason: string; ended: number; people: number }[]> {
  return db.many(sql`
    select revocation.reason, count(*)::int as ended, count(distinct coalesce(session.user_id, revocation.session_id))::int as people
      from sessions.revocation
      left join sessions.session on session.id = revocation.session_id
     where revocation.seq > ${afterSeq}
       and revocation.seq <= ${untilSeq}
     group by revocation.reason
     limit ${limit}`)
}

export async function addEnds(
  db: Queries,
  minute: Date,
  ends: readonly { reason: string; ended: number; people: number }[],
): Promise<void> {
  await db.run(sql`
    insert into sessions.sign_out_minute (minute, reason, ended, people)
    select ${minute}::timestamptz, told.reason, told.ended, told.people
      from unnest(${ends.map((each) => each.reason)}::text[], ${ends.map((each) => each.ended)}::int[],
                  ${ends.map((each) => each.people)}::int[]) as told (reason, ended, people)
    on conflict (minute, reason) do update
       set ended = sign_out_minute.ended + excluded.ended,
           people = sign_out_minute.people + excluded.people`)
}

/** What verifiers refused although something was shown to them, from the minutes that they have told by now. */
export async function keepRefused(db: Queries, from: Date, to: Date): Promise<void> {
  await db.run(sql`
    insert into sessions.sign_out_minute (minute, reason, ended, people)
    select told.minute, 'refused', sum(said.value::int), sum(said.value::int)
      from sessions.verifier_minute told
     cross join lateral jsonb_each_text(told.counts) as said (key, value)
     where told.minute >= ${from}
       and told.minute < ${to}
       and (said.key like 'invalid/not\\_found/%' or said.key like 'invalid/bad\\_proof/%')
     group by told.minute
    on conflict (minute, reason) do update
       set ended = excluded.ended, people = excluded.people`)
}

export interface MinuteRow {
  minute: Date
  reason: string
  people: number
}

export async function minutesSince(db: Queries, from: Date, limit: number): Promise<MinuteRow[]> {
  return db.many<MinuteRow>(sql`
    select minute, reason, people
      from sessions.sign_out_minute
     where minute >= ${from}
     order by minute
     limit ${limit}`)
}

/** Per stretch of time and reason, how many people. */
export async function sumsOf(
  db: Queries,
  stretches: readonly { from: Date; to: Date }[],
  limit: number,
): Promise<{ stretch: number; reason: string; people: number }[]> {
  return db.many(sql`
    select stretch.number::int as stretch, told.reason, sum(told.people)::float8 as people
      from unnest(${stretches.map((each) => each.from)}::timestamptz[], ${stretches.map((each) => each.to)}::timestamptz[])
           with ordinality as stretch (from_at, to_at, number)
      join sessions.sign_out_minute told on told.minute >= stretch.from_at and told.minute < stretch.to_at
     group by stretch.number, told.reason
     limit ${limit}`)
}

export interface Episode {
  id: string
  class: SignOutClass
  began_at: Date
  noticed_at: Date
  quiet_since: Date | null
  over_at: Date | null
  counted: number
  usual: number
}

export async function openEpisodes(db: Queries, limit: number): Promise<Episode[]> {
  return db.many<Episode>(sql`
    select id, class, began_at, noticed_at, quiet_since, over_at, counted, usual::float8 as usual
      from sessions.sign_out_episode
     where over_at is null
     order by began_at
     limit ${limit}`)
}

export async function episodesBetween(db: Queries, from: Date, to: Date, limit: number): Promise<Episode[]> {
  return db.many<Episode>(sql`
    select id, class, began_at, noticed_at, quiet_since, over_at, counted, usual::float8 as usual
      from sessions.sign_out_episode
     where began_at <= ${to}
       and coalesce(over_at, 'infinity') >= ${from}
     order by began_at desc
     limit ${limit}`)
}

export async function insertEpisode(db: Queries, episode: Episode): Promise<void> {
  await db.run(sql`
    insert into sessions.sign_out_episode (id, class, began_at, noticed_at, counted, usual)
    values (${episode.id}, ${episode.class}, ${episode.began_at}, ${episode.noticed_at}, ${episode.counted},
            ${episode.usual})`)
}

export async function moveEpisode(db: Queries, episode: Episode): Promise<void> {
  await db.run(sql`
    update sessions.sign_out_episode
       set quiet_since = ${episode.quiet_since}, over_at = ${episode.over_at}, counted = ${episode.counted}
     where id = ${episode.id}`)
}

export async function forgetSignOutMinutes(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from sessions.sign_out_minute
     where (minute, reason) in (
       select minute, reason from sessions.sign_out_minute where minute < ${before} order by minute limit ${limit})`)
}
