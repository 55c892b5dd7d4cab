import { type Queries, sql } from '../../../platform/database/index.ts'
import { CODES_IN_SET } from '../break-glass/code.ts'

/** The set before is void. */
export async function replaceCodes(
  db: Queries,
  { userId, digests }: { userId: string; digests: readonly Buffer[] },
  now: Date,
): Promise<void> {
  await db.run(sql`delete from identity.recovery_code where user_id = ${userId}`)
  await db.run(sql`
    insert into identity.recovery_code (digest, user_id, made_at)
    select digest, ${userId}, ${now}
      from unnest(${digests}::bytea[]) as digest`)
}

/** All of a person's, used ones too: whether one was used is not told by the time it takes. */
export async function codesOf(
  db: Queries,
  userId: string,
): Promise<{ digest: Buffer; made_at: Date; used_at: Date | null }[]> {
  return db.many(sql`
    select digest, made_at, used_at
      from identity.recovery_code
     where user_id = ${userId}
     order by digest
     limit ${CODES_IN_SET}`)
}

/** True for the one caller that used it up. */
export async function useCode(db: Queries, digest: Buffer, now: Date): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.recovery_code
       set used_at = ${now}
     where digest = ${digest}
       and used_at is null`)
  return touched === 1
}
