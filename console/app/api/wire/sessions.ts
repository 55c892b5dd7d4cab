import type { Reason } from '@holdfast/sdk/contract'
import type { SessionRow } from '../wire.ts'

/** The answer to "why was I signed out?": an end, who brought it about, and what verifiers said at that hour. */
export interface SessionEnd {
  session: SessionRow
  ended_at: string
  reason: Reason | null
  /** A sentence of access, ready to be read out to the person. */
  text: string
  by: { kind: string; id: string | null; label: string | null }
  verifiers: { application: string; at: string; verdict: 'valid' | 'invalid' | 'unknown'; lag_s: number | null }[]
}

/** Support that acts as a person, for a time and with a reason. */
export interface Impersonation {
  id: string
  user: { id: string; email: string | null; name: string | null }
  impersonator: { id: string; email: string | null; name: string | null }
  application_id: string | null
  reason: string
  created_at: string
  expires_at: string
  ended_at: string | null
}
