import pg from 'pg'
import { within } from '../deadline.ts'
import type { Logger } from '../log.ts'
import {
  type MigrationFile,
  MigrationRefused,
  type MigrationSource,
  migrationFiles,
  pendingFiles,
} from './migration-files.ts'
import { withClient } from './one-connection.ts'
import { DatabaseOutage, isOutage, sqlStateOf } from './outage.ts'
import { PLATFORM_SCHEMA } from './platform-schema.ts'

export { MigrationRefused, type MigrationSource } from './migration-files.ts'

export interface MigrateOptions {
  ownerUrl: string
  /** The role access runs as: it may use the tables and owns none of them. */
  appRole: string
  sources: readonly MigrationSource[]
  log: Logger
  /** Brings the schemas up to an earlier release only: the files it names, by schema. */
  only?: (schema: string, name: string) => boolean
}

/** A migration that takes longer has to be written differently. */
const FILE_MS = 60_000
/** What is not a migration itself is a look at the catalogue. */
const QUERY_MS = 5000
const CONNECT_MS = 2000
/**
 * Shorter than what requests wait for a lock: they queue behind ours, and must not time out because of it. A migration
 * that does not get its lock is an outage, and tried again with the next probe.
 */
const LOCK_WAIT_MS = 400
/** Another process may be migrating; ours waits that long for it to end. */
const TURN_MS = 90_000
/** Any number, as long as nobody else uses it: "hf" and 1. */
const ADVISORY_LOCK = 0x6866_0001
const LEDGER_MAX = 10_000

/** Asks, waits at most so long, and answers the rows. */
type Ask = (text: string, values?: unknown[], deadlineMs?: number) => Promise<Record<string, unknown>[]>

/**
 * Brings the schemas of all features up to this release: forward only, each file once, in a transaction of its own,
 * checksummed, one process at a time. Returns how many files were applied.
 */
export async function migrate(options: MigrateOptions): Promise<number> {
  const plans = await Promise.all(
    options.sources.map(async (source) => {
      const files = await migrationFiles(source)
      return { schema: source.schema, files: files.filter(({ name }) => options.only?.(source.schema, name) ?? true) }
    }),
  )
  const connection = { url: options.ownerUrl, name: 'holdfast migrate', connectMs: CONNECT_MS, queryMs: FILE_MS }
  return withClient({ ...connection, lockMs: LOCK_WAIT_MS }, async (client) => {
    const ask: Ask = async (text, values, deadlineMs = QUERY_MS) =>
      (await within(deadlineMs, 'the migration', client.query(text, values))).rows
    await waitForTurn(ask)
    await refusingWhatCannotBe(() => ask(PLATFORM_SCHEMA))

    let applied = 0
    for (const { schema, files } of plans) {
      for (const file of pendingFiles(schema, files, await appliedChecksums(ask, schema))) {
        await apply(ask, schema, file)
        options.log.info({ schema, file: file.name }, 'migrated')
        applied += 1
      }
    }
    await refusingWhatCannotBe(() =>
      grant(
        ask,
        ['platform', ...plans.filter(({ files }) => files.length > 0).map(({ schema }) => schema)],
        options.appRole,
      ),
    )
    return applied
  })
}

/** Held by the connection, so it is free again when its holder dies. */
async function waitForTurn(ask: Ask): Promise<void> {
  await ask(`set lock_timeout = ${TURN_MS}; set statement_timeout = ${TURN_MS}`)
  await ask('select pg_advisory_lock($1)', [ADVISORY_LOCK], TURN_MS)
  // Back to what the connection began with.
  await ask('reset lock_timeout; reset statement_timeout')
}

async function appliedChecksums(ask: Ask, schema: string): Promise<Map<string, string>> {
  const rows = await ask(
    `select name, checksum from platform.migration where schema_name = $1 order by name limit ${LEDGER_MAX}`,
    [schema],
  )
  return new Map(rows.map((row) => [String(row.name), String(row.checksum)]))
}

async function apply(ask: Ask, schema: string, file: MigrationFile): Promise<void> {
  await ask('begin')
  try {
    await ask('insert into platform.migration (schema_name, name, checksum) values ($1, $2, $3)', [
      schema,
      file.name,
      file.checksum,
    ])
    await ask(`create schema if not exists ${pg.escapeIdentifier(schema)}`)
    await ask(file.text, undefined, FILE_MS)
    await ask('commit', undefined, FILE_MS)
  } catch (error) {
    // Not rolled back by hand: the connection is cut, and the ledger tells the next try what was kept.
    const said = `the migration ${schema}/${file.name} was not applied`
    if (isOutage(error)) throw new DatabaseOutage('unknown', said, error)
    throw new MigrationRefused(`${said}: ${(error as Error).message} (${sqlStateOf(error) ?? 'no SQLSTATE'}).`, {
      cause: error,
    })
  }
}

async function grant(ask: Ask, schemas: string[], role: string): Promise<void> {
  const [row] = await ask('select current_user = $1 as is_owner', [role])
  if (row?.is_owner) return
  const to = pg.escapeIdentifier(role)
  for (const schema of schemas.map(pg.escapeIdentifier)) {
    await ask(`
      grant usage on schema ${schema} to ${to};
      grant select, insert, update, delete on all tables in schema ${schema} to ${to};
      grant usage on all sequences in schema ${schema} to ${to};
      grant execute on all functions in schema ${schema} to ${to};`)
  }
  await ask(`revoke insert, update, delete on platform.migration from ${to}`)
}

/** A role that is missing, or may not do what an owner has to: said in one line, because trying again changes nothing. */
async function refusingWhatCannotBe(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const says = (error as Error).message
    const state = sqlStateOf(error)
    if (state === '42704') {
      throw new MigrationRefused(`The role of HOLDFAST_DATABASE_URL is not there: ${says}.`, { cause: error })
    }
    if (state === '42501') {
      throw new MigrationRefused(
        `The role of HOLDFAST_DATABASE_OWNER_URL may not make the tables: ${says}. Let it own the database.`,
        { cause: error },
      )
    }
    throw error
  }
}
