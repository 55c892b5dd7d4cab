import type { Asker, Wish } from '../../../ground/tenants/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { type Invitation, isInvitationId } from './invitation.ts'
import { findInvitation } from './queries.ts'

/** An invitation for those who may see it: that of an organisation one is not in, and none at all, get the same answer. */
export async function reachable(
  parts: Parts,
  db: Queries,
  id: string,
  { actor, to }: { actor: Asker['actor']; to: Extract<Wish['to'], 'see invitations' | 'end invitations'> },
): Promise<Invitation> {
  const invitation = isInvitationId(id) ? await findInvitation(db, id) : undefined
  if (!invitation) throw noInvitation(id)
  try {
    await parts.tenants.assertMay(db, invitation.organization_id, actor, { to })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'tenants.no_organization') throw noInvitation(id)
    throw error
  }
  return invitation
}

const noInvitation = (id: string) => refuse('no_invitation', { id: id.replace(/[^\w]/g, '').slice(0, 64) })
