import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { LinkProps } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import type { Found } from '../api/wire/installation.ts'
import { api, BASE_PATH, to } from '../paths.ts'

/** One letter finds half of everything. */
export const QUERY_LENGTH_MIN = 2

export function foundQuery(query: string) {
  return queryOptions({
    queryKey: ['search', query],
    queryFn: ({ signal }) => call<{ data: Found[] }>({ path: api.search(query), signal }),
    enabled: query.length >= QUERY_LENGTH_MIN,
    placeholderData: keepPreviousData,
  })
}

const pages: Record<string, (id: string) => LinkProps> = {
  user: to.user,
  organization: to.organization,
  application: to.application,
  session: to.session,
  token: to.token,
}

/** Where something that was found is; null: nowhere in this console. */
export function placeOf({ kind, id, url }: Found): LinkProps | null {
  const page = pages[kind]
  if (page) return page(id)
  return url.startsWith(`${BASE_PATH}/`) ? { href: url } : null
}

export function contains(sought: string, ...texts: readonly string[]): boolean {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean)
  const text = texts.join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}
