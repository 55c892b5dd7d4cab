import type { Exercises, FailOverRefusal, FailOverSignIn } from '../../api/wire/fail-over.ts'
import type { Page } from '../../api/wire.ts'
import { listQuery, oneQuery } from '../../list/list-query.ts'
import { api, type Ask } from '../../paths.ts'
import type { FailOverSignInsSearch, KeptOutSearch } from '../provider-search.ts'

/** The filters of the page, as the API calls them. */
export function askFor({ provider, organization }: FailOverSignInsSearch): Ask {
  return { provider, organization }
}

export function signInsQuery(search: FailOverSignInsSearch) {
  return listQuery<FailOverSignIn>('fail-over sign-ins', api.failOverSignIns, askFor(search), search.cursor)
}

/** One answer holds all that there is of it. */
export function refusalsQuery({ organization }: KeptOutSearch) {
  return oneQuery<Page<FailOverRefusal>>('fail-over refusals', api.failOverRefusals({ organization }))
}

export const exercisesQuery = oneQuery<Exercises>('exercises', api.failOverExercises())
