import { useQuery } from '@tanstack/react-query'
import type { Dependency } from '../api/wire.ts'
import { fallBackAsDependency } from '../providers/fail-over/last-worked.ts'
import { exercisesQuery } from '../providers/fail-over/read-fail-over.ts'
import { providersQuery } from '../providers/read-providers.ts'
import { useReasonNotTo } from '../reading/use-may.ts'

/** What people would go on by if a provider went down, while it does not work or nobody can say that it does. */
export function useFallBack(): Dependency[] {
  const enabled = useReasonNotTo('providers:read') === null
  const providers = useQuery({ ...providersQuery(), enabled }).data?.data ?? []
  const exercises = useQuery({ ...exercisesQuery, enabled }).data
  const isInUse = providers.some(({ is_enabled }) => is_enabled)
  const trouble = isInUse && exercises ? fallBackAsDependency(exercises) : null
  return trouble ? [trouble] : []
}
