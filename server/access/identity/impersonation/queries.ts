import { type Queries, sql } from '../../../platform/database/index.ts'

/** Support that acts as a person, as PostgreSQL has it. */
export interface ImpersonationRow {
  id: string
  user_id: string
  user_email: string | null
  user_name: string | null
  audience: string
  staff_id: string
  staff_name: string | null
  reason: string
  minutes: number
  created_at: Date
  token_expires_at: Date
  session_id: string | null
  started_at: Date | null
  ends_at: Date | null
  ended_at: Date | null
  ended_by: string | null
  end_reason: string | null
}

const columns = sql`
  impersonation.id, impersonation.user_id, person.email as user_email, person.name as user_name, impersonation.audience,
  impersonation.staff_id, impersonation.staff_name, impersonation.reason, impersonation.minutes, impersonation.created_at,
  impersonation.token_expires_at, impersonation.session_id, impersonation.started_at, impersonation.ends_at,
  impersonation.ended_at, impersonation.ended_by, impersonation.end_reason`
const source = sql`identity.impersonation left join identity.user person on person.id = impersonation.user_id`

export async function insertImpersonation(
  db: Queries,
  made: Pick<
    ImpersonationRow,
    'id' | 'user_id' | 'audience' | 'staff_id' | 'staff_name' | 'reason' | 'minutes' | 'created_at' | 'token_expires_at'
  > & { token_digest: Buffer },
): Promise<void> {
  await db.run(sql`
    insert into identity.impersonation (id, user_id, audience, staff_id, staff_name, reason, minutes, created_at,
                                        token_digest, token_expires_at)
    values (${made.id}, ${made.user_id}, ${made.audience}, ${made.staff_id}, ${made.staff_name}, ${made.reason},
            ${made.minutes}, ${made.created_at}, ${made.token_digest}, ${made.token_expires_at})`)
}

export async function findImpersonation(db: Queries, id: string): Promise<ImpersonationRow | undefined> {
  return db.maybe<ImpersonationRow>(sql`select ${columns} from ${source} where impersonation.id = ${id} limit 1`)
}

export async function findByToken(db: Queries, digest: Buffer): Promise<ImpersonationRow | undefined> {
  return db.maybe<ImpersonationRow>(sql`
    select ${columns} from ${source} where impersonation.token_digest = ${digest} limit 1`)
}

/** Of two that come at once, one gets it. */
export async function useToken(
  db: Queries,
  used: { id: string; sessionId: string; now: Date; endsAt: Date },
): Promise<boolean> {
  const rows = await db.run(sql`
    update identity.impersonation
       set session_id = ${used.sessionId}, started_at = ${used.now}, ends_at = ${used.endsAt}
     where id = ${used.id}
       and started_at is null
       and ended_at is null
       and token_expires_at > ${used.now}`)
  return rows === 1
}

export async function markEnded(
  db: Queries,
  ended: { id: string; at: Date; by: string; reason: string },
): Promise<boolean> {
  const rows = await db.run(sql`
    update identity.impersonation
       set ended_at = ${ended.at}, ended_by = ${ended.by}, end_reason = ${ended.reason}
     where id = ${ended.id}
       and ended_at is null`)
  return rows === 1
}

export async function liveImpersonations(db: Queries, limit: number): Promise<ImpersonationRow[]> {
  return db.many<ImpersonationRow>(sql`
    select ${columns}
      from ${source}
     where impersonation.started_at is not null
       and impersonation.ended_at is null
     order by impersonation.ends_at
     limit ${limit}`)
}

export async function findBySession(
  db: Queries,
  sessionId: string,
  userId: string,
): Promise<ImpersonationRow | undefined> {
  return db.maybe<ImpersonationRow>(sql`
    select ${columns}
      from ${source}
     where impersonation.user_id = ${userId}
       and impersonation.session_id = ${sessionId}
     limit 1`)
}

/** Of who is deleted for good ids stay: the reason that was written about them goes, and their name where they acted. */
export async function forgetPerson(db: Queries, userId: string): Promise<void> {
  await db.run(sql`
    update identity.impersonation
       set reason = ''
     where user_id = ${userId}`)
  await db.run(sql`
    update identity.impersonation
       set staff_name = null
     where staff_id = ${userId}`)
}

export async function listImpersonations(
  db: Queries,
  filter: { userId?: string | undefined; beforeId?: string | undefined; limit: number },
): Promise<ImpersonationRow[]> {
  const { userId, beforeId, limit } = filter
  return db.many<ImpersonationRow>(sql`
    select ${columns}
      from ${source}
     where true
       ${userId === undefined ? sql`` : sql`and impersonation.user_id = ${userId}`}
       ${beforeId === undefined ? sql`` : sql`and impersonation.id < ${beforeId}`}
     order by impersonation.id desc
     limit ${limit}`)
}
