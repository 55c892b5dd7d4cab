import { type Queries, sql } from '../../../platform/database/index.ts'
import type { VerifierMinute } from './verifier-minute.ts'

/** A minute that is told again, because the answer was lost, replaces itself. */
export async function keepMinutes(db: Queries, minutes: readonly VerifierMinute[], now: Date): Promise<void> {
  const column = <T>(of: (minute: VerifierMinute) => T) => minutes.map(of)
  await db.run(sql`
    insert into sessions.verifier_minute (minute, kind, audience, instance, counts, lag_ms, away_ms, reported_at)
    select told.minute, told.kind, told.audience, told.instance, told.counts, told.lag_ms, told.away_ms, ${now}
      from unnest(${column((each) => each.minute)}::timestamptz[], ${column((each) => each.kind)}::text[],
                  ${column((each) => each.audience)}::text[], ${column((each) => each.instance)}::text[],
                  ${column((each) => JSON.stringify(each.counts))}::jsonb[], ${column((each) => each.lagMs)}::bigint[],
                  ${column((each) => each.awayMs)}::int[])
        as told (minute, kind, audience, instance, counts, lag_ms, away_ms)
    on conflict (minute, kind, audience, instance) do update
       set counts = excluded.counts,
           lag_ms = excluded.lag_ms,
           away_ms = excluded.away_ms,
           reported_at = excluded.reported_at`)
}

export interface CountedRow {
  kind: 'access' | 'application'
  audience: string
  instance: string
  key: string
  count: number
}

export async function countsBetween(db: Queries, from: Date, to: Date, limit: number): Promise<CountedRow[]> {
  return db.many<CountedRow>(sql`
    select told.kind, told.audience, told.instance, said.key, sum(said.value::bigint)::float8 as count
      from sessions.verifier_minute told
     cross join lateral jsonb_each_text(told.counts) as said (key, value)
     where told.minute >= ${from}
       and told.minute < ${to}
     group by told.kind, told.audience, told.instance, said.key
     order by told.kind, told.audience, told.instance, said.key
     limit ${limit}`)
}

export interface VerifierRow {
  kind: 'access' | 'application'
  audience: string
  instance: string
  lag_ms: number | null
  away_ms: number
  reported_at: Date
}

export async function verifiersBetween(db: Queries, from: Date, to: Date, limit: number): Promise<VerifierRow[]> {
  return db.many<VerifierRow>(sql`
    select kind, audience, instance, max(lag_ms)::float8 as lag_ms, sum(away_ms)::float8 as away_ms,
           max(reported_at) as reported_at
      from sessions.verifier_minute
     where minute >= ${from}
       and minute < ${to}
     group by kind, audience, instance
     order by kind, audience, instance
     limit ${limit}`)
}

/** How many sessions were found gone that nothing had ended, by all processes. */
export async function vanishedBetween(db: Queries, from: Date, to: Date): Promise<number> {
  const { vanished } = await db.one<{ vanished: number }>(sql`
    select coalesce(sum((counts ->> 'vanished//')::bigint), 0)::float8 as vanished
      from sessions.verifier_minute
     where minute >= ${from}
       and minute < ${to}
       and kind = 'access'`)
  return vanished
}

export async function forgetMinutes(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from sessions.verifier_minute
     where (minute, kind, audience, instance) in (
       select minute, kind, audience, instance
         from sessions.verifier_minute
        where minute < ${before}
        order by minute
        limit ${limit})`)
}
