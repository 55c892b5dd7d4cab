import { BY_ITSELF } from '../../../ground/audit/index.ts'
import { removeStaff } from '../../../ground/environment/index.ts'
import { deleteCodes } from '../break-glass/queries.ts'
import { forgetPerson } from '../impersonation/queries.ts'
import { forgetIssuer } from '../rescue/queries.ts'
import { deleteInvitationsTo } from '../invitations/queries.ts'
import type { Parts } from '../parts.ts'
import * as queries from './queries.ts'
import { appendTombstone, emailDigest, eraseElsewhere } from './tombstones.ts'

/** People in one round; the next round takes more. */
const ROUND_MAX = 50

/**
 * Deletes for good whose grace is over. First what other features hold, in portions; then, in one transaction, the person
 * with all that identity holds, and their tombstone. Whatever interrupts it, the next round goes on: nothing is undone in
 * between, because from its hour on a deletion is final.
 */
export async function purgeAccounts(parts: Parts): Promise<number> {
  let purged = 0
  for (const id of await queries.dueDeletions(parts.background, parts.clock.now(), ROUND_MAX)) {
    const erasers = Object.values(parts.people.erasers)
    if (!(await eraseElsewhere(parts.background, id, erasers))) continue
    purged += Number(await purgeOne(parts, id))
  }
  return purged
}

async function purgeOne(parts: Parts, userId: string): Promise<boolean> {
  const now = parts.clock.now()
  return parts.background.transaction(async (db) => {
    const user = await queries.takeDueUser(db, userId, now)
    if (!user) return false
    // Before the commit: a tombstone too many names somebody who is about to go; one too few would let them come back.
    await appendTombstone(db, parts.folder, { user_id: userId, at: now.toISOString() })
    const requestedBy = user.deletion_requested_by
    const digest = emailDigest(parts.secret, user.email_key)
    await queries.insertTombstone(db, { userId, emailDigest: digest, requestedBy, deletedAt: now })
    await queries.deleteChallengesFor(db, user.email_key)
    await deleteInvitationsTo(db, user.email_key)
    await deleteCodes(db, userId)
    await forgetPerson(db, userId)
    await forgetIssuer(db, userId)
    await parts.tenants.removePerson(db, { userId, by: BY_ITSELF })
    await removeStaff(db, userId)
    await queries.deleteUser(db, userId)
    const facts = { requested_by: requestedBy }
    await parts.signal(db, { kind: 'user.deleted', subject: userId, facts })
    await parts.audit(db, { by: BY_ITSELF, action: 'user.deleted', subject: { kind: 'user', id: userId }, facts })
    return true
  })
}
