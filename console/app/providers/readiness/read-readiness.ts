import type { PersonNotReady, ReadinessList, ReadinessOf } from '../../api/wire/fail-over.ts'
import { listQuery, oneQuery } from '../../list/list-query.ts'
import { api, type Ask } from '../../paths.ts'
import type { ReadinessPeopleSearch } from '../provider-search.ts'

export const readinessQuery = oneQuery<ReadinessList>('readiness', api.readiness())

/** The filters of the page, as the API calls them. */
export function askFor({ organization, able = undefined, why }: ReadinessPeopleSearch): Ask {
  return { organization_id: organization, able: able === 'all' ? undefined : (able ?? 'no'), why }
}

export function peopleQuery(providerId: string, search: ReadinessPeopleSearch) {
  const path = (ask: Ask) => api.readinessPeople(providerId, ask)
  return listQuery<PersonNotReady>(`not ready ${providerId}`, path, askFor(search), search.cursor)
}

export function organizationsReadyQuery(providerId: string, cursor: string | undefined) {
  const path = (ask: Ask) => api.readinessOrganizations(providerId, ask)
  return listQuery<ReadinessOf>(`ready ${providerId}`, path, {}, cursor)
}
