import type { Queries } from '../../platform/database/index.ts'

/** Something that was noticed: `session.ended`, `sign-in.succeeded`. No secret ever stands in the facts. */
export interface SignalSaid {
  kind: string
  subject: string
  facts?: Record<string, unknown>
}

export interface SignalRow {
  at: Date
  kind: string
  subject: string
  facts: Record<string, unknown>
}

/** Appends in the transaction of what caused it: both are kept, or neither. */
export type Signal = (db: Queries, said: SignalSaid) => Promise<void>
