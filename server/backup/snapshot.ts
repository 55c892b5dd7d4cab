import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { type Queries, queriesOver, withClient } from '../platform/database/index.ts'
import { within } from '../platform/deadline.ts'
import type { MigrationRow, SequencePosition, Stamp } from './archive.ts'
import { HOLDFAST_SCHEMAS, inOrder } from './schemas.ts'
import * as queries from './queries.ts'
import { BackupRefused } from './refused.ts'

/** What the database looked like at one instant, to be read table by table. */
export interface Snapshot {
  at: Date
  walPosition: string
  postgres: string
  stamp: Stamp
  migrations: MigrationRow[]
  /** Those that others refer to first. */
  tables: queries.TableRow[]
  sequences: SequencePosition[]
  db: Queries
  /** The rows as PostgreSQL writes them for COPY, and how many there were once all have been read. */
  read(table: queries.TableRow): { rows: () => number; bytes: AsyncIterable<Buffer> }
  newest(table: queries.TableRow): Promise<{ column: string; at: string } | null>
}

const CONNECT_MS = 5000
/** A look at the catalogue, or at the newest row of a table without an index for it. */
const QUERY_MS = 120_000
/** Of one table: a hundred million rows at a slow target. What makes no progress is given up much earlier. */
const COPY_MS = 12 * 60 * 60_000
/** Between two tables the reader may be busy sending what it has. */
const PATIENCE_MS = 10 * 60_000
/** Any number that no other lock of ours has: "hf" and 2. */
const ONE_BACKUP = 0x6866_0002

/** One read-only transaction; whoever writes meanwhile is not held up, and not seen. */
export async function inSnapshot<T>(
  url: string,
  signal: AbortSignal,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const options = { url, name: 'holdfast backup', connectMs: CONNECT_MS, queryMs: COPY_MS, signal }
  return withClient(options, async (client) => {
    const ask = (text: string, values: unknown[] = []) => within(QUERY_MS, 'the database', client.query(text, values))
    const db = queriesOver(({ text, values }) => ask(text, values as unknown[]))
    await client.query(queries.patience(PATIENCE_MS))
    if (!(await queries.takeLock(db, ONE_BACKUP))) {
      throw new BackupRefused('Another backup of this database is under way: wait for its end.')
    }
    await ask(queries.BEGIN_SNAPSHOT)
    return work(await look(client, db, ask))
  })
}

async function look(client: pg.Client, db: Queries, ask: (text: string) => Promise<pg.QueryResult>): Promise<Snapshot> {
  const tables = inOrder(await queries.tablesOf(db, HOLDFAST_SCHEMAS))
  const isStamped = tables.some(({ schema, table }) => schema === 'environment' && table === 'stamp')
  const stamp = isStamped ? await queries.findStamp(db) : undefined
  if (!stamp)
    throw new BackupRefused('The database bears no stamp: no Holdfast has run on it yet, or it is being restored.')
  const { at, wal, postgres } = await queries.whenAndWhere(db)
  return {
    at,
    walPosition: wal,
    postgres,
    stamp,
    migrations: await queries.appliedMigrations(db),
    tables,
    sequences: await queries.sequencesOf(db, HOLDFAST_SCHEMAS),
    db,
    read(table) {
      const stream = copyTo(queries.copyOut(table))
      // A connection that is cut says so to whoever reads; a query that nobody reads any more says it here.
      stream.on('error', () => {})
      const lost = () => stream.destroy(new Error('the connection to the database ended'))
      client.once('end', lost)
      stream.once('close', () => client.off('end', lost))
      return { rows: () => stream.rowCount, bytes: client.query(stream) }
    },
    async newest(table) {
      const column = timeOf(table)
      if (!column) return null
      const { rows } = await ask(queries.newestOf(table, column))
      const newest = (rows[0] as { newest: Date | null }).newest
      return newest && { column, at: newest.toISOString() }
    },
  }
}

/** By which a table's rows come to be, where it has such a column; otherwise its first. */
const TELLING = ['at', 'created_at', 'issued_at', 'started_at', 'stamped_at', 'granted_at']
export const timeOf = ({ times }: Pick<queries.TableRow, 'times'>): string | undefined =>
  TELLING.find((name) => times.includes(name)) ?? times[0]
