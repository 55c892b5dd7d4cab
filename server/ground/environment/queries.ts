import { type Queries, sql } from '../../platform/database/index.ts'
import type { StaffRole } from './scopes.ts'
import type { Stamp } from './stamp.ts'

export async function serverVersion(db: Queries): Promise<number> {
  const { version } = await db.one<{ version: number }>(sql`
    select current_setting('server_version_num')::int as version`)
  return version
}

/** Whether a Holdfast has ever begun to migrate here. */
export async function hasLedger(db: Queries): Promise<boolean> {
  const { found } = await db.one<{ found: boolean }>(sql`
    select exists (
      select from pg_catalog.pg_tables
       where schemaname = 'platform'
         and tablename = 'migration') as found`)
  return found
}

export async function existingSchemas(db: Queries, names: readonly string[]): Promise<string[]> {
  const rows = await db.many<{ name: string }>(sql`
    select nspname as name
      from pg_catalog.pg_namespace
     where nspname = any(${names})
     order by nspname
     limit ${names.length}`)
  return rows.map((row) => row.name)
}

/** Whether the store was ever written to by a Holdfast; asked before anything is written. */
export async function hasStampTable(db: Queries): Promise<boolean> {
  const { found } = await db.one<{ found: boolean }>(sql`
    select exists (
      select from pg_catalog.pg_tables
       where schemaname = 'environment'
         and tablename = 'stamp') as found`)
  return found
}

export async function findStamp(db: Queries): Promise<Stamp | undefined> {
  return db.maybe<Stamp>(sql`
    select environment, installation_id as "installationId"
      from environment.stamp
     limit 1`)
}

export async function findStampedAt(db: Queries): Promise<{ installationId: string; stampedAt: Date } | undefined> {
  return db.maybe(sql`
    select installation_id as "installationId", stamped_at as "stampedAt"
      from environment.stamp
     limit 1`)
}

/** Of two processes that start together, one stamps; both read what stands then. */
export async function stampOnce(db: Queries, stamp: Stamp, now: Date): Promise<void> {
  await db.many(sql`
    insert into environment.stamp (environment, installation_id, stamped_at)
    values (${stamp.environment}, ${stamp.installationId}, ${now})
    on conflict (only_row) do nothing`)
}

/** An installation has a handful; this is far above what a console could list. */
export const ADMINISTRATORS_MAX = 1000

export interface StaffRow {
  user_id: string
  role: StaffRole
  granted_at: Date
  /** Who: a `usr_…`, a `tok_…`, `enrolment`, or `command line`. */
  granted_by: string
}

export async function listStaff(db: Queries): Promise<StaffRow[]> {
  return db.many<StaffRow>(sql`
    select user_id, role, granted_at, granted_by
      from environment.administrator
     order by user_id
     limit ${ADMINISTRATORS_MAX}`)
}

export async function hasAdministrator(db: Queries): Promise<boolean> {
  const { found } = await db.one<{ found: boolean }>(sql`
    select exists (select from environment.administrator) as found`)
  return found
}

export async function grantAdministrator(db: Queries, userId: string, grantedBy: string, now: Date): Promise<void> {
  await db.many(sql`
    insert into environment.administrator (user_id, granted_at, granted_by)
    values (${userId}, ${now}, ${grantedBy})
    on conflict (user_id) do nothing`)
}

/** More processes than this start in a quarter of an hour only when something makes them start over and over. */
const ENROLMENTS_MAX = 10

/** Of several processes that start at once each prints a link, and whichever somebody opens works. */
export async function addEnrolment(
  db: Queries,
  { tokenDigest, expiresAt }: { tokenDigest: Buffer; expiresAt: Date },
  now: Date,
): Promise<void> {
  await db.run(sql`
    delete from environment.enrolment
     where used_at is not null
        or expires_at <= ${now}
        or token_digest not in (select token_digest
                                  from environment.enrolment
                                 order by expires_at desc
                                 limit ${ENROLMENTS_MAX - 1})`)
  await db.run(sql`
    insert into environment.enrolment (token_digest, expires_at)
    values (${tokenDigest}, ${expiresAt})`)
}

export async function isEnrolmentOpen(db: Queries, tokenDigest: Buffer, now: Date): Promise<boolean> {
  const { open } = await db.one<{ open: boolean }>(sql`
    select exists (
      select from environment.enrolment
       where token_digest = ${tokenDigest}
         and used_at is null
         and expires_at > ${now}) as open`)
  return open
}

/** True for the one caller that used it up; with it every other link is. One at a time, or two would be the first. */
export async function useEnrolment(db: Queries, tokenDigest: Buffer, now: Date): Promise<boolean> {
  await db.run(sql`select pg_advisory_xact_lock(hashtextextended('environment.enrolment', 0))`)
  const used = await db.run(sql`
    update environment.enrolment
       set used_at = ${now}
     where used_at is null
       and exists (select from environment.enrolment
                    where token_digest = ${tokenDigest}
                      and used_at is null
                      and expires_at > ${now})`)
  return used > 0
}
