import type { SessionAnswer } from '@holdfast/sdk/contract'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { api } from '../paths.ts'

/** Often enough that an ended session is noticed here too; every other call notices it as well. */
const RHYTHM_MS = 30_000
const OUTAGE_RHYTHM_MS = 2000

/** Who is at the console. */
export const signedInQuery = queryOptions({
  queryKey: ['signed-in'],
  queryFn: ({ signal }) => call<Extract<SessionAnswer, { verdict: 'valid' }>>({ path: api.session(), signal }),
  refetchInterval: ({ state }) => (state.status === 'success' ? RHYTHM_MS : OUTAGE_RHYTHM_MS),
  staleTime: RHYTHM_MS,
})
