import pg from 'pg'
import { type Queries, sql } from '../platform/database/index.ts'
import type { MigrationRow, SequencePosition, Stamp } from './archive.ts'

/** A table of Holdfast's own schemas, with what its export has to know. */
export interface TableRow {
  schema: string
  table: string
  /** Without those that PostgreSQL computes. */
  columns: string[]
  /** Of those, the ones of type timestamptz, in their order. */
  times: string[]
  bytes: number
  /** Tables whose rows must be there before. */
  needs: string[]
}

const TABLES_MAX = 1000

export async function tablesOf(db: Queries, schemas: readonly string[]): Promise<TableRow[]> {
  return db.many<TableRow>(sql`
    select nspname as schema, relname as "table", pg_table_size(class.oid)::float8 as bytes,
           array(select attname::text from pg_catalog.pg_attribute
                  where attrelid = class.oid and attnum > 0 and not attisdropped and attgenerated = ''
                  order by attnum) as columns,
           array(select attname::text from pg_catalog.pg_attribute
                  where attrelid = class.oid and attnum > 0 and not attisdropped
                    and atttypid = 'timestamptz'::regtype
                  order by attnum) as times,
           array(select distinct other_schema.nspname || '.' || other.relname
                   from pg_catalog.pg_constraint as foreign_key
                   join pg_catalog.pg_class as other on other.oid = foreign_key.confrelid
                   join pg_catalog.pg_namespace as other_schema on other_schema.oid = other.relnamespace
                  where foreign_key.conrelid = class.oid and foreign_key.contype = 'f'
                    and foreign_key.confrelid <> class.oid) as needs
      from pg_catalog.pg_class as class
      join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
     where nspname = any(${schemas})
       and relkind = 'r'
     order by nspname, relname
     limit ${TABLES_MAX}`)
}

/** Positions of sequences, those of identity columns included; one that was never used has none. */
export async function sequencesOf(db: Queries, schemas: readonly string[]): Promise<SequencePosition[]> {
  return db.many<SequencePosition>(sql`
    select schemaname as schema, sequencename as name, last_value::text as last
      from pg_catalog.pg_sequences
     where schemaname = any(${schemas})
       and last_value is not null
     order by schemaname, sequencename
     limit ${TABLES_MAX}`)
}

const MIGRATIONS_MAX = 10_000

export async function appliedMigrations(db: Queries): Promise<MigrationRow[]> {
  return db.many<MigrationRow>(sql`
    select schema_name as schema, name, checksum
      from platform.migration
     order by schema_name, name
     limit ${MIGRATIONS_MAX}`)
}

export async function whenAndWhere(db: Queries): Promise<{ at: Date; wal: string; postgres: string }> {
  return db.one(sql`
    select transaction_timestamp() as at, coalesce(pg_current_wal_lsn()::text, '') as wal,
           current_setting('server_version') as postgres`)
}

export async function findStamp(db: Queries): Promise<Stamp | undefined> {
  return db.maybe<Stamp>(sql`
    select environment, installation_id as "installationId"
      from environment.stamp
     limit 1`)
}

/** True when it is ours until this connection ends. */
export async function takeLock(db: Queries, number: number): Promise<boolean> {
  const { taken } = await db.one<{ taken: boolean }>(sql`select pg_try_advisory_lock(${number}) as taken`)
  return taken
}

/** `begin` of a snapshot in which nothing can be changed, and that may stand idle while its reader is slow. */
export const BEGIN_SNAPSHOT = 'begin isolation level repeatable read, read only'
export const BEGIN_LOAD = 'begin'
export const COMMIT = 'commit'
/** Until PostgreSQL knows what is in the tables, it reads large ones from end to end for a single row. */
export const ANALYZE = 'analyze'
export const patience = (ms: number) => `set idle_in_transaction_session_timeout = ${ms}; set lock_timeout = ${ms}`

type Named = { schema: string; table: string }
const quoted = ({ schema, table }: Named) => `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`
const listed = (columns: readonly string[]) => columns.map((name) => pg.escapeIdentifier(name)).join(', ')

export const copyOut = (table: Named & { columns: readonly string[] }) =>
  `copy ${quoted(table)} (${listed(table.columns)}) to stdout`
export const copyIn = (table: Named & { columns: readonly string[] }) =>
  `copy ${quoted(table)} (${listed(table.columns)}) from stdin`
export const newestOf = (table: Named, column: string) =>
  `select max(${pg.escapeIdentifier(column)}) as newest from ${quoted(table)}`
/** To the millisecond, which is what the manifest keeps. */
export const isThere = (table: Named, column: string) =>
  `select exists (select from ${quoted(table)} where date_trunc('milliseconds', ${pg.escapeIdentifier(column)}) = $1) as there`
export const countOf = (table: Named) => `select count(*)::float8 as rows from ${quoted(table)}`
export const emptyAll = (tables: readonly Named[]) => `truncate ${tables.map(quoted).join(', ')}`
/** What a feature's triggers do was done when the row was first written. */
export const silence = (table: Named) => `alter table ${quoted(table)} disable trigger user`
export const unsilence = (table: Named) => `alter table ${quoted(table)} enable trigger user`

export async function setSequence(db: Queries, { schema, name, last }: SequencePosition): Promise<void> {
  const sequence = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`
  await db.one(sql`select setval(${sequence}::regclass, ${last}::bigint)`)
}

/** No environment can have this name. */
export const BEING_RESTORED = '(being restored)'

/** Whether anything of value is in the database: then nothing is put over it. What an interrupted restore left is not. */
export async function hasRows(db: Queries): Promise<boolean> {
  const { stamped } = await db.one<{ stamped: boolean }>(sql`
    select exists (select from environment.stamp where environment <> ${BEING_RESTORED})
           or (not exists (select from environment.stamp)
               and (exists (select from identity.user) or exists (select from sessions.session))) as stamped`)
  return stamped
}

/** Of the schemas that Holdfast would make, those that are there. */
export async function foundTables(db: Queries, schemas: readonly string[]): Promise<string[]> {
  const rows = await db.many<{ name: string }>(sql`
    select schemaname || '.' || tablename as name
      from pg_catalog.pg_tables
     where schemaname = any(${schemas})
     order by 1
     limit ${TABLES_MAX}`)
  return rows.map(({ name }) => name)
}
