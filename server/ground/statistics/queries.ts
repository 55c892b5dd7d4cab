import { type Queries, sql } from '../../platform/database/index.ts'
import type { Bucket } from './bucket.ts'

/** Any number that no other advisory lock of ours has: "hf" and 17. */
const COUNTER_LOCK = 0x6866_0011
/** Two days of minutes with every measure and method, and room. */
const BUCKETS_MAX = 200_000

/** Held until the transaction ends: of several processes one counts, and the others do not wait. */
export async function takeCounterTurn(db: Queries): Promise<boolean> {
  const { isMine } = await db.one<{ isMine: boolean }>(sql`
    select pg_try_advisory_xact_lock(${COUNTER_LOCK}) as "isMine"`)
  return isMine
}

export interface Progress {
  counted_until: Date
  days_until: Date | null
}

export async function readProgress(db: Queries): Promise<Progress | undefined> {
  return db.maybe<Progress>(sql`select counted_until, days_until from statistics.progress limit 1`)
}

export async function keepProgress(db: Queries, { counted_until, days_until }: Progress): Promise<void> {
  await db.run(sql`
    insert into statistics.progress (counted_until, days_until) values (${counted_until}, ${days_until})
    on conflict (only_row) do update
       set counted_until = excluded.counted_until, days_until = excluded.days_until`)
}

/** What was counted before of the same stretch; what was sampled or observed stays. */
export async function deleteCounted(
  db: Queries,
  stretch: { step: number; from: Date; to: Date; except: readonly string[] },
): Promise<void> {
  await db.run(sql`
    delete from statistics.bucket
     where step = ${stretch.step}
       and at >= ${stretch.from}
       and at < ${stretch.to}
       and measure <> all(${stretch.except})`)
}

export async function insertBuckets(db: Queries, step: number, buckets: readonly Bucket[]): Promise<void> {
  const of = <Value>(read: (bucket: Bucket) => Value) => buckets.map(read)
  await db.run(sql`
    insert into statistics.bucket (organization_id, step, at, measure, method, count, sum, histogram)
    select organization_id, ${step}::int, at, measure, method, count, sum, histogram::int[]
      from unnest(${of((each) => each.organization_id)}::text[], ${of((each) => each.at)}::timestamptz[],
                  ${of((each) => each.measure)}::text[], ${of((each) => each.method)}::text[],
                  ${of((each) => each.count)}::float8[], ${of((each) => each.sum)}::float8[],
                  ${of((each) => each.histogram && `{${each.histogram.join(',')}}`)}::text[])
           as bucket (organization_id, at, measure, method, count, sum, histogram)
    on conflict (organization_id, step, at, measure, method) do update
       set count = excluded.count, sum = excluded.sum, histogram = excluded.histogram`)
}

export async function hasSample(db: Queries, at: Date): Promise<boolean> {
  const row = await db.maybe(sql`
    select 1 from statistics.bucket
     where organization_id = '' and step = 60 and at = ${at} and measure = 'sessions' and method = ''
     limit 1`)
  return row !== undefined
}

/** Of the finer buckets that begin in this stretch, which holds whole ones of the coarser step. */
export async function addUpBuckets(
  db: Queries,
  asked: { finer: number; step: number; from: Date; to: Date },
): Promise<void> {
  const { finer, step, from, to } = asked
  await db.run(sql`
    insert into statistics.bucket (organization_id, step, at, measure, method, count, sum, histogram)
    select organization_id, ${step}::int, to_timestamp(floor(extract(epoch from at) / ${step}::int) * ${step}::int),
           measure, method, sum(count), sum(sum), statistics.histogram_sum(histogram)
      from statistics.bucket
     where step = ${finer}
       and at >= ${from}
       and at < ${to}
     group by 1, 3, 4, 5
    on conflict (organization_id, step, at, measure, method) do update
       set count = excluded.count, sum = excluded.sum, histogram = excluded.histogram`)
}

/** Of one organisation, and when anybody was there to count. */
export async function bucketsOf(
  db: Queries,
  asked: { organizationId: string; step: number; from: Date; to: Date },
): Promise<Bucket[]> {
  const { organizationId, step, from, to } = asked
  return db.many<Bucket>(sql`
    select organization_id, at, measure, method, count, sum, histogram
      from statistics.bucket
     where organization_id = ${organizationId}
       and step = ${step}
       and at >= ${from}
       and at < ${to}
     union all
    select organization_id, at, measure, method, count, sum, histogram
      from statistics.bucket
     where organization_id = ''
       and ${organizationId} <> ''
       and step = ${step}
       and at >= ${from}
       and at < ${to}
       and measure = 'observed'
     limit ${BUCKETS_MAX}`)
}

export async function deleteOldBuckets(db: Queries, step: number, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from statistics.bucket
     where ctid = any(array(
       select ctid
         from statistics.bucket
        where step = ${step}
          and at < ${before}
        limit ${limit}))`)
}
