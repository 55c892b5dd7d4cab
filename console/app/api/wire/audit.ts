/** Who did what to whom: written in the transaction that did it. */
export interface AuditEntry {
  id: string
  at: string
  action: string
  /** A sentence. */
  text: string
  actor: Party
  /** Support who acted as `actor`. */
  impersonator: { id: string; label: string | null } | null
  subject: Party
  organization_id: string | null
  facts: Record<string, unknown>
  address: string | null
  user_agent: string | null
  sealed: boolean
}

export interface Party {
  kind: string
  id: string | null
  label: string | null
}

/** How far the audit is sealed, and whether the seals still hold. */
export interface AuditSeal {
  /** Entries up to this moment are sealed; null: none yet. */
  sealed_up_to: string | null
  /** Batches in the chain. */
  sealed: number
  waiting: number
  /** When the chain was last looked over as a whole; null: not yet. */
  verified_at: string | null
  verdict: 'intact' | 'touched' | 'unknown'
  problems: string[]
}
