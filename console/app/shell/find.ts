import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { LinkProps } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import type { Found } from '../api/wire/installation.ts'
import { api, BASE_PATH, pageOf } from '../paths.ts'

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

/** Where something that was found is; null: nowhere in this console. */
export function placeOf({ kind, id, url }: Found): LinkProps | null {
  return pageOf(kind, id) ?? (url.startsWith(`${BASE_PATH}/`) ? { href: url } : null)
}

export function contains(sought: string, ...texts: readonly string[]): boolean {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean)
  const text = texts.join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}
