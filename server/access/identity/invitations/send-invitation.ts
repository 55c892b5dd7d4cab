import type { By } from '../../../ground/audit/index.ts'
import type { Asker } from '../../../ground/tenants/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { languageFor } from '../hosted/language.ts'
import { limits } from '../limits/limits.ts'
import type { InvitationLetter } from '../mailer.ts'
import type { Parts } from '../parts.ts'
import { findUser, findUserByEmail } from '../queries.ts'
import { refuse } from '../refusals.ts'
import { tellInvitation } from './create-invitation.ts'
import { type Invitation, invitationState, tokenOf } from './invitation.ts'
import { reachable } from './reach-invitation.ts'

/** Lets the same mail be sent once more, with the same link: nothing that is out already becomes void. */
export async function sendAgain(
  parts: Parts,
  db: Queries,
  { id, actor, by }: { id: string; actor: Asker['actor']; by: By },
): Promise<Invitation> {
  const invitation = await reachable(parts, db, id, { actor, to: 'end invitations' })
  const now = parts.clock.now()
  const state = invitationState(invitation, now)
  if (state !== 'open') throw refuse('invitation_over', { state })
  const hits = [
    { limit: limits.invitationAgain, subject: invitation.id },
    { limit: limits.invitationToAddress, subject: invitation.email_key },
  ]
  await parts.limiter.pass(db, hits, now)
  await tellInvitation(parts, db, { by, action: 'invitation.sent-again', invitation })
  return invitation
}

/** What its mail says, read in the transaction that sends it: once that is committed, no outage can come between. */
export async function letterOf(
  parts: Parts,
  db: Queries,
  call: Call,
  invitation: Invitation,
): Promise<InvitationLetter> {
  const names = await parts.tenants.names(db, [invitation.organization_id])
  const inviter = await findUser(db, invitation.created_by)
  const reader = await findUserByEmail(db, invitation.email_key)
  return {
    to: invitation.email,
    audience: invitation.application_id ?? '',
    organization: names.get(invitation.organization_id) ?? '',
    inviter: inviter?.name ?? null,
    expiresAt: invitation.expires_at,
    link: `${invitation.pages_url}/invitation/${tokenOf(parts.secret, invitation.id)}`,
    reader: { locale: reader?.locale ?? languageFor(call), zone: reader?.time_zone },
  }
}
