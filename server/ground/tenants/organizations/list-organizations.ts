import { beginningsOf } from '../../../platform/search-words.ts'
import type { Asker } from '../authority.ts'
import { leaveOut, type Page, pageOf } from '../list.ts'
import { MEMBERSHIPS_A_PERSON_MAX } from '../membership.ts'
import type { Organization, OrganizationState } from '../organization.ts'
import type { Parts } from '../parts.ts'
import * as queries from './queries.ts'

export interface ListOrganizations {
  query?: string | undefined
  state?: OrganizationState | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

/** Staff see all, newest first; a person sees their own, whatever they ask for: those that take their session. */
export async function listOrganizations(
  parts: Parts,
  actor: Asker['actor'],
  asked: ListOrganizations,
): Promise<Page<Organization> & { held_back?: number }> {
  const { db } = parts
  if (!actor.isStaff) {
    const data = await queries.organizationsOfUser(db, actor.id, MEMBERSHIPS_A_PERSON_MAX)
    return leaveOut(parts, actor, { data, next_cursor: null }, ({ id }) => id)
  }
  const query = asked.query?.trim() ?? ''
  if (/^org_[0-9a-z]{1,40}$/.test(query)) {
    const found = await queries.findOrganization(db, query)
    return { data: found ? [found] : [], next_cursor: null }
  }
  const words = beginningsOf(query)
  // What has no letter and no digit is in no name.
  if (query !== '' && words === undefined) return { data: [], next_cursor: null }
  return pageOf({ ...asked, prefix: 'org' }, (from) =>
    queries.listOrganizations(db, { words, state: asked.state ?? 'active', ...from }),
  )
}
