import { useQuery } from '@tanstack/react-query'
import { isFailure } from '../api/failure.ts'
import { useClock } from '../ui/clock.tsx'
import { useLastFailure } from './last-failure.ts'
import { overviewQuery, type SeenOverview } from './overview.ts'

/** What is away, so that pages can say what they cannot know. Access first: without it nothing else is known. */
export interface Outage {
  of: 'access' | 'database'
  /** Null when this page was opened after it had begun. */
  since: string | null
  detail: string | null
}

export function useOutage(): Outage | null {
  const overview = useQuery(overviewQuery)
  const failure = useLastFailure(overview)
  const { asWritten } = useClock()
  const answeredAt = overview.dataUpdatedAt > 0 ? asWritten(overview.dataUpdatedAt) : null
  return outageOf({ overview: overview.data, failure, answeredAt })
}

export function outageOf(seen: {
  overview: Pick<SeenOverview, 'dependencies'> | undefined
  failure: unknown
  /** When access last answered. */
  answeredAt: string | null
}): Outage | null {
  const { overview, failure, answeredAt } = seen
  if (isFailure(failure, 'silent')) return { of: 'access', since: answeredAt, detail: null }
  if (isFailure(failure, 'unknown')) {
    return { of: 'database', since: failure.problem?.since ?? null, detail: failure.problem?.detail ?? null }
  }
  const database = overview?.dependencies.find(({ name }) => name === 'database')
  if (!database || database.state === 'ok') return null
  return { of: 'database', since: database.since, detail: database.detail }
}
