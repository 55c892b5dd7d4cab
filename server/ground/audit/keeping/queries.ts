import { type Queries, sql } from '../../../platform/database/index.ts'

/** Of entries that are older than `before`. */
export async function erasePersonalBefore(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    update audit.entry
       set address = null, user_agent = null, personal_salt = null
     where id in (
       select id
         from audit.entry
        where at < ${before}
          and personal_salt is not null
        order by at
        limit ${limit}
          for update skip locked)`)
}

/** What this person did, and what somebody tried in their name before anybody was known. */
export async function erasePersonalOf(db: Queries, userId: string, limit: number): Promise<number> {
  return db.run(sql`
    update audit.entry
       set address = null, user_agent = null, personal_salt = null
     where id in (
       select id from audit.entry
        where actor_id = ${userId}
          and personal_salt is not null
        union
       select id from audit.entry
        where subject_id = ${userId}
          and actor_id = 'nobody'
          and personal_salt is not null
        limit ${limit})`)
}
