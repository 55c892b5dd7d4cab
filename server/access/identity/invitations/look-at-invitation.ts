import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { digestOfToken, isToken } from '../challenge.ts'
import { addressBlock } from '../limits/address-block.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import { findUser } from '../queries.ts'
import type { User } from '../user.ts'
import { type Invitation, type InvitationState, invitationState, isInvitationId } from './invitation.ts'
import * as queries from './queries.ts'

export type InvitationSeen =
  | { outcome: 'unknown' }
  | {
      outcome: InvitationState
      invitation: Invitation
      organization: string
      viewer: User | undefined
      isInvited: boolean
    }

/**
 * What is behind an invitation's link for whoever opens it; changes nothing, as often as it is opened. By its id, which
 * is no secret, only the invited see anything: that is where a sign-in comes back to, so that no token lies in a table.
 */
export async function lookAtInvitation(parts: Parts, call: Call, reference: string): Promise<InvitationSeen> {
  const now = parts.clock.now()
  parts.limiter.passHere([{ limit: limits.linkInBlock, subject: addressBlock(call.address) }], now)
  const invitation = await find(parts, reference)
  if (!invitation) return { outcome: 'unknown' }
  const viewer = await viewerOf(parts, call)
  const isInvited = viewer?.email.toLowerCase() === invitation.email_key
  if (isInvitationId(reference) && !isInvited) return { outcome: 'unknown' }

  const organization = await parts.tenants.find(parts.db, invitation.organization_id)
  const isGone = !organization || organization.deleted_at !== null
  const state = invitationState(invitation, now)
  const outcome = isGone && state === 'open' ? 'revoked' : state
  return { outcome, invitation, organization: organization?.name ?? '', viewer, isInvited }
}

async function find({ db }: Parts, reference: string): Promise<Invitation | undefined> {
  if (isInvitationId(reference)) return queries.findInvitation(db, reference)
  return isToken(reference) ? queries.findInvitationByToken(db, digestOfToken(reference)) : undefined
}

/** Who is signed in; support that acts as somebody is nobody here. */
async function viewerOf(parts: Parts, call: Call): Promise<User | undefined> {
  const answer = await parts.sessions.verify(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  if (answer.verdict === 'invalid' || answer.session.impersonator) return undefined
  return findUser(parts.db, answer.session.user.id)
}
