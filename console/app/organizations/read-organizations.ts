import type { Invitation, Membership, Organization } from '../api/wire/organizations.ts'
import type { SessionRow } from '../api/wire.ts'
import { listQuery, oneQuery } from '../list/list-query.ts'
import { api, type OrganizationsSearch } from '../paths.ts'

/** Further than this access does not count the sessions of one organisation. */
export const SESSIONS_COUNTED_TO = 1000

export const askFor = (search: OrganizationsSearch) => ({ query: search.query, state: search.state })

export function organizationsQuery(search: OrganizationsSearch) {
  return listQuery<Organization>('organizations', api.organizations, askFor(search), search.cursor)
}

export function organizationQuery(id: string) {
  return oneQuery<Organization>('organizations', api.organization(id))
}

export function membersQuery(organizationId: string, cursor?: string | undefined) {
  return listQuery<Membership>('memberships', api.memberships, { organization_id: organizationId }, cursor)
}

export function invitationsQuery(organizationId: string, cursor?: string | undefined) {
  return listQuery<Invitation>('invitations', api.invitations, { organization_id: organizationId }, cursor)
}

export function liveSessionsQuery(organizationId: string, cursor?: string | undefined) {
  const filter = { organization_id: organizationId, state: 'live' }
  return listQuery<SessionRow>('sessions', api.sessions, filter, cursor)
}

/** What of the address belongs to the list; the rest belongs to the panel beside it. */
export function listSearch({ query, state, cursor, make }: OrganizationsSearch): OrganizationsSearch {
  return { query, state, cursor, make }
}
