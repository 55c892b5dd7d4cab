import type { Queries } from '../../../platform/database/index.ts'
import type { By } from '../../audit/index.ts'
import { noOrganization } from '../authority.ts'
import type { Organization } from '../organization.ts'
import { type Parts, tell } from '../parts.ts'
import { refuse } from '../refusals.ts'
import * as queries from './queries.ts'

/**
 * Begins a deletion: from now on nobody acts on behalf of it, and until `deletes_at` it can be undone.
 *
 * Incident 2: what was deleted at once had to come back from a backup. Asked for twice, it stays with the first time.
 */
export async function deleteOrganization(
  parts: Parts,
  db: Queries,
  { id, by }: { id: string; by: By },
): Promise<Organization> {
  const before = await queries.lockOrganization(db, id)
  if (!before) throw noOrganization(id)
  if (before.deleted_at) return before
  const now = parts.clock.now()
  const deletesAt = new Date(now.getTime() + parts.deletionGraceMs)
  const organization = await queries.setDeletion(db, { id, deletedAt: now, deletesAt, now })
  await tell(parts, db, {
    by,
    action: 'organization.deletion-started',
    subject: { kind: 'organization', id },
    organizationId: id,
    facts: { deletes_at: deletesAt.toISOString() },
    followedBy: null,
  })
  return organization
}

/** Everything is as it was, but for sessions and invitations: who wants to act for it again chooses it again. */
export async function undoDeletion(
  parts: Parts,
  db: Queries,
  { id, by }: { id: string; by: By },
): Promise<Organization> {
  const before = await queries.lockOrganization(db, id)
  if (!before) throw noOrganization(id)
  if (!before.deleted_at) throw refuse('not_deleting')
  const organization = await queries.setDeletion(db, {
    id,
    deletedAt: null,
    deletesAt: null,
    now: parts.clock.now(),
  })
  await tell(parts, db, {
    by,
    action: 'organization.deletion-undone',
    subject: { kind: 'organization', id },
    organizationId: id,
  })
  return organization
}
