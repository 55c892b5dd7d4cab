import { type Queries, sql } from '../../../platform/database/index.ts'
import { ADMINISTRATORS_MAX, type StaffRow } from '../queries.ts'
import type { StaffRole } from '../scopes.ts'

/** Until the end of the transaction nobody else changes who is staff, so that two cannot remove each other. */
export async function lockStaff(db: Queries): Promise<void> {
  await db.run(sql`select pg_advisory_xact_lock(hashtextextended('environment.staff', 0))`)
}

export async function findStaff(db: Queries, userId: string): Promise<StaffRow | undefined> {
  return db.maybe<StaffRow>(sql`
    select user_id, role, granted_at, granted_by
      from environment.administrator
     where user_id = ${userId}`)
}

export async function otherAdministrators(db: Queries, userId: string): Promise<string[]> {
  const rows = await db.many<{ user_id: string }>(sql`
    select user_id
      from environment.administrator
     where role = 'administrator'
       and user_id <> ${userId}
     limit ${ADMINISTRATORS_MAX}`)
  return rows.map((row) => row.user_id)
}

export async function setRole(
  db: Queries,
  staff: { userId: string; role: StaffRole; by: string },
  now: Date,
): Promise<StaffRow> {
  return db.one<StaffRow>(sql`
    insert into environment.administrator (user_id, role, granted_at, granted_by)
    values (${staff.userId}, ${staff.role}, ${now}, ${staff.by})
    on conflict (user_id) do update
       set role = excluded.role,
           granted_at = excluded.granted_at,
           granted_by = excluded.granted_by
    returning user_id, role, granted_at, granted_by`)
}

export async function removeStaff(db: Queries, userId: string): Promise<void> {
  await db.run(sql`
    delete from environment.administrator
     where user_id = ${userId}`)
}
