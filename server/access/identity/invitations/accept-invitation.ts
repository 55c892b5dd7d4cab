import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import { findUser } from '../queries.ts'
import { tellInvitation } from './create-invitation.ts'
import { type Invitation, invitationState } from './invitation.ts'
import * as queries from './queries.ts'

export type Accepted =
  | { outcome: 'accepted'; organizationId: string }
  | { outcome: 'other-person' | 'unknown' | 'revoked' | 'expired' | 'taken' }

/**
 * Makes the invited a member: whoever is signed in as the address it was sent to, and nobody else, however they came by
 * the link. Pressed twice, or by two tabs at once, it is done once and answered alike.
 */
export async function acceptInvitation(
  parts: Parts,
  call: Call,
  { id, userId }: { id: string; userId: string },
): Promise<Accepted> {
  return parts.db.transaction(async (db) => {
    const seen = await queries.findInvitation(db, id)
    const organization = seen && (await parts.tenants.find(db, seen.organization_id))
    if (!organization || organization.deleted_at) return { outcome: seen ? 'revoked' : 'unknown' }
    // The organisation first, as everywhere: two locks in two orders would wait for each other.
    await parts.tenants.lock(db, organization.id)
    const invitation = (await queries.lockInvitation(db, id))!
    const user = await findUser(db, userId)
    if (user?.email.toLowerCase() !== invitation.email_key) return { outcome: 'other-person' }
    const state = invitationState(invitation, parts.clock.now())
    if (state === 'accepted') return again(invitation, userId)
    if (state !== 'open') return { outcome: state }
    await join(parts, db, call, { invitation, userId })
    return { outcome: 'accepted', organizationId: organization.id }
  })
}

const again = (invitation: Invitation, userId: string): Accepted =>
  invitation.accepted_by === userId
    ? { outcome: 'accepted', organizationId: invitation.organization_id }
    : { outcome: 'taken' }

async function join(
  parts: Parts,
  db: Queries,
  call: Call,
  { invitation, userId }: { invitation: Invitation; userId: string },
): Promise<void> {
  const { organization_id: organizationId, roles, id } = invitation
  const by = byCaller(call, userId)
  // Somebody was put into it directly meanwhile: what they are there already stays.
  if (!(await parts.tenants.membershipIn(db, organizationId, userId))) {
    await parts.tenants.addMember(db, { organizationId, userId, roles, by })
  }
  await queries.markAccepted(db, id, userId, parts.clock.now())
  await tellInvitation(parts, db, { by, action: 'invitation.accepted', invitation })
}
