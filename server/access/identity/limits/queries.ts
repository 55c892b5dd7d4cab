import { type Queries, sql } from '../../../platform/database/index.ts'

/** Takes one where the pace allows it, in one statement; false: too early, and nothing was changed. */
export async function takePace(
  db: Queries,
  pace: { kind: string; subject: Buffer; everyMs: number; toleranceMs: number },
  now: Date,
): Promise<boolean> {
  const nextDueAt = new Date(now.getTime() + pace.everyMs)
  const latestDueAt = new Date(now.getTime() + pace.toleranceMs)
  const rows = await db.many(sql`
    insert into identity.pace as held (kind, subject, due_at)
    values (${pace.kind}, ${pace.subject}, ${nextDueAt})
    on conflict (kind, subject) do update
       set due_at = greatest(held.due_at, ${now}::timestamptz) + ${pace.everyMs}::int * interval '1 millisecond'
     where held.due_at <= ${latestDueAt}
    returning 1`)
  return rows.length === 1
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
  const { total } = await db.one<{ total: number }>(sql`
    select coalesce(sum(count), 0)::int as total
      from identity.wrong_code
     where subject = ${subject}
       and hour > ${since}`)
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
