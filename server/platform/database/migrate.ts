import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { within } from '../deadline.ts'
import type { Logger } from '../log.ts'

/** A feature's schema has the feature's name; its statements lie in its own folder. */
export interface MigrationSource {
  schema: string
  folder: string
}

export interface MigrateOptions {
  ownerUrl: string
  /** The role access runs as: it may use the tables and owns none of them. */
  appRole: string
  sources: readonly MigrationSource[]
  log: Logger
}

/** A migration that would lock for longer has to be written differently. */
const STATEMENT_MS = 60_000
const LOCK_WAIT_MS = 5000
const CONNECT_MS = 5000
/** Another process may be migrating; ours waits that long for it to end. */
const TURN_MS = 90_000
/** Any number, as long as nobody else uses it: "hf" and 1. */
const ADVISORY_LOCK = 0x6866_0001

export class MigrationRefused extends Error {
  override name = 'MigrationRefused'
}

/**
 * Brings the schemas of all features up to this release: forward only, each file once, in a transaction of its own,
 * checksummed, one process at a time. Returns how many files were applied.
 */
export async function migrate(options: MigrateOptions): Promise<number> {
  const client = new pg.Client({
    connectionString: options.ownerUrl,
    application_name: 'holdfast migrate',
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    lock_timeout: LOCK_WAIT_MS,
  })
  client.on('error', () => {})
  await client.connect()
  try {
    return await within(TURN_MS + STATEMENT_MS, 'the migration', applyAll(client, options))
  } finally {
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  }
}

async function applyAll(client: pg.Client, options: MigrateOptions): Promise<number> {
  await client.query(`set lock_timeout = '${TURN_MS}ms'; set statement_timeout = '${TURN_MS}ms'`)
  await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK])
  await client.query(`set lock_timeout = '${LOCK_WAIT_MS}ms'; set statement_timeout = '${STATEMENT_MS}ms'`)
  await client.query(PLATFORM)

  let applied = 0
  for (const source of options.sources) {
    const done = await appliedChecksums(client, source.schema)
    for (const file of await filesOf(source)) {
      const known = done.get(file.name)
      if (known === undefined) {
        await apply(client, source.schema, file)
        options.log.info({ schema: source.schema, file: file.name }, 'migrated')
        applied += 1
      } else if (known !== file.checksum) {
        throw new MigrationRefused(
          `${source.schema}/${file.name} was changed after it had been applied. Put it back as it was and write a new file.`,
        )
      }
    }
  }
  await grant(client, ['platform', ...options.sources.map((source) => source.schema)], options.appRole)
  return applied
}

interface MigrationFile {
  name: string
  text: string
  checksum: string
}

async function filesOf(source: MigrationSource): Promise<MigrationFile[]> {
  const names = (await readdir(source.folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(source.folder, name), 'utf8')
      if (!/^-- (expand|contract): \S/.test(text)) {
        throw new MigrationRefused(
          `${source.schema}/${name} must begin with "-- expand:" or "-- contract:" and why it is safe beside the previous release.`,
        )
      }
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

async function appliedChecksums(client: pg.Client, schema: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from platform.migration where schema_name = $1 order by name limit 10000',
    [schema],
  )
  return new Map(rows.map((row) => [row.name, row.checksum]))
}

async function apply(client: pg.Client, schema: string, file: MigrationFile): Promise<void> {
  await client.query('begin')
  try {
    await client.query('insert into platform.migration (schema_name, name, checksum) values ($1, $2, $3)', [
      schema,
      file.name,
      file.checksum,
    ])
    await client.query(`create schema if not exists ${pg.escapeIdentifier(schema)}`)
    await client.query(file.text)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`the migration ${schema}/${file.name} failed; nothing of it was kept`, { cause: error })
  }
}

async function grant(client: pg.Client, schemas: string[], role: string): Promise<void> {
  const { rows } = await client.query<{ is_owner: boolean }>('select current_user = $1 as is_owner', [role])
  if (rows[0]?.is_owner) return
  const to = pg.escapeIdentifier(role)
  for (const schema of schemas.map(pg.escapeIdentifier)) {
    await client.query(`
      grant usage on schema ${schema} to ${to};
      grant select, insert, update, delete on all tables in schema ${schema} to ${to};
      grant usage on all sequences in schema ${schema} to ${to};
      grant execute on all functions in schema ${schema} to ${to};`)
  }
  await client.query(`revoke insert, update, delete on platform.migration from ${to}`)
}

/** What the platform itself needs: the ledger of migrations, the probe's rows, and the fence of every transaction. */
const PLATFORM = `
  create schema if not exists platform;
  create table if not exists platform.migration (
    schema_name text not null,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now(),
    primary key (schema_name, name)
  );
  create table if not exists platform.heartbeat (
    process text primary key,
    at timestamptz not null
  );
  create or replace function platform.open_fence(budget_ms integer) returns void language sql volatile as $$
    select set_config('holdfast.deadline', (clock_timestamp() + budget_ms * interval '1 millisecond')::text, true)
  $$;
  create or replace function platform.check_fence() returns void language plpgsql volatile as $$
  begin
    if clock_timestamp() > current_setting('holdfast.deadline')::timestamptz then
      raise exception 'the deadline of this transaction has passed' using errcode = 'HF001';
    end if;
  end
  $$;
`
