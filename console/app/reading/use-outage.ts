import { useQuery } from '@tanstack/react-query'
import { useClock } from '../ui/clock.tsx'
import { useLastFailure } from './last-failure.ts'
import { type Outage, outageOf, reasonNotToAct } from './outage.ts'
import { overviewQuery } from './overview.ts'

export function useOutage(): Outage | null {
  const overview = useQuery(overviewQuery)
  const failure = useLastFailure(overview)
  const { asWritten } = useClock()
  const answeredAt = overview.dataUpdatedAt > 0 ? asWritten(overview.dataUpdatedAt) : null
  return outageOf({ overview: overview.data, failure, answeredAt })
}

export function useReasonNotToAct(): string | null {
  return reasonNotToAct(useOutage())
}
