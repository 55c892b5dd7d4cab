import type { ApplicationRow } from './application.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'
import { type ListApplications, shown } from './shapes.ts'

const LIST_DEFAULT = 50

/** Lists applications, newest first. */
export async function listApplications(
  parts: Parts,
  { query, limit = LIST_DEFAULT, cursor }: ListApplications,
): Promise<{ data: ReturnType<typeof shown>[]; next_cursor: string | null }> {
  const search = query?.trim().normalize('NFC') || undefined
  const found = await queries.listApplications(parts.db, { search, beforeId: readCursor(cursor), limit: limit + 1 })
  const rows = found.slice(0, limit)
  const next = found.length > limit ? rows.at(-1)!.id : null
  return { data: await withSessions(parts, rows), next_cursor: next && Buffer.from(next).toString('base64url') }
}

export async function withSessions(parts: Parts, rows: readonly ApplicationRow[]) {
  const live = await parts.countLive(rows.map(({ id }) => id))
  return rows.map((row) => shown(row, live.get(row.id) ?? 0, parts.clock.now()))
}

function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!/^app_[0-9a-z]{1,40}$/.test(id)) throw refuse('bad_cursor')
  return id
}
