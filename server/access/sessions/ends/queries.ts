import type { Reason } from '../../../../sdk/contract.ts'
import { type Queries, sql } from '../../../platform/database/index.ts'
import { columns } from '../queries.ts'
import type { BlindSpot, SessionRow } from '../session.ts'

/** A session with what is known of its end beyond the row itself. */
export interface EndRow extends SessionRow {
  ended_at: Date
  end_reason: Reason
  /** The browser in which the button was pressed. */
  ended_in_device: string | null
}

export interface EndFilter {
  userId?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  /** Where the page before stopped. */
  before?: { endedAt: Date; id: string } | undefined
  limit: number
}

/** Newest end first. */
export async function endsOf(db: Queries, { userId, from, to, before, limit }: EndFilter): Promise<EndRow[]> {
  return db.many<EndRow>(sql`
    select ${columns},
           (select used.device ->> 'name' from sessions.session used where used.id = session.ended_in limit 1)
             as ended_in_device
      from sessions.session
     where session.ended_at is not null
       ${userId === undefined ? sql`` : sql`and session.user_id = ${userId}`}
       ${from === undefined ? sql`` : sql`and session.ended_at >= ${from}`}
       ${to === undefined ? sql`` : sql`and session.ended_at < ${to}`}
       ${before === undefined ? sql`` : sql`and session.ended_at <= ${before.endedAt} and (session.ended_at, session.id) < (${before.endedAt}, ${before.id})`}
     order by session.ended_at desc, session.id desc
     limit ${limit}`)
}

export async function sessionWithEnd(
  db: Queries,
  id: string,
): Promise<(SessionRow & { ended_in_device: string | null }) | undefined> {
  return db.maybe(sql`
    select ${columns},
           (select used.device ->> 'name' from sessions.session used where used.id = session.ended_in limit 1)
             as ended_in_device
      from sessions.session
     where session.id = ${id}
     limit 1`)
}

/** How people were called at their newest sign-in; this feature knows them by their sessions alone. */
export async function namesOf(db: Queries, userIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.many<{ id: string; label: string | null }>(sql`
    select asked.id, newest.label
      from unnest(${userIds}::text[]) as asked (id)
     cross join lateral (
       select coalesce(session.person ->> 'name', session.person ->> 'email') as label
         from sessions.session
        where session.user_id = asked.id
        order by session.id desc
        limit 1) as newest
     limit ${userIds.length}`)
  return new Map(rows.flatMap(({ id, label }) => (label ? [[id, label] as const] : [])))
}

export async function blindBetween(db: Queries, from: Date, to: Date, limit: number): Promise<BlindSpot[]> {
  return db.many<BlindSpot>(sql`
    select started_at, ended_at
      from sessions.blind_spot
     where ended_at > ${from}
       and started_at < ${to}
     order by started_at
     limit ${limit}`)
}
