/** What is looked at; `exchange` is the back-channel half of a real sign-in. */
export const evidenceKinds = ['discovery', 'keys', 'authorization', 'token', 'exchange'] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

/** `good`: it lives, whatever it said. `limited`: it asks us to come less often (429), which is no fault. */
export type EvidenceOutcome = 'good' | 'fault' | 'limited'

/** Something this process saw of a provider, on a TLS connection that it opened itself. */
export interface EvidenceSeen {
  provider_id: string
  /** A round is one look at everything at once; null: a real sign-in. */
  round: string | null
  kind: EvidenceKind
  outcome: EvidenceOutcome
  /** A word for what went wrong, as `egress/fault.ts` has them. */
  fault: string | null
  /** A sentence for people, without a secret. */
  detail: string | null
  took_ms: number
  /** Whether the control target answered meanwhile; null: it was not asked. */
  is_control_good: boolean | null
}

/** Takes it into memory and returns: it is written and judged afterwards, and nobody waits for that. */
export type NoteEvidence = (evidence: EvidenceSeen) => void
