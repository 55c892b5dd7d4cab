import type pg from 'pg'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import { from as copyFrom } from 'pg-copy-streams'
import { migrate, migrationFiles, queriesOver, withClient } from '../platform/database/index.ts'
import { within } from '../platform/deadline.ts'
import type { Logger } from '../platform/log.ts'
import { sources } from '../open-store.ts'
import { type Head, type Manifest, rowsOf, type TablePart, tableName } from './archive.ts'
import * as queries from './queries.ts'
import type { OpenArchive } from './read-archive.ts'
import { BackupFailed, BackupRefused } from './refused.ts'
import { HOLDFAST_SCHEMAS } from './schemas.ts'
import { type MakeSafe, makeSafe, type Safety } from './safety/make-safe.ts'
import { forgetRelyingParties, replaceStamp } from './safety/queries.ts'

export interface RestoreRows {
  archive: OpenArchive
  ownerUrl: string
  appRole: string
  log: Logger
  safety: MakeSafe
  /** A scratch copy bears a stamp of its own. */
  stamp?: { environment: string; installationId: string }
  onProgress(done: { rows: number; ofRows: number; table: string }): void
  onFile(name: string, bytes: AsyncGenerator<Uint8Array>): Promise<void>
}

const CONNECT_MS = 5000
const QUERY_MS = 10 * 60_000
/** One table of a hundred million rows, its indices included. */
const COPY_MS = 12 * 60 * 60_000

/**
 * Loads an archive into a database that holds nothing of Holdfast: the schema as it was, all rows in one transaction, their
 * counts compared, then the schema as it is today, then what makes it safe. Until then it bears the stamp of no environment:
 * an access refuses it, and a restore may begin anew.
 */
export async function restoreRows(options: RestoreRows): Promise<Safety> {
  const { archive, ownerUrl } = options
  await assertKnown(archive.head, archive.name)
  const connection = { url: ownerUrl, name: 'holdfast restore', connectMs: CONNECT_MS, queryMs: COPY_MS }
  await withClient(connection, (client) => assertEmpty(client))
  const recorded = new Set(archive.head.migrations.map(({ schema, name }) => `${schema}/${name}`))
  await migrate({ ...options, sources, only: (schema, name) => recorded.has(`${schema}/${name}`) })
  return withClient(connection, async (client) => {
    const ask = (text: string, values: unknown[] = []) => within(QUERY_MS, 'the database', client.query(text, values))
    const db = queriesOver(({ text, values }) => ask(text, values as unknown[]))
    await ask(queries.patience(QUERY_MS))
    await ask(queries.BEGIN_LOAD)
    await loadAll(client, options)
    for (const position of archive.manifest.sequences) await queries.setSequence(db, position)
    await replaceStamp(db, { ...archive.head.stamp, environment: queries.BEING_RESTORED })
    await ask(queries.COMMIT)
    await migrate({ ...options, sources })
    await ask(queries.BEGIN_LOAD)
    const safety = await makeSafe(db, options.safety)
    await replaceStamp(db, options.stamp ?? archive.head.stamp)
    if (options.stamp) await forgetRelyingParties(db)
    await ask(queries.COMMIT)
    await ask(queries.ANALYZE)
    return safety
  })
}

/** Every migration of the archive has to be one of this release, unchanged: an older release cannot read a newer one's rows. */
export async function assertKnown(head: Head, name: string): Promise<void> {
  const known = new Map<string, string>()
  for (const source of sources) {
    for (const file of await migrationFiles(source)) known.set(`${source.schema}/${file.name}`, file.checksum)
  }
  for (const { schema, name: file, checksum } of head.migrations) {
    const ours = known.get(`${schema}/${file}`)
    if (ours === checksum) continue
    const why = ours === undefined ? 'which this release does not know' : 'which is another one here'
    throw new BackupRefused(
      `${name} was made by Holdfast ${head.holdfast} with the migration ${schema}/${file}, ${why}: restore it with the release that made it, or a newer one.`,
    )
  }
}

async function assertEmpty(client: pg.Client): Promise<void> {
  const db = queriesOver(({ text, values }) =>
    within(QUERY_MS, 'the database', client.query(text, values as unknown[])),
  )
  const found = await queries.foundTables(db, HOLDFAST_SCHEMAS)
  if (found.length === 0) return
  if (!found.includes('platform.migration')) {
    throw new BackupRefused(
      `The database has tables that Holdfast did not make (${found[0]}): restore into an empty one.`,
    )
  }
  const guarded = ['environment.stamp', 'identity.user', 'sessions.session']
  if (guarded.every((table) => found.includes(table)) && (await queries.hasRows(db))) {
    throw new BackupRefused(
      'The database holds a Holdfast already: a restore overwrites nothing. Give it an empty one.',
    )
  }
}

async function loadAll(client: pg.Client, options: RestoreRows): Promise<void> {
  const { manifest, name } = options.archive
  const say = (text: string) => within(QUERY_MS, 'the database', client.query(text))
  for (const table of manifest.tables) await say(queries.silence(table))
  await say(queries.emptyAll(manifest.tables))
  const tables = new Map(manifest.tables.map((table) => [table.name, table]))
  const files = new Set(manifest.files.map((file) => file.name))
  let rows = 0
  for await (const part of options.archive.parts()) {
    const table = tables.get(part.name)
    if (table) {
      await loadTable(client, table, part.bytes)
      rows += table.rows
      options.onProgress({ rows, ofRows: rowsOf(manifest), table: tableName(table) })
    } else if (files.has(part.name)) {
      await options.onFile(part.name.slice('files/'.length), plainOf(part.bytes))
    } else throw new BackupFailed(`${name} holds ${part.name}, which its manifest does not name.`)
  }
  for (const table of manifest.tables) await say(queries.unsilence(table))
}

async function loadTable(client: pg.Client, table: TablePart, bytes: AsyncGenerator<Uint8Array>): Promise<void> {
  const into = client.query(copyFrom(queries.copyIn(table)))
  await pipeline(Readable.from(bytes), createZstdDecompress(), into)
  if (into.rowCount !== table.rows) {
    throw new BackupFailed(
      `${tableName(table)} has ${into.rowCount} rows and should have ${table.rows}; nothing was kept.`,
    )
  }
}

async function* plainOf(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* Readable.from(bytes).compose(createZstdDecompress()) as AsyncIterable<Uint8Array>
}

/** Rows of each table as they are now, for a comparison with what the archive says. */
/** The tables whose newest row, as the archive tells it, is not there. */
export async function withoutNewest(url: string, tables: Manifest['tables']): Promise<string[]> {
  const connection = { url, name: 'holdfast compare', connectMs: CONNECT_MS, queryMs: QUERY_MS }
  return withClient(connection, async (client) => {
    const missing: string[] = []
    for (const table of tables) {
      if (!table.newest) continue
      const { column, at } = table.newest
      const { rows } = await within(QUERY_MS, 'the database', client.query(queries.isThere(table, column), [at]))
      if (!(rows[0] as { there: boolean }).there) missing.push(tableName(table))
    }
    return missing
  })
}

export async function countRows(url: string, tables: Manifest['tables']): Promise<Map<string, number>> {
  const connection = { url, name: 'holdfast count', connectMs: CONNECT_MS, queryMs: QUERY_MS }
  return withClient(connection, async (client) => {
    const counts = new Map<string, number>()
    for (const table of tables) {
      const { rows } = await within(QUERY_MS, 'the database', client.query(queries.countOf(table)))
      counts.set(tableName(table), (rows[0] as { rows: number }).rows)
    }
    return counts
  })
}
