import { join } from 'node:path'
import {
  DatabaseOutage,
  type MigrationSource,
  migrate,
  onOneConnection,
  type Queries,
  sqlStateOf,
} from '../../platform/database/index.ts'
import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'
import type { Logger } from '../../platform/log.ts'
import * as queries from './queries.ts'
import { assertOurs, newStamp, type Stamp, StampRefused } from './stamp.ts'

export interface PrepareStoreOptions {
  ownerUrl: string
  /** The role that access runs as. */
  appRole: string
  environment: string
  /** Where access keeps its last known good state. */
  folder: string
  sources: readonly MigrationSource[]
  now: Date
  log: Logger
}

/** Short: in an outage this is tried again and again, and what waits for it is everybody. */
const QUERY_MS = 1000
/** `server_version_num` of PostgreSQL 15 (issue 2 §1). */
const VERSION_MIN = 150_000

/**
 * Makes a database ours, or refuses it: reads its stamp before the first write, migrates, stamps, and keeps a copy of
 * the stamp on disk, by which a process that starts in an outage knows whose it is.
 */
export async function prepareStore(options: PrepareStoreOptions): Promise<Stamp> {
  const { environment, folder, now } = options
  const kept = await readKeptStamp(folder)
  if (kept) assertOurs(kept, { environment }, `the data folder (${folder})`)
  const expected = { environment, installationId: kept?.installationId }

  await onOneConnection(options.ownerUrl, QUERY_MS, async (db) => {
    await assertUsable(db, options.sources)
    const found = (await queries.hasStampTable(db)) ? await queries.findStamp(db) : undefined
    if (found) assertOurs(found, expected, 'the database')
  })

  await migrate(options)
  const stamp = await onOneConnection(options.ownerUrl, QUERY_MS, async (db) => {
    await queries.stampOnce(db, kept ?? newStamp(environment, now), now)
    return queries.findStamp(db)
  })
  if (!stamp) throw new Error('the stamp was written and is not there')
  assertOurs(stamp, expected, 'the database')
  if (!kept) await replaceFile(stampFile(folder), `${JSON.stringify(stamp)}\n`)
  return stamp
}

async function assertUsable(db: Queries, sources: readonly MigrationSource[]): Promise<void> {
  const version = await queries.serverVersion(db)
  if (version < VERSION_MIN) {
    throw new StampRefused(
      `the database is PostgreSQL ${Math.floor(version / 10_000)}, and Holdfast needs 15 or newer. Upgrade it, or set HOLDFAST_DATABASE_URL to another one.`,
    )
  }
  const schemas = sources.map((source) => source.schema)
  const [stranger] = (await queries.hasLedger(db)) ? [] : await queries.existingSchemas(db, schemas)
  if (stranger !== undefined) {
    throw new StampRefused(
      `the database has a schema "${stranger}" that Holdfast did not make. Give Holdfast a database of its own.`,
    )
  }
}

/** Undefined when there is none yet. One that cannot be read is refused: guessing whose folder it is would be worse. */
export async function readKeptStamp(folder: string): Promise<Stamp | undefined> {
  const text = await readFileIfThere(stampFile(folder))
  if (text === undefined) return undefined
  const stamp = parsed(text)
  if (!stamp) {
    throw new StampRefused(
      `${stampFile(folder)} is damaged. Put it back from a backup, or remove it to take over the stamp of the database.`,
    )
  }
  return stamp
}

function parsed(text: string): Stamp | undefined {
  try {
    const { environment, installationId } = JSON.parse(text) as Partial<Stamp>
    return typeof environment === 'string' && typeof installationId === 'string'
      ? { environment, installationId }
      : undefined
  } catch {
    // Not JSON is one more way to be damaged, and told as such.
    return undefined
  }
}

const stampFile = (folder: string) => join(folder, 'stamp.json')

/**
 * Read-only, for a database that was away: the server behind the address may be another one now. One that bears no
 * stamp, or no tables, may be a backup that is still coming in: an outage, not a refusal.
 */
export async function checkStore(options: { url: string; stamp: Stamp }): Promise<void> {
  const found = await onOneConnection(options.url, QUERY_MS, async (db) => {
    try {
      return await queries.findStamp(db)
    } catch (error) {
      if (sqlStateOf(error)?.startsWith('42') || sqlStateOf(error) === '3F000') return undefined
      throw error
    }
  })
  if (!found) throw new DatabaseOutage('failed', 'the database bears no stamp: is it being restored?')
  assertOurs(found, options.stamp, 'the database')
}
