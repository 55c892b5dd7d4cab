import { type Queries, sql } from '../../../platform/database/index.ts'
import type { RescueRow } from './rescue.ts'

const columns = sql`
  rescue.id, rescue.organization_id, rescue.user_id, person.email as user_email, person.name as user_name, rescue.audience,
  rescue.hand_over, rescue.reason, rescue.issued_by, rescue.issued_by_name, rescue.created_at, rescue.expires_at,
  rescue.used_at, rescue.session_id, rescue.withdrawn_at, rescue.withdrawn_by`
const source = sql`identity.rescue left join identity.user person on person.id = rescue.user_id`

type Made = Pick<
  RescueRow,
  | 'id'
  | 'organization_id'
  | 'user_id'
  | 'audience'
  | 'hand_over'
  | 'reason'
  | 'issued_by'
  | 'issued_by_name'
  | 'created_at'
  | 'expires_at'
> & { digest: Buffer }

/** A person has one at a time: those before are withdrawn by whoever makes this one. */
export async function insertRescue(db: Queries, made: Made): Promise<void> {
  await db.run(sql`
    update identity.rescue
       set withdrawn_at = ${made.created_at}, withdrawn_by = ${made.issued_by}
     where user_id = ${made.user_id}
       and used_at is null
       and withdrawn_at is null
       and expires_at > ${made.created_at}`)
  await db.run(sql`
    insert into identity.rescue (id, organization_id, user_id, audience, digest, hand_over, reason, issued_by, issued_by_name,
                                 created_at, expires_at)
    values (${made.id}, ${made.organization_id}, ${made.user_id}, ${made.audience}, ${made.digest}, ${made.hand_over},
            ${made.reason}, ${made.issued_by}, ${made.issued_by_name}, ${made.created_at}, ${made.expires_at})`)
}

export async function findRescue(db: Queries, id: string): Promise<RescueRow | undefined> {
  return db.maybe<RescueRow>(sql`select ${columns} from ${source} where rescue.id = ${id} limit 1`)
}

/** The newest of a person: there is no other that could be good. */
export async function newestOf(db: Queries, userId: string): Promise<(RescueRow & { digest: Buffer }) | undefined> {
  return db.maybe<RescueRow & { digest: Buffer }>(sql`
    select ${columns}, rescue.digest
      from ${source}
     where rescue.user_id = ${userId}
     order by rescue.id desc
     limit 1`)
}

/** True for the one caller that used it up. `isReopened`: a lost session's code may be used by its person again. */
export async function useRescue(
  db: Queries,
  { id, isReopened }: { id: string; isReopened: boolean },
  now: Date,
): Promise<boolean> {
  const rows = await db.run(sql`
    update identity.rescue
       set used_at = ${now}
     where id = ${id}
       and (used_at is null or ${isReopened})
       and withdrawn_at is null
       and expires_at > ${now}`)
  return rows === 1
}

export async function keepSession(db: Queries, id: string, sessionId: string): Promise<void> {
  await db.run(sql`
    update identity.rescue
       set session_id = ${sessionId}
     where id = ${id}`)
}

export async function withdrawRescue(db: Queries, id: string, by: string, now: Date): Promise<boolean> {
  const rows = await db.run(sql`
    update identity.rescue
       set withdrawn_at = ${now}, withdrawn_by = ${by}
     where id = ${id}
       and withdrawn_at is null`)
  return rows === 1
}

export async function listRescues(
  db: Queries,
  filter: {
    organizationId?: string | undefined
    userId?: string | undefined
    beforeId?: string | undefined
    limit: number
  },
): Promise<RescueRow[]> {
  const { organizationId, userId, beforeId, limit } = filter
  return db.many<RescueRow>(sql`
    select ${columns}
      from ${source}
     where true
       ${organizationId === undefined ? sql`` : sql`and rescue.organization_id = ${organizationId}`}
       ${userId === undefined ? sql`` : sql`and rescue.user_id = ${userId}`}
       ${beforeId === undefined ? sql`` : sql`and rescue.id < ${beforeId}`}
     order by rescue.id desc
     limit ${limit}`)
}

/** Of who is deleted for good their name goes where they made one; what was made for them goes with their account. */
export async function forgetIssuer(db: Queries, userId: string): Promise<void> {
  await db.run(sql`
    update identity.rescue
       set issued_by_name = null
     where issued_by = ${userId}`)
}

export interface Reader {
  id: string
  email: string
  name: string | null
  locale: string | null
  time_zone: string | null
}

export async function readersAmong(db: Queries, ids: readonly string[]): Promise<Reader[]> {
  return db.many<Reader>(sql`
    select id, email, name, locale, time_zone
      from identity.user
     where id = any(${ids}::text[])
       and blocked_at is null
       and deletes_at is null
     limit ${ids.length}`)
}
