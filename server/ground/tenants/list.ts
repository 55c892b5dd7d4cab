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

function readCursor(cursor: string | undefined, prefix: string): string | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!new RegExp(`^${prefix}_[0-9a-z]{1,40}$`).test(id)) throw refuse('bad_cursor')
  return id
}
