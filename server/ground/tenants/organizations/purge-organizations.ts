import { BY_ITSELF } from '../../audit/index.ts'
import { deleteMembershipsOf } from '../memberships/queries.ts'
import { type Parts, tell } from '../parts.ts'
import * as queries from './queries.ts'

/** In one round; the next one takes more. */
const PURGED_MAX = 20
/** Rows of one statement: what a deadline of seconds allows on a slow disk. */
const MEMBERSHIPS_AT_ONCE = 2000
/** A million members; what is left is for the next round. */
const STATEMENTS_MAX = 500

/** Deletes for good what has been deleted for long enough, and leaves a tombstone, so that no backup brings it back unseen. */
export async function purgeOrganizations(parts: Parts): Promise<void> {
  for (const id of await queries.idsToPurge(parts.background, parts.clock.now(), PURGED_MAX)) await purge(parts, id)
}

async function purge(parts: Parts, id: string): Promise<void> {
  if (!(await emptied(parts, id))) return
  await parts.background.transaction(async (db) => {
    const now = parts.clock.now()
    const organization = await queries.lockOrganization(db, id)
    // Undone in the last moment: the members are gone, and that is told; the organisation stays.
    if (!organization?.deletes_at || organization.deletes_at > now) return
    await queries.purgeOrganization(db, id, now)
    await tell(parts, db, {
      by: BY_ITSELF,
      action: 'organization.purged',
      subject: { kind: 'organization', id },
      organizationId: id,
      followedBy: null,
    })
  })
}

async function emptied(parts: Parts, id: string): Promise<boolean> {
  for (let statement = 0; statement < STATEMENTS_MAX; statement++) {
    const isOver = await parts.background.transaction(async (db) => {
      const organization = await queries.lockOrganization(db, id)
      const now = parts.clock.now()
      if (!organization?.deletes_at || organization.deletes_at > now) return 'undone'
      return (await deleteMembershipsOf(db, id, MEMBERSHIPS_AT_ONCE)) === 0 ? 'empty' : 'more'
    })
    if (isOver !== 'more') return isOver === 'empty'
  }
  return false
}
