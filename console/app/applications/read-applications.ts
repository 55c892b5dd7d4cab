import type { Application } from '../api/wire/applications.ts'
import { listQuery, oneQuery } from '../list/list-query.ts'
import { api, type ListSearch } from '../paths.ts'

/** Further than this access does not count the sessions of one application. */
export const SESSIONS_COUNTED_TO = 1000

export const askFor = (search: ListSearch) => ({ query: search.query })

export function applicationsQuery(search: ListSearch) {
  return listQuery<Application>('applications', api.applications, askFor(search), search.cursor)
}

export function applicationQuery(id: string) {
  return oneQuery<Application>('applications', api.application(id))
}

/** What of the address belongs to the list; the rest belongs to the panel beside it. */
export function listSearch({ query, cursor, make }: ListSearch): ListSearch {
  return { query, cursor, make }
}
