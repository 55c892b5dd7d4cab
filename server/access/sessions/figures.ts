import type { House } from './house.ts'
import type { SharedFigures } from './shared-cache/shared-sessions.ts'

/** Numbers for /metrics and the overview. */
export interface Figures {
  known: number
  lastSeenWaiting: number
  pendingEnds: number
  revocationSeq: number
  revocationsConfirmedAt: Date | null
  /** Null: there is no cache. */
  shared: SharedFigures | null
}

export function figuresOf({ known, shared, lastSeen, pendingEnds, revocations }: House): Figures {
  return {
    known: known.size,
    lastSeenWaiting: lastSeen.waiting,
    pendingEnds: pendingEnds.all().length,
    revocationSeq: revocations.seq,
    revocationsConfirmedAt: revocations.confirmedAt,
    shared: shared?.figures() ?? null,
  }
}
