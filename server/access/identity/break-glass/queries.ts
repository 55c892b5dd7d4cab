import { type Queries, sql } from '../../../platform/database/index.ts'
import { CODES_IN_SET } from './code.ts'

/** Staff are a handful; as many as the list of staff may hold. */
const PEOPLE_MAX = 1000

export interface Person {
  id: string
  email: string
  name: string | null
  locale: string | null
  time_zone: string | null
}

export async function peopleById(db: Queries, ids: readonly string[]): Promise<Person[]> {
  return db.many<Person>(sql`
    select id, email, name, locale, time_zone
      from identity.user
     where id = any(${ids}::text[])
     limit ${PEOPLE_MAX}`)
}

/** What was printed before is void. */
export async function replaceCodes(
  db: Queries,
  set: { userId: string; digests: readonly Buffer[]; by: string },
  now: Date,
): Promise<void> {
  await db.run(sql`delete from identity.break_glass_code where user_id = ${set.userId}`)
  await db.run(sql`
    insert into identity.break_glass_code (digest, user_id, printed_at, printed_by)
    select digest, ${set.userId}, ${now}, ${set.by}
      from unnest(${set.digests}::bytea[]) as digest`)
}

export async function deleteCodes(db: Queries, userId: string): Promise<void> {
  await db.run(sql`delete from identity.break_glass_code where user_id = ${userId}`)
}

export interface CodeSet {
  user_id: string
  printed_at: Date
  left: number
}

export async function listSets(db: Queries): Promise<CodeSet[]> {
  return db.many<CodeSet>(sql`
    select user_id, max(printed_at) as printed_at, (count(*) filter (where used_at is null))::int as left
      from identity.break_glass_code
     group by user_id
     order by user_id
     limit ${PEOPLE_MAX}`)
}

/** All of a person's, used ones too: whether one was used is not told by the time it takes. */
export async function codesOf(db: Queries, userId: string): Promise<{ digest: Buffer; used_at: Date | null }[]> {
  return db.many(sql`
    select digest, used_at
      from identity.break_glass_code
     where user_id = ${userId}
     order by digest
     limit ${CODES_IN_SET}`)
}

/** True for the one caller that used it up. `isReopened`: a lost session's code may be used by its browser again. */
export async function useCode(
  db: Queries,
  { digest, isReopened }: { digest: Buffer; isReopened: boolean },
  now: Date,
): Promise<boolean> {
  const rows = await db.run(sql`
    update identity.break_glass_code
       set used_at = ${now}
     where digest = ${digest}
       and (used_at is null or ${isReopened})`)
  return rows === 1
}
