import { type Queries, sql } from '../platform/database/index.ts'

export interface RoleRow {
  version: number
  is_superuser: boolean
  /** Tables of ours that this role owns, or whose owner it may become. */
  owned: number
  may_create: boolean
  is_encrypted: boolean
  /** Seconds that PostgreSQL's clock is ahead of `now`. */
  skew_s: number
}

/** What the role that access works as may do. `schemas` are those of Holdfast. */
export async function describeRole(db: Queries, schemas: readonly string[], now: Date): Promise<RoleRow> {
  return db.one<RoleRow>(sql`
    select current_setting('server_version_num')::int / 10000 as version,
           (select rolsuper from pg_catalog.pg_roles where rolname = current_user) as is_superuser,
           (select count(*)::int
              from pg_catalog.pg_tables
             where schemaname = any(${schemas})
               and pg_has_role(current_user, tableowner, 'member')) as owned,
           has_database_privilege(current_database(), 'create') as may_create,
           coalesce((select ssl from pg_catalog.pg_stat_ssl where pid = pg_backend_pid()), false) as is_encrypted,
           extract(epoch from clock_timestamp() - ${now}::timestamptz)::float8 as skew_s`)
}
