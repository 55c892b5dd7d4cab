import type { Reason } from '@holdfast/sdk/contract'

/** The answer to "why was I signed out?": a session, why it is over or that it is not, and what verifiers said then. */
export interface SessionEnd {
  session_id: string
  user: { id: string; email: string | null; name: string | null }
  audience: string
  began_at: string
  last_seen_at: string
  ended_at: string | null
  reason: Reason | null
  /** Of access, for people. */
  sentence: string
  ended_by: { kind: 'person' | 'staff' | 'token' | 'holdfast'; id: string; label: string; device: string | null } | null
  device: { name: string; address: string }
  idle_after_s: number
  /** False: far more sessions ended then than usual. */
  is_usual: boolean
  verifiers: Verifiers
}

export interface EndList {
  data: SessionEnd[]
  /** Of one person: who was asked to sign in although one of these is theirs was not signed out. */
  still_live: SessionEnd[]
  /** Times in which far more ended than usual, or without a reason; newest first. */
  episodes: SignOutEpisode[]
  next_cursor: string | null
}

export interface SignOutEpisode {
  id: string
  class: 'own' | 'administrator' | 'itself' | 'refused' | 'unexplained'
  began_at: string
  /** Null: it goes on. */
  over_at: string | null
  counted: number
  usual: number
}

export interface VerdictCount {
  verdict: 'valid' | 'invalid' | 'unknown'
  reason: string | null
  source: string | null
  count: number
}

/** What every verifier answered around an end, as far as they have told. */
export interface Verifiers {
  window: { from: string; to: string }
  access: { process: string; verdicts: VerdictCount[]; vanished: number; database_away_ms: number }[]
  applications: {
    application: { id: string; name: string | null }
    instances: {
      name: string
      verdicts: VerdictCount[]
      lag_ms: number | null
      access_away_ms: number
      reported_at: string
    }[]
  }[]
  outages: { from: string; to: string; what: string }[]
}

/** Support that acts as a person, for a time and with a reason. */
export interface Impersonation {
  id: string
  user: { id: string; email: string | null; name: string | null }
  staff: { id: string; name: string | null }
  audience: string
  reason: string
  minutes: number
  state: ImpersonationState
  created_at: string
  started_at: string | null
  ends_at: string | null
  ended_at: string | null
  ended_by: string | null
  session_id: string | null
}

/** The link was not followed yet; it is under way; it is over; the link was never followed. */
export type ImpersonationState = 'waiting' | 'live' | 'ended' | 'lapsed'
