import { type Queries, sql } from '../../../platform/database/index.ts'
import type { SessionRow } from '../session.ts'

/** A person has a handful of sessions; what a script made more of is read anew within a minute all the same. */
const SESSIONS_A_PERSON_MAX = 1000
/** What a deadline of seconds allows on a slow disk; the caller asks until there are none left. */
export const SESSIONS_AT_ONCE = 2000
/** More are told as "1000 and more": nobody reads the difference in a list. */
const COUNTED_MAX = 1000

/** False: the session has ended meanwhile. */
export async function setOrganization(
  db: Queries,
  set: { sessionId: string; organizationId: string | null; roles: readonly string[] },
): Promise<boolean> {
  const touched = await db.run(sql`
    update sessions.session
       set organization_id = ${set.organizationId}, roles = ${set.roles}
     where id = ${set.sessionId}
       and ended_at is null`)
  return touched === 1
}

/**
 * As long as it is the session that was judged. A sign-in may prove it anew in another way at the same moment, and what was
 * allowed to one of fail-over is not to stay with an ordinary one.
 */
export async function moveToOrganization(
  db: Queries,
  judged: SessionRow,
  to: { organizationId: string | null; roles: readonly string[] },
): Promise<boolean> {
  const touched = await db.run(sql`
    update sessions.session
       set organization_id = ${to.organizationId}, roles = ${to.roles}
     where id = ${judged.id}
       and ended_at is null
       and date_trunc('milliseconds', authenticated_at) = ${judged.authenticated_at}
       and amr = ${judged.amr}::text[]
       and acr = ${judged.acr}
       and organization_id is not distinct from ${judged.organization_id}
       and proven_by is not distinct from ${judged.proven_by}
       and proven_with is not distinct from ${judged.proven_with}
       and stands_in_for is not distinct from ${judged.stands_in_for}`)
  return touched === 1
}

/** Locked in one order for everybody, so that two processes that follow the same change never wait for each other. */
export async function setRoles(
  db: Queries,
  set: { userId: string; organizationId: string; roles: readonly string[] },
): Promise<void> {
  await db.run(sql`
    update sessions.session
       set roles = ${set.roles}
     where id in (
       select id
         from sessions.session
        where user_id = ${set.userId}
          and organization_id = ${set.organizationId}
          and ended_at is null
          and roles <> ${set.roles}::text[]
        order by id
        limit ${SESSIONS_A_PERSON_MAX}
          for update)`)
}

export async function clearOrganizationOf(db: Queries, userId: string, organizationId: string): Promise<void> {
  await db.run(sql`
    update sessions.session
       set organization_id = null, roles = '{}'
     where id in (
       select id
         from sessions.session
        where user_id = ${userId}
          and organization_id = ${organizationId}
          and ended_at is null
        order by id
        limit ${SESSIONS_A_PERSON_MAX}
          for update)`)
}

/** How many there were, at most `SESSIONS_AT_ONCE`. */
export async function clearOrganization(db: Queries, organizationId: string): Promise<number> {
  return db.run(sql`
    update sessions.session
       set organization_id = null, roles = '{}'
     where id in (
       select id
         from sessions.session
        where organization_id = ${organizationId}
          and ended_at is null
        order by id
        limit ${SESSIONS_AT_ONCE}
          for update)`)
}

export async function countLiveByOrganization(
  db: Queries,
  ids: readonly string[],
  max = COUNTED_MAX,
): Promise<Map<string, number>> {
  const rows = await db.many<{ id: string; live: number }>(sql`
    select organization.id, counted.live
      from unnest(${ids}::text[]) as organization (id)
     cross join lateral (
       select count(*)::int as live
         from (select from sessions.session
                where session.organization_id = organization.id
                  and session.ended_at is null
                limit ${max}) as some_sessions) as counted
     limit ${ids.length}`)
  return new Map(rows.map((row) => [row.id, row.live]))
}
