import type { Page } from '../api/wire.ts'

/** As many as the API gives in one page. */
export const PAGE_MAX = 200
/** What a browser holds easily and a person still reads; whoever needs more takes the API, which the file's foot says. */
export const ROWS_MAX = 10_000

/** Reads pages until there are no more, or the limit. `isWhole` is false when rows were left out. */
export async function readAll<Row>(
  read: (cursor: string | undefined) => Promise<Page<Row>>,
  onProgress: (rows: number) => void = () => {},
): Promise<{ rows: Row[]; isWhole: boolean }> {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    rows.push(...page.data)
    onProgress(rows.length)
    cursor = page.next_cursor ?? undefined
    // A server that gives no rows and a cursor would keep us here for ever.
    if (page.data.length === 0) break
  } while (cursor !== undefined && rows.length < ROWS_MAX)
  return { rows: rows.slice(0, ROWS_MAX), isWhole: cursor === undefined && rows.length <= ROWS_MAX }
}
