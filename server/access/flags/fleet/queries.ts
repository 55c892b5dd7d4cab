import { type Queries, sql } from '../../../platform/database/index.ts'
import type { FlagNumber } from '../entry.ts'
import type { FleetMember } from './fleet.ts'

/** Newest first; of each application its own, `access` is the processes of access themselves. */
export async function listReports(db: Queries, since: Date, limit: number): Promise<FleetMember[]> {
  return db.many<FleetMember>(sql`
    select application, instance, epoch::float8 as epoch, seq::float8 as seq, source, age_ms::float8 as age_ms,
           fallbacks, faults, key_list_number::float8 as key_list_number, reported_at
      from flags.report
     where reported_at > ${since}
     order by epoch, seq, application, instance
     limit ${limit}`)
}

export async function putReports(db: Queries, members: readonly FleetMember[]): Promise<void> {
  await db.run(sql`
    insert into flags.report (application, instance, epoch, seq, source, age_ms, fallbacks, faults, key_list_number,
                              reported_at)
    select application, instance, epoch, seq, source, age_ms, fallbacks, faults, key_list_number, reported_at
      from jsonb_to_recordset(${JSON.stringify(members)}::jsonb)
        as row (application text, instance text, epoch bigint, seq bigint, source text, age_ms bigint,
                fallbacks jsonb, faults jsonb, key_list_number bigint, reported_at timestamptz)
    on conflict (application, instance) do update
       set epoch = excluded.epoch,
           seq = excluded.seq,
           source = excluded.source,
           age_ms = excluded.age_ms,
           fallbacks = excluded.fallbacks,
           faults = excluded.faults,
           key_list_number = excluded.key_list_number,
           reported_at = excluded.reported_at`)
}

export async function forgetReports(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from flags.report
     where (application, instance) in (
       select application, instance
         from flags.report
        where reported_at < ${before}
        order by reported_at
        limit ${limit})`)
}

/** What quarantined clients hold and the snapshot that was offered to them has not. */
export async function missingReported(
  db: Queries,
  limit: number,
): Promise<{ kind: 'flag' | 'evaluator'; key: string }[]> {
  return db.many(sql`
    select distinct missing ->> 'kind' as kind, missing ->> 'key' as key
      from flags.report,
           jsonb_array_elements(faults) as fault,
           jsonb_array_elements(coalesce(fault -> 'missing', '[]')) as missing
     where missing ->> 'kind' in ('flag', 'evaluator')
     limit ${limit}`)
}

/** Told before a person said what is true. Whoever lives tells again what they hold. */
export async function forgetReportsAbove(db: Queries, { epoch, seq }: FlagNumber): Promise<number> {
  return db.run(sql`
    delete from flags.report
     where (epoch, seq) > (${epoch}::bigint, ${seq}::bigint)`)
}

/** The greatest lists of signing keys that anybody says they saw. */
export async function toldKeyLists(db: Queries, limit: number): Promise<number[]> {
  const rows = await db.many<{ number: number }>(sql`
    select distinct key_list_number::float8 as number
      from flags.report
     where key_list_number is not null
     order by number desc
     limit ${limit}`)
  return rows.map(({ number }) => number)
}
