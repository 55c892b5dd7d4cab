import { type Queries, sql } from '../../platform/database/index.ts'
import type { Locker, LockerName } from './locker.ts'

export async function findLocker(db: Queries, { application, key }: LockerName): Promise<Locker | undefined> {
  return db.maybe<Locker>(sql`
    select content, expires_at, changed_at
      from lockers.locker
     where application = ${application}
       and key = ${key}`)
}

export interface Filling extends LockerName {
  content: string
  expiresAt: Date
  changedAt: Date
  /** What was changed after this stays; null: this is newer than anything. */
  newerThan: Date | null
  /** No new row. */
  isFull: boolean
}

/** False: it was emptied, holds something newer, or would be one too many. */
export async function fillLocker(db: Queries, filling: Filling, now: Date): Promise<boolean> {
  const { application, key, content, expiresAt, changedAt, newerThan, isFull } = filling
  const rows = await db.run(sql`
    insert into lockers.locker as held (application, key, content, expires_at, changed_at)
    select ${application}::text, ${key}::bytea, ${content}::text, ${expiresAt}::timestamptz, ${changedAt}::timestamptz
     where not ${isFull}::boolean
        or exists (select from lockers.locker where application = ${application} and key = ${key})
    on conflict (application, key) do update
       set content = excluded.content,
           expires_at = excluded.expires_at,
           changed_at = excluded.changed_at
     where held.expires_at <= ${now}
        or held.content is not null
       and (${newerThan}::timestamptz is null or held.changed_at <= ${newerThan})`)
  return rows === 1
}

export async function moveExpiry(db: Queries, { application, key }: LockerName, expiresAt: Date): Promise<boolean> {
  const rows = await db.run(sql`
    update lockers.locker
       set expires_at = ${expiresAt}
     where application = ${application}
       and key = ${key}
       and content is not null`)
  return rows === 1
}

/** Leaves a row without content, also where there was none: what another process writes late finds it. */
export async function emptyLocker(
  db: Queries,
  emptied: LockerName & { expiresAt: Date; isFull: boolean },
  now: Date,
): Promise<void> {
  const { application, key, expiresAt, isFull } = emptied
  await db.run(sql`
    insert into lockers.locker as held (application, key, content, expires_at, changed_at)
    select ${application}::text, ${key}::bytea, null, ${expiresAt}::timestamptz, ${now}::timestamptz
     where not ${isFull}::boolean
        or exists (select from lockers.locker where application = ${application} and key = ${key})
    on conflict (application, key) do update
       set content = null,
           expires_at = excluded.expires_at,
           changed_at = excluded.changed_at
     where held.content is not null
        or held.expires_at <= ${now}`)
}

/** How many have a key between two: keys are digests, so any stretch of them is a fair sample. */
export async function countBetween(
  db: Queries,
  { application, from, to, limit }: { application: string; from: Buffer; to: Buffer; limit: number },
): Promise<number> {
  const { total } = await db.one<{ total: number }>(sql`
    select count(*)::int as total
      from (select from lockers.locker
             where application = ${application}
               and key >= ${from}
               and key < ${to}
             limit ${limit}) as sample`)
  return total
}

export async function removeExpired(db: Queries, now: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from lockers.locker
     where (application, key) in (
       select application, key
         from lockers.locker
        where expires_at <= ${now}
        order by expires_at
        limit ${limit}
          for update skip locked)`)
}
