import type { Queries } from '../../../platform/database/index.ts'
import * as queries from './queries.ts'

/**
 * For a database that was restored on another server, where transactions are counted anew: what is there now is the end
 * of one line, and what is written from now on begins another, chained to it. Seals nothing by itself.
 *
 * The restore calls it once all entries and the place of their identity are back. Should nobody call it, the sealer
 * notices that the numbers went back, and begins the line where the restored entries end.
 */
export async function beginNewLine(db: Queries, now: Date): Promise<number> {
  await queries.lockEntries(db)
  return beginLine(db, await queries.lastId(db), now)
}

export async function beginLine(db: Queries, afterId: string, now: Date): Promise<number> {
  const lines = await queries.listLines(db)
  if (lines.length >= queries.LINES_MAX) throw new Error('the audit has too many lines')
  const line = lines.at(-1)!.line + 1
  await queries.insertLine(db, { line, after_id: afterId, began_at: now })
  return line
}
