import { join } from 'node:path'
import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'
import { type MigrationSource, migrate, onOneConnection } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/log.ts'
import * as queries from './queries.ts'
import { assertOurs, newStamp, type Stamp } from './stamp.ts'

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
const QUERY_MS = 1500

/**
 * Makes a database ours, or refuses it: reads its stamp before the first write, migrates, stamps, and keeps a copy of
 * the stamp on disk, by which a process that starts in an outage knows whose it is.
 */
export async function prepareStore(options: PrepareStoreOptions): Promise<Stamp> {
  const kept = await readKeptStamp(options.folder)
  if (kept) assertOurs(kept, { environment: options.environment }, `the data folder (${options.folder})`)

  const found = await onOneConnection(options.ownerUrl, QUERY_MS, async (db) =>
    (await queries.hasStampTable(db)) ? queries.findStamp(db) : undefined,
  )
  if (found)
    assertOurs(found, { environment: options.environment, installationId: kept?.installationId }, 'the database')

  await migrate(options)
  const stamp = await onOneConnection(options.ownerUrl, QUERY_MS, async (db) => {
    await queries.stampOnce(db, kept ?? newStamp(options.environment, options.now), options.now)
    return queries.findStamp(db)
  })
  if (!stamp) throw new Error('the stamp was written and is not there')
  assertOurs(stamp, { environment: options.environment, installationId: kept?.installationId }, 'the database')
  if (!kept) await replaceFile(stampFile(options.folder), `${JSON.stringify(stamp)}\n`)
  return stamp
}

export async function readKeptStamp(folder: string): Promise<Stamp | undefined> {
  const text = await readFileIfThere(stampFile(folder))
  return text === undefined ? undefined : (JSON.parse(text) as Stamp)
}

const stampFile = (folder: string) => join(folder, 'stamp.json')

/** Read-only, for a database that was away: the server behind the address may be another one now. */
export async function checkStore(options: { url: string; stamp: Stamp }): Promise<void> {
  const found = await onOneConnection(options.url, QUERY_MS, (db) => queries.findStamp(db))
  if (found) assertOurs(found, options.stamp, 'the database')
}
