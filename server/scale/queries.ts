import { type Queries, sql } from '../platform/database/index.ts'
import type { Statement } from '../platform/database/index.ts'

/** Things that are there, to ask for. */
export interface Known {
  busiest: string
  ordinary: string
  oldest: string
  largest: string
  small: string
  provider: string
  /** An ordinary organisation with people who came through that provider, and a policy. */
  readied: string
  audience: string
  application: string
  session: string
  ended: string
  invitation: string
  membership: string
  token: string
  entry: string
}

export async function findKnown(db: Queries): Promise<Known> {
  return db.one<Known>(sql`
    select (select id from identity.user order by id limit 1) as busiest,
           (select id from identity.user order by id limit 1) as oldest,
           (select user_id from sessions.session where ended_at is null and organization_id is not null
             order by id desc offset 40 limit 1) as ordinary,
           (select id from tenants.organization order by id limit 1) as largest,
           (select id from tenants.organization order by id offset 90 limit 1) as small,
           (select id from providers.provider order by id limit 1) as provider,
           (select organization_id from identity.sign_in_policy order by organization_id offset 1 limit 1) as readied,
           (select id from applications.application order by id limit 1) as audience,
           (select id from applications.application order by id limit 1) as application,
           (select id from sessions.session where ended_at is null order by id desc offset 10 limit 1) as session,
           (select id from sessions.session where ended_at is not null order by ended_at desc limit 1) as ended,
           (select id from identity.invitation order by id desc limit 1) as invitation,
           (select id from tenants.membership order by id desc limit 1) as membership,
           (select id from tokens.token order by id desc limit 1) as token,
           (select 'aud_' || max(id) from audit.entry) as entry`)
}

/** A machine token that may do everything; who asks knows it, and it is gone with the database. */
export async function giveToken(db: Queries, digest: Buffer, scopes: readonly string[], now: Date): Promise<void> {
  await db.run(sql`
    insert into tokens.token (id, name, digest, hint, scopes, created_at, created_by)
    values (${`tok_00000001${digest.toString('hex').slice(0, 12)}`}, 'scale', ${digest}, 'scal', ${scopes}, ${now}, 'command line')`)
}

export async function giveSession(
  db: Queries,
  given: { id: string; userId: string; audience: string; digest: Buffer; now: Date },
): Promise<void> {
  await db.run(sql`
    insert into sessions.session (id, user_id, audience, person, device, amr, acr, created_at, authenticated_at,
                                  last_seen_at, expires_at, idle_ms)
    values (${given.id}, ${given.userId}, ${given.audience}, '{"email":"zephyrine@gmail.example","name":"Zephyrine","picture_url":null}',
            '{"name":"Firefox on Windows","user_agent":"","address":"198.51.100.1"}', '{otp}', 'aal1', ${given.now}, ${given.now},
            ${given.now}, ${given.now}::timestamptz + interval '1 day', 1209600000)`)
  await db.run(sql`
    insert into sessions.handle (digest, session_id, issued_at)
    values (${given.digest}, ${given.id}, ${given.now})`)
}

/** What PostgreSQL would do, with the values that were really asked for. */
export const explained = ({ text, values }: Statement): Statement => ({
  text: `explain (format json, verbose) ${text}`,
  values,
})

const TABLES_MAX = 1000
const COLUMNS_MAX = 10_000

export interface RelationStatistics {
  schema: string
  name: string
  rows: number
  pages: number
}

/** How large PostgreSQL takes each table and index for. */
export async function relationStatistics(db: Queries, schemas: readonly string[]): Promise<RelationStatistics[]> {
  return db.many<RelationStatistics>(sql`
    select relnamespace::regnamespace::text as schema, relname as name, reltuples::float8 as rows, relpages as pages
      from pg_catalog.pg_class
     where relnamespace = any(${schemas}::regnamespace[])
       and relkind in ('r', 'i')
     order by 1, 2
     limit ${TABLES_MAX}`)
}

export interface ColumnStatistics {
  schema: string
  name: string
  column: string
  nulls: number
  width: number
  distinct: number
  common: string[] | null
  frequencies: number[] | null
  bounds: string[] | null
  correlation: number | null
  elements: string[] | null
  elementFrequencies: number[] | null
}

/** What PostgreSQL knows of each column's values, and of each indexed expression's. */
export async function columnStatistics(db: Queries, schemas: readonly string[]): Promise<ColumnStatistics[]> {
  return db.many<ColumnStatistics>(sql`
    select schemaname as schema, tablename as name, attname as "column", null_frac as nulls, avg_width as width,
           n_distinct as distinct, most_common_vals::text::text[] as common, most_common_freqs as frequencies,
           histogram_bounds::text::text[] as bounds, correlation, most_common_elems::text::text[] as elements,
           most_common_elem_freqs as "elementFrequencies"
      from pg_catalog.pg_stats
     where schemaname = any(${schemas})
     order by 1, 2, 3
     limit ${COLUMNS_MAX}`)
}

/** The number of pages is what the file has: PostgreSQL reckons rows by their density, whatever was said of pages. */
export async function restoreRelation(db: Queries, { schema, name, rows }: RelationStatistics): Promise<void> {
  await db.many(sql`
    select pg_catalog.pg_restore_relation_stats(
             'schemaname', ${schema}::text, 'relname', ${name}::text,
             'relpages', pages, 'reltuples', ${rows}::real, 'relallvisible', pages)
      from (select greatest(1, pg_relation_size(to_regclass(${`"${schema}"."${name}"`})) / current_setting('block_size')::int)::int as pages)
     where to_regclass(${`"${schema}"."${name}"`}) is not null`)
}

export async function restoreColumn(db: Queries, column: ColumnStatistics): Promise<void> {
  const { schema, name, common, frequencies, bounds, elements, elementFrequencies } = column
  await db.many(sql`
    select pg_catalog.pg_restore_attribute_stats(
             'schemaname', ${schema}::text, 'relname', ${name}::text, 'attname', ${column.column}::text, 'inherited', false,
             'null_frac', ${column.nulls}::real, 'avg_width', ${column.width}::integer, 'n_distinct', ${column.distinct}::real,
             'most_common_vals', (${common}::text[])::text, 'most_common_freqs', ${frequencies}::real[],
             'histogram_bounds', (${bounds}::text[])::text, 'correlation', ${column.correlation}::real,
             'most_common_elems', (${elements}::text[])::text, 'most_common_elem_freqs', ${elementFrequencies}::real[])
     where to_regclass(${`"${schema}"."${name}"`}) is not null`)
}

/** What a feature's statement can lose: for a proof that the loss is noticed. */
export const dropIndexNamed = (name: string): Statement => ({ text: `drop index ${name}`, values: [] })

export async function serverFacts(db: Queries): Promise<{ version: string; bytes: number; users: number }> {
  return db.one(sql`
    select current_setting('server_version') as version, pg_database_size(current_database())::float8 as bytes,
           (select greatest(0, reltuples)::float8 from pg_catalog.pg_class where oid = 'identity.user'::regclass) as users`)
}
