import type { Evidence, Provider, VerdictChange } from '../api/wire/providers.ts'
import { listQuery, oneQuery } from '../list/list-query.ts'
import { api } from '../paths.ts'
import type { ProvidersSearch } from './provider-search.ts'

export function providersQuery(search: ProvidersSearch = {}) {
  return listQuery<Provider>('providers', api.providers, {}, search.cursor)
}

export function providerQuery(id: string) {
  return oneQuery<Provider>('providers', api.provider(id))
}

export function evidenceQuery(id: string, cursor?: string | undefined) {
  return listQuery<Evidence>(`evidence ${id}`, (ask) => api.providerEvidence(id, ask), {}, cursor)
}

export function historyQuery(id: string, cursor?: string | undefined) {
  return listQuery<VerdictChange>(`history ${id}`, (ask) => api.providerHistory(id, ask), {}, cursor)
}

/** What of the address belongs to the list. */
export function listSearch({ cursor, make }: ProvidersSearch): ProvidersSearch {
  return { cursor, make }
}
