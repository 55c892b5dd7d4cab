import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'

/**
 * Why a query has no good answer at this moment. TanStack Query forgets the error of a query without data as soon as it
 * tries again, and the page would flicker between "not known" and "reading" for as long as an outage lasts.
 */
export function useLastFailure(query: UseQueryResult<unknown>): Error | null {
  const [kept, setKept] = useState<Error | null>(null)
  if (query.error && query.error !== kept) setKept(query.error)
  if (!query.error && kept && query.data !== undefined) setKept(null)
  return query.error ?? (query.data === undefined ? kept : null)
}
