/** A customer of the product, its members, and those who were asked to become one. */
export interface Organization {
  id: string
  name: string
  slug: string
  metadata_public: Record<string, unknown>
  metadata_private: Record<string, unknown>
  created_at: string
  updated_at: string
  deleted_at: string | null
  /** Until when the deletion can be undone. */
  deletes_at: string | null
  members: number
  live_sessions: number
}

export const organizationStates = ['active', 'deleting', 'all'] as const
export type OrganizationStateFilter = (typeof organizationStates)[number]

export interface Membership {
  id: string
  organization: { id: string; name: string }
  user: { id: string; email: string | null; name: string | null }
  roles: string[]
  created_at: string
  created_by: string | null
}

/** Given by Holdfast; an organisation may use words of its own beside them. */
export const givenRoles = ['owner', 'admin', 'member'] as const

export type InvitationState = 'open' | 'accepted' | 'revoked' | 'expired'

export interface Invitation {
  id: string
  organization: { id: string; name: string }
  email: string
  roles: string[]
  application_id: string | null
  state: InvitationState
  created_at: string
  created_by: string | null
  expires_at: string
  accepted_at: string | null
  accepted_by: string | null
}

export type RescueState = 'waiting' | 'used' | 'lapsed' | 'withdrawn'

/** A way in, once, for an administrator of an organisation who is locked out. */
export interface Rescue {
  id: string
  organization: { id: string; name: string | null }
  user: { id: string; email: string | null; name: string | null }
  issued_by: { id: string; name: string | null }
  audience: string
  reason: string
  /** `mail`: to their proven address, unseen. `voice`: told once to whoever made it, who reads it to them. */
  hand_over: 'mail' | 'voice'
  state: RescueState
  created_at: string
  expires_at: string
  used_at: string | null
  session_id: string | null
}

/** The code is in this answer and never again, and only for `voice`. */
export interface RescueIssued {
  rescue: Rescue
  url: string
  code: string | null
}
