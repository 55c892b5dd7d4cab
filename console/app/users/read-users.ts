import type { User } from '../api/wire.ts'
import { listQuery, oneQuery } from '../list/list-query.ts'
import { api, type Ask, type UsersSearch } from '../paths.ts'

/** The filters of the page, as the API calls them. */
export function askFor({ query, state, organization }: UsersSearch): Ask {
  return { query, state, organization_id: organization }
}

export function usersQuery(search: UsersSearch) {
  return listQuery<User>('users', api.users, askFor(search), search.cursor)
}

export function userQuery(id: string) {
  return oneQuery<User>('users', api.user(id))
}
