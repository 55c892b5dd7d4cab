import type { KeyName } from '../../../../sdk/flags/snapshot.ts'
import { type Queries, sql } from '../../../platform/database/index.ts'
import type { FlagNumber } from '../entry.ts'
import type { Claim } from './claims.ts'
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

/** What clients hold that do not follow: first what they were offered to be gone. */
export async function heldByClients(db: Queries, limit: number): Promise<KeyName[]> {
  return db.many<KeyName>(sql`
    select name ->> 'kind' as kind, name ->> 'key' as key
      from (select missing as name, place
              from flags.report,
                   jsonb_array_elements(faults) as fault,
                   jsonb_array_elements(coalesce(fault -> 'missing', '[]')) with ordinality as each (missing, place)
             union all
            select name, place
              from flags.claim,
                   jsonb_array_elements(keys) with ordinality as each (name, place)) as told
     where name ->> 'kind' in ('flag', 'evaluator')
     group by 1, 2
     order by min(place), 1, 2
     limit ${limit}`)
}

export async function putClaims(db: Queries, claims: readonly Claim[], toldAt: Date): Promise<void> {
  await db.run(sql`
    insert into flags.claim (digest, keys, told_at)
    select digest, keys, ${toldAt}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as row (digest text, keys jsonb)
    on conflict (digest) do update
       set keys = excluded.keys,
           told_at = excluded.told_at`)
}

export async function forgetClaimsButNewest(db: Queries, kept: number): Promise<number> {
  return db.run(sql`
    delete from flags.claim
     where digest not in (select digest from flags.claim order by told_at desc, digest limit ${kept})`)
}

export async function forgetClaims(db: Queries, before: Date): Promise<number> {
  return db.run(sql`
    delete from flags.claim
     where told_at <= ${before}`)
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
