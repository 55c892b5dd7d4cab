import { type Queries, sql } from '../../../platform/database/index.ts'

const NOBODY = JSON.stringify({ email: null, name: null, picture_url: null })
const NOWHERE = JSON.stringify({ user_agent: '', address: '' })

/** Takes out of ended sessions who and where it was; what kind of browser it was stays. Answers how many there were. */
export async function anonymiseSessions(db: Queries, userId: string, limit: number): Promise<number> {
  return db.run(sql`
    update sessions.session
       set person = ${NOBODY}::jsonb,
           device = device || ${NOWHERE}::jsonb
     where id in (
       select id
         from sessions.session
        where user_id = ${userId}
          and ended_at is not null
          and (person <> ${NOBODY}::jsonb or device ->> 'address' <> '' or device ->> 'user_agent' <> '')
        order by id desc
        limit ${limit})`)
}
