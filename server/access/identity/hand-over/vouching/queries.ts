import { type Queries, sql } from '../../../../platform/database/index.ts'
import { type Vouched, type Vouching, VOUCHINGS_IN_BROWSER_MAX } from './vouching.ts'

const columns = sql`id, browser_digest, audience, here, return_to, created_at, expires_at, user_id, session_id, code_expires_at, used_at`

type Asked = Omit<Vouching, 'session_id' | 'code_expires_at' | 'used_at'> & { state_digest: Buffer }

/** Those that this browser began long before are over. */
export async function putVouching(db: Queries, asked: Asked): Promise<void> {
  const { id, state_digest, browser_digest, audience, here, return_to, user_id, created_at, expires_at } = asked
  await db.run(sql`
    with over as (
      delete from identity.vouching
       where id in (
         select id
           from identity.vouching
          where browser_digest = ${browser_digest}
          order by id desc
         offset ${VOUCHINGS_IN_BROWSER_MAX - 1}))
    insert into identity.vouching
           (id, state_digest, browser_digest, audience, here, return_to, user_id, created_at, expires_at)
    values (${id}, ${state_digest}, ${browser_digest}, ${audience}, ${here}, ${return_to}, ${user_id}, ${created_at},
            ${expires_at})`)
}

export async function findByState(db: Queries, stateDigest: Buffer): Promise<Vouching | undefined> {
  return db.maybe<Vouching>(sql`
    select ${columns}
      from identity.vouching
     where state_digest = ${stateDigest}`)
}

export async function findByCode(db: Queries, codeDigest: Buffer): Promise<Vouched | undefined> {
  return db.maybe<Vouched>(sql`
    select ${columns}
      from identity.vouching
     where code_digest = ${codeDigest}`)
}

/** False: it was used or is over. A code that was given before is worth nothing from now on. */
export async function vouchBy(
  db: Queries,
  given: { id: string; sessionId: string; codeDigest: Buffer; codeExpiresAt: Date },
  now: Date,
): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.vouching
       set session_id = ${given.sessionId},
           code_digest = ${given.codeDigest},
           code_expires_at = ${given.codeExpiresAt}
     where id = ${given.id}
       and used_at is null
       and expires_at > ${now}`)
  return touched === 1
}

/** True for the one caller that used it up, while its code is the newest and good. */
export async function useVouching(
  db: Queries,
  { id, codeDigest }: { id: string; codeDigest: Buffer },
  now: Date,
): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.vouching
       set used_at = ${now}
     where id = ${id}
       and code_digest = ${codeDigest}
       and used_at is null
       and code_expires_at > ${now}`)
  return touched === 1
}

/** Its code was shown where it does not belong. */
export async function voidVouching(db: Queries, id: string, now: Date): Promise<void> {
  await db.run(sql`
    update identity.vouching
       set used_at = ${now}
     where id = ${id}
       and used_at is null`)
}

export async function deleteExpiredVouchings(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.vouching
     where id in (
       select id
         from identity.vouching
        where expires_at <= ${before}
        order by expires_at
        limit ${limit}
          for update skip locked)`)
}
