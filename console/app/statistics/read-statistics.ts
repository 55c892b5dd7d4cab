import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { isOutage } from '../api/failure.ts'
import type { Range, Statistics } from '../api/wire/statistics.ts'
import { api } from '../paths.ts'

/** Access adds up once a minute; looking more often would show the same. */
const RHYTHM_MS = 15_000
const FAILED_RHYTHM_MS = 1000

export function statisticsQuery(range: Range, organization?: string | undefined) {
  return queryOptions({
    queryKey: ['statistics', { range, organization }],
    queryFn: ({ signal }) =>
      call<Statistics>({ path: api.statistics({ range, organization_id: organization }), signal }),
    refetchInterval: ({ state }) => (state.status === 'error' && isOutage(state.error) ? FAILED_RHYTHM_MS : RHYTHM_MS),
    placeholderData: keepPreviousData,
  })
}
