import type { Secret } from '../../../platform/secret.ts'

/** Somebody asked a person, by their address, to come into an organisation. */
export interface Invitation {
  /** `inv_…`; no secret: only whoever is signed in as the invited gets anywhere with it. */
  id: string
  organization_id: string
  /** As it is written to. */
  email: string
  email_key: string
  roles: string[]
  application_id: string | null
  pages_url: string
  created_at: Date
  created_by: string
  expires_at: Date
  accepted_at: Date | null
  accepted_by: string | null
  revoked_at: Date | null
}

export const invitationStates = ['open', 'accepted', 'revoked', 'expired'] as const
export type InvitationState = (typeof invitationStates)[number]

export const EXPIRES_IN_DAYS = 7
export const EXPIRES_IN_DAYS_MAX = 30
export const DAY_MS = 24 * 3_600_000

export function invitationState(invitation: Invitation, now: Date): InvitationState {
  if (invitation.accepted_at) return 'accepted'
  if (invitation.revoked_at) return 'revoked'
  return now >= invitation.expires_at ? 'expired' : 'open'
}

/**
 * The token of an invitation's link, 256 bits. It is derived from the id under the secret, so that the same link can be
 * sent again while PostgreSQL holds nothing but its digest.
 */
export const tokenOf = (secret: Secret, id: string): string => secret.hmac('invitation link', id).toString('base64url')

export const isInvitationId = (text: string) => /^inv_[0-9a-z]{1,40}$/.test(text)
