import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import type { Page, User } from '../api/wire.ts'
import { api, type UsersSearch } from '../paths.ts'
import { listRhythm } from '../reading/rhythm.ts'

/** One screen and a half: enough to scan, little enough to read again every few seconds. */
const PAGE_SIZE = 50

export function usersQuery({ query, cursor }: UsersSearch) {
  return queryOptions({
    queryKey: ['users', 'list', { query, cursor }],
    queryFn: ({ signal }) => call<Page<User>>({ path: api.users({ query, cursor, limit: PAGE_SIZE }), signal }),
    refetchInterval: listRhythm,
    placeholderData: keepPreviousData,
  })
}

export function userQuery(id: string) {
  return queryOptions({
    queryKey: ['users', 'one', id],
    queryFn: ({ signal }) => call<User>({ path: api.user(id), signal }),
    refetchInterval: listRhythm,
  })
}
