import { type Static, Type } from 'typebox'
import type { Database } from '../../../platform/database/index.ts'
import { type Call, StreamCut } from '../../../platform/http/index.ts'
import { type Audit, byCaller } from '../entry.ts'
import { refuse } from '../refusals.ts'
import { CSV_COLUMNS, csvLine, csvLineOf } from './csv.ts'
import { filters, type ReadParts, readFilters, told } from './list-entries.ts'
import * as queries from './queries.ts'

export const ExportEntries = Type.Object({
  ...filters,
  format: Type.Optional(
    Type.Union([Type.Literal('csv'), Type.Literal('ndjson')], { description: 'Of the file; CSV when left out.' }),
  ),
})

export interface ExportParts extends ReadParts {
  db: Database
  audit: Audit
  /** How many are under way in this process. */
  underWay: { count: number }
}

const ROWS_A_PAGE = 500
/** A file of some 300 MB. Whoever wants more asks month by month. */
export const EXPORT_ROWS_MAX = 1_000_000
/** Each holds a connection of the pool for a few milliseconds a page; people are not to wait behind files. */
const EXPORTS_MAX = 4

/**
 * The audit as a file, newest first, page by page as the client takes it. That somebody took it along is itself an entry.
 *
 * A file that is not whole never looks whole: beyond the greatest number of rows, and in an outage on the way, the
 * connection is cut instead of ended.
 */
export async function exportEntries(
  parts: ExportParts,
  call: Call,
  { format = 'csv', ...asked }: Static<typeof ExportEntries>,
): Promise<AsyncIterable<string>> {
  if (parts.underWay.count >= EXPORTS_MAX) throw refuse('too_many_exports', { retry_after_s: 10 })
  const filter = readFilters(asked)
  await parts.db.transaction((db) =>
    parts.audit(db, {
      by: byCaller(call),
      action: 'audit.exported',
      subject: { kind: 'audit', id: 'audit' },
      facts: { format, ...asked },
    }),
  )
  // Before the answer begins: an outage now is a 503 and no broken file.
  const first = await queries.listEntries(parts.db, filter, ROWS_A_PAGE)
  return write(parts, filter, format, first)
}

async function* write(
  parts: ExportParts,
  filter: queries.EntryFilter,
  format: 'csv' | 'ndjson',
  first: queries.EntryRow[],
): AsyncGenerator<string> {
  parts.underWay.count += 1
  try {
    if (format === 'csv') yield csvLine(CSV_COLUMNS)
    let rows = first
    for (let written = rows.length; rows.length > 0; written += rows.length) {
      if (written > EXPORT_ROWS_MAX) throw new StreamCut('narrow it by time')
      const entries = await told(parts, rows)
      yield entries.map(format === 'csv' ? csvLineOf : (entry) => `${JSON.stringify(entry)}\n`).join('')
      if (rows.length < ROWS_A_PAGE) return
      rows = await queries.listEntries(parts.db, { ...filter, beforeId: rows.at(-1)!.id }, ROWS_A_PAGE)
    }
  } finally {
    parts.underWay.count -= 1
  }
}
