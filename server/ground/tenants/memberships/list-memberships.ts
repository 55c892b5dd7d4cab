import { assertMay } from '../authority.ts'
import type { Asker } from '../authority.ts'
import { leaveOut, type Page, pageOf } from '../list.ts'
import { mayManage } from '../membership.ts'
import type { Parts } from '../parts.ts'
import * as queries from './queries.ts'
import { askerIn } from './reach-membership.ts'

export interface ListMemberships {
  organization_id?: string | undefined
  user_id?: string | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

/**
 * Newest first. A person sees their own, or those of an organisation they are in; who is no manager there, names only. Of their own
 * those are left out whose organisation does not take the session they ask in, and counted: a page may be the shorter for it.
 */
export async function listMemberships(
  parts: Pick<Parts, 'db' | 'heldBack'>,
  actor: Asker['actor'],
  asked: ListMemberships,
): Promise<Page<queries.ListedMembership> & { held_back?: number; showsEmails: boolean }> {
  const { db } = parts
  const { organization_id: organizationId } = asked
  const own = actor.isStaff || organizationId !== undefined ? asked.user_id : actor.id
  const asker = organizationId === undefined ? undefined : await askerIn(parts, db, organizationId, actor)
  if (asker && organizationId !== undefined) assertMay(asker, { to: 'read' }, organizationId)
  const page = await pageOf({ ...asked, prefix: 'mem' }, (from) =>
    queries.listMemberships(db, { organizationId, userId: own, ...from }),
  )
  const shown = asker ? page : await leaveOut(parts, actor, page, (row) => row.organization_id)
  return { ...shown, showsEmails: actor.isStaff || asker === undefined || mayManage(asker.roles ?? []) }
}
