import type { Impersonation } from '../api/wire/sessions.ts'
import type { SessionRow } from '../api/wire.ts'
import { listQuery, oneQuery } from '../list/list-query.ts'
import { api, type Ask, type ImpersonationsSearch, type SessionsSearch } from '../paths.ts'

/** The filters of the page, as the API calls them. */
export function askFor({ user, state, organization, audience, from, to }: SessionsSearch): Ask {
  return { user_id: user, state: state ?? 'live', organization_id: organization, audience, from, to }
}

export function sessionsQuery(search: SessionsSearch) {
  return listQuery<SessionRow>('sessions', api.sessions, askFor(search), search.cursor)
}

export function sessionQuery(id: string) {
  return oneQuery<SessionRow>('sessions', api.oneSession(id))
}

export function impersonationsQuery({ user, cursor }: ImpersonationsSearch) {
  return listQuery<Impersonation>('impersonations', api.impersonations, { user_id: user }, cursor)
}
