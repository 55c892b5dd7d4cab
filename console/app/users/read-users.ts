import type { AuditEntry } from '../api/wire/audit.ts'
import type { Membership } from '../api/wire/organizations.ts'
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

export function membershipsOf(userId: string) {
  return listQuery<Membership>('memberships', api.memberships, { user_id: userId })
}

/** What was done to somebody. */
export function auditAbout(userId: string) {
  return listQuery<AuditEntry>('audit', api.audit, { subject: userId })
}

/** What of the address belongs to the list; the rest belongs to the panel beside it. */
export function listSearch({ query, state, organization, cursor, make }: UsersSearch): UsersSearch {
  return { query, state, organization, cursor, make }
}
