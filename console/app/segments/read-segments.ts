import type { Segment } from '../api/wire/flags.ts'
import { listQuery, oneQuery } from '../list/list-query.ts'
import { api, type FlagsSearch } from '../paths.ts'

export function listSearch({ query, state, cursor, make }: FlagsSearch): FlagsSearch {
  return { query, state, cursor, make }
}
export const askFor = ({ query, state }: FlagsSearch) => ({ query, state })

export function segmentsQuery(search: FlagsSearch) {
  return listQuery<Segment>('segments', api.segments, askFor(search), search.cursor)
}

export function segmentQuery(key: string) {
  return oneQuery<Segment>('segments', api.segment(key))
}
