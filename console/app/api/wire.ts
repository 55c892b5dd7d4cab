/**
 * What access says to the console, as it is on the wire. The words that every client shares are in the SDK's contract;
 * these are the ones that only staff may hear.
 */
import type { Problem, Reason } from '@holdfast/sdk/contract'
import type { Scope, StaffRole } from './wire/scopes.ts'

export type DependencyState = 'ok' | 'failing' | 'unknown'

export interface Dependency {
  name: string
  state: DependencyState
  since: string | null
  /** How long ago it was last looked at. */
  age_ms: number | null
  detail: string | null
}

export interface Figure {
  value: number | null
  as_of: string | null
}

export const figureNames = ['live_sessions', 'users', 'sign_ins_last_hour', 'sign_ins_failed_last_hour'] as const
export type FigureName = (typeof figureNames)[number]

export interface Change {
  at: string
  text: string
  kind: string
}

export interface Overview {
  environment: string
  /** Null until the database was seen once. */
  installation_id: string | null
  version: string
  started_at: string
  generated_at: string
  /** Who asks, and what their role lets them do; null for a token. */
  actor: Actor | null
  dependencies: Dependency[]
  figures: Record<FigureName, Figure>
  changes: Change[]
}

export interface Actor {
  id: string
  role: StaffRole | null
  scopes: Scope[]
}

export const userStates = ['active', 'blocked', 'deleting'] as const
export type UserState = (typeof userStates)[number]

export interface User {
  id: string
  state: UserState
  blocked_at: string | null
  blocked_reason: string | null
  /** When the grace period of a deletion is over. */
  deletes_at: string | null
  factors: { kind: string; since: string }[]
  email: string | null
  name: string | null
  picture_url: string | null
  locale: string | null
  time_zone: string | null
  metadata_public: Record<string, unknown>
  metadata_private: Record<string, unknown>
  created_at: string
  last_sign_in_at: string | null
  live_sessions: number
  is_administrator: boolean
}

export interface SessionRow {
  id: string
  user: { id: string; email: string | null; name: string | null }
  organization_id: string | null
  /** Support who acts as this person. */
  impersonator: { id: string; name: string | null } | null
  audience: string
  created_at: string
  authenticated_at: string
  last_seen_at: string
  expires_at: string
  ended_at: string | null
  end_reason: Reason | null
  /** An id of a user, or `holdfast` for what ends by itself. */
  ended_by: string | null
  device: { name: string | null; user_agent: string | null; address: string | null }
  is_current: boolean
}

export const sessionStates = ['live', 'ended', 'all'] as const
export type SessionStateFilter = (typeof sessionStates)[number]

export type SigningKeyState = 'next' | 'active' | 'retiring' | 'retired'

export interface SigningKey {
  kid: string
  state: SigningKeyState
  created_at: string
  sign_from: string | null
  sign_until: string | null
  verify_until: string | null
}

export interface Page<Row> {
  data: Row[]
  next_cursor: string | null
}

/** A problem as the console may meet it; `since` and `verdict` come with an outage. */
export interface OutageProblem extends Problem {
  verdict?: 'unknown' | 'invalid'
  since?: string
  /** What is wrong with single fields of the body: `body/name`. */
  errors?: { at: string; says: string }[]
}
