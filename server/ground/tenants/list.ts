import type { Asker } from './authority.ts'
import type { Parts } from './parts.ts'
import { refuse } from './refusals.ts'

export const LIST_MAX = 200
export const LIST_DEFAULT = 50

export interface Page<Row> {
  data: Row[]
  next_cursor: string | null
}

/** Reads one row more than is asked for: whether there is a next page is then known. */
export async function pageOf<Row extends { id: string }>(
  asked: { limit?: number | undefined; cursor?: string | undefined; prefix: string },
  read: (from: { beforeId: string | undefined; limit: number }) => Promise<Row[]>,
): Promise<Page<Row>> {
  const limit = asked.limit ?? LIST_DEFAULT
  const rows = await read({ beforeId: readCursor(asked.cursor, asked.prefix), limit: limit + 1 })
  const data = rows.slice(0, limit)
  const next = rows.length > limit ? data.at(-1)!.id : null
  return { data, next_cursor: next && Buffer.from(next).toString('base64url') }
}

/** Of one's own, what is in an organisation that does not take the session: what names it is refused, a list goes on without it. */
export async function leaveOut<Row>(
  { db, heldBack }: Pick<Parts, 'db' | 'heldBack'>,
  actor: Asker['actor'],
  page: Page<Row>,
  organizationOf: (row: Row) => string,
): Promise<Page<Row> & { held_back?: number }> {
  if (actor.isStaff || page.data.length === 0) return page
  const held = await heldBack(db, actor, [...new Set(page.data.map(organizationOf))])
  const data = page.data.filter((row) => !held.has(organizationOf(row)))
  const left = page.data.length - data.length
  return left === 0 ? page : { ...page, data, held_back: left }
}

function readCursor(cursor: string | undefined, prefix: string): string | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!new RegExp(`^${prefix}_[0-9a-z]{1,40}$`).test(id)) throw refuse('bad_cursor')
  return id
}
