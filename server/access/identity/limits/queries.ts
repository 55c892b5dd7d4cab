import { prepared, type Queries, sql } from '../../../platform/database/index.ts'

export interface Pace {
  kind: string
  subject: Buffer
  everyMs: number
  toleranceMs: number
}

const takePaces = (paces: readonly Pace[], now: Date) => sql`
    insert into identity.pace as held (kind, subject, due_at)
    select asked.kind, asked.subject, ${now}::timestamptz + asked.every_ms * interval '1 millisecond'
      from unnest(${paces.map(({ kind }) => kind)}::text[], ${paces.map(({ subject }) => subject)}::bytea[],
                  ${paces.map(({ everyMs }) => everyMs)}::float8[])
           with ordinality as asked (kind, subject, every_ms, place)
     order by asked.place
    on conflict (kind, subject) do update
       set due_at = greatest(held.due_at, ${now}::timestamptz) + (excluded.due_at - ${now}::timestamptz)
     where held.due_at <= ${now}::timestamptz + interval '1 millisecond' * (
             select tolerance_ms
               from unnest(${paces.map(({ kind }) => kind)}::text[],
                           ${paces.map(({ toleranceMs }) => toleranceMs)}::float8[]) as allowed (kind, tolerance_ms)
              where allowed.kind = held.kind)
    returning kind`

/** Takes one of each where the pace allows it, in one statement; the kinds that were taken. No kind comes twice. */
export async function takeEach(db: Queries, paces: readonly Pace[], now: Date): Promise<string[]> {
  const rows = await db.many<{ kind: string }>(prepared(takePaces(paces, now)))
  return rows.map(({ kind }) => kind)
}

/** Takes all, or fails the transaction with `HF002`: for whoever does not wait for the answer. */
export async function takeAll(db: Queries, paces: readonly Pace[], now: Date): Promise<void> {
  await db.many(
    prepared(sql`
    with taken as (${takePaces(paces, now)})
    select platform.require(count(*) = ${paces.length}) from taken`),
  )
}

export async function findDueAt(db: Queries, kind: string, subject: Buffer): Promise<Date | undefined> {
  const row = await db.maybe<{ due_at: Date }>(sql`
    select due_at
      from identity.pace
     where kind = ${kind}
       and subject = ${subject}`)
  return row?.due_at
}

export async function addWrongCode(db: Queries, subject: Buffer, hour: Date): Promise<void> {
  await db.run(sql`
    insert into identity.wrong_code as held (subject, hour, count)
    values (${subject}, ${hour}, 1)
    on conflict (subject, hour) do update set count = held.count + 1`)
}

export async function countWrongCodes(db: Queries, subject: Buffer, since: Date): Promise<number> {
  const { total } = await db.one<{ total: number }>(
    prepared(sql`
    select coalesce(sum(count), 0)::int as total
      from identity.wrong_code
     where subject = ${subject}
       and hour > ${since}`),
  )
  return total
}

/** A pace that is no longer ahead says nothing. */
export async function deleteRestedPaces(db: Queries, now: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.pace
     where (kind, subject) in (
       select kind, subject
         from identity.pace
        where due_at <= ${now}
        order by due_at
        limit ${limit}
          for update skip locked)`)
}

export async function deleteOldWrongCodes(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.wrong_code
     where (subject, hour) in (
       select subject, hour
         from identity.wrong_code
        where hour <= ${before}
        order by hour
        limit ${limit}
          for update skip locked)`)
}
