import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { isOutage } from '../../api/failure.ts'
import type { EndList } from '../../api/wire/sessions.ts'
import { api, type WhySearch } from '../../paths.ts'

/** Each end brings what all verifiers said at its hour: a handful is enough to find the one that is meant. */
const PAGE_SIZE = 10
export const WINDOW_DEFAULT_MIN = 30
/** Verifiers tell once a minute. */
const RHYTHM_MS = 30_000
const OUTAGE_RHYTHM_MS = 1000

/** Looked up by person, session or time, and read again while somebody looks: verifiers tell late. */
export function endsQuery({ user, session, at, window, cursor }: WhySearch) {
  const windowMin = window ? Number(window) : WINDOW_DEFAULT_MIN
  const ask = { user_id: user, session_id: session, at, window_min: windowMin, cursor }
  return queryOptions({
    queryKey: ['session-ends', ask],
    queryFn: ({ signal }) => call<EndList>({ path: api.sessionEnds({ ...ask, limit: PAGE_SIZE }), signal }),
    refetchInterval: ({ state }) => (state.status === 'error' && isOutage(state.error) ? OUTAGE_RHYTHM_MS : RHYTHM_MS),
    placeholderData: keepPreviousData,
  })
}
