import type { By } from '../../../ground/audit/index.ts'
import type { Asker } from '../../../ground/tenants/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { tellInvitation } from './create-invitation.ts'
import { type Invitation, invitationState } from './invitation.ts'
import * as queries from './queries.ts'
import { reachable } from './reach-invitation.ts'

/** Voids an invitation that nobody has accepted. Asked for twice, it stays with the first time. */
export async function revokeInvitation(
  parts: Parts,
  db: Queries,
  { id, actor, by }: { id: string; actor: Asker['actor']; by: By },
): Promise<Invitation> {
  const seen = await reachable(parts, db, id, { actor, to: 'end invitations' })
  const now = parts.clock.now()
  const invitation = (await queries.lockInvitation(db, seen.id)) ?? seen
  const state = invitationState(invitation, now)
  if (state === 'accepted') throw refuse('invitation_accepted')
  if (state === 'revoked') return invitation
  const revoked = await queries.markRevoked(db, invitation.id, by.id, now)
  await tellInvitation(parts, db, { by, action: 'invitation.revoked', invitation })
  return revoked
}

/** In one statement; the next portion takes more. */
const REVOKED_AT_ONCE = 2000
const PORTIONS_MAX = 100

/** For an organisation that is going. The wiring calls it when it follows that change, as often as it takes. */
export async function revokeAllOf(parts: Parts, organizationId: string): Promise<void> {
  for (let portion = 0; portion < PORTIONS_MAX; portion++) {
    const now = parts.clock.now()
    const touched = await queries.revokeOfOrganization(parts.background, organizationId, now, REVOKED_AT_ONCE)
    if (touched < REVOKED_AT_ONCE) return
  }
}
