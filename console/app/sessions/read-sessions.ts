import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import type { Page, SessionRow, SessionStateFilter } from '../api/wire.ts'
import { api, type SessionsSearch } from '../paths.ts'
import { listRhythm } from '../reading/rhythm.ts'

/** One screen and a half: enough to scan, little enough to read again every few seconds. */
const PAGE_SIZE = 50

export function sessionsQuery({ user, state: asked, cursor }: SessionsSearch) {
  const state: SessionStateFilter = asked ?? 'live'
  return queryOptions({
    queryKey: ['sessions', 'list', { user, state, cursor }],
    queryFn: ({ signal }) =>
      call<Page<SessionRow>>({ path: api.sessions({ user_id: user, state, cursor, limit: PAGE_SIZE }), signal }),
    refetchInterval: listRhythm,
    placeholderData: keepPreviousData,
  })
}

export function sessionQuery(id: string) {
  return queryOptions({
    queryKey: ['sessions', 'one', id],
    queryFn: ({ signal }) => call<SessionRow>({ path: api.oneSession(id), signal }),
    refetchInterval: listRhythm,
  })
}
