import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import type { Page } from '../api/wire.ts'
import type { Ask } from '../paths.ts'
import { listRhythm } from '../reading/rhythm.ts'

/** One screen and a half: enough to scan, little enough to read again every few seconds. */
export const PAGE_SIZE = 50

/** A page of a list, read again while somebody looks. `filter` is what the API calls it; without `cursor` and `limit`. */
export function listQuery<Row>(name: string, path: (ask: Ask) => string, filter: Ask, cursor?: string | undefined) {
  return queryOptions({
    queryKey: [name, 'list', { ...filter, cursor }],
    queryFn: ({ signal }) => call<Page<Row>>({ path: path({ ...filter, cursor, limit: PAGE_SIZE }), signal }),
    refetchInterval: listRhythm,
    placeholderData: keepPreviousData,
  })
}

/** One thing by its id. */
export function oneQuery<Thing>(name: string, path: string) {
  return queryOptions({
    queryKey: [name, 'one', path],
    queryFn: ({ signal }) => call<Thing>({ path, signal }),
    refetchInterval: listRhythm,
  })
}
