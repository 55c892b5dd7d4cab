import type { Queries } from '../../platform/database/index.ts'
import type { Signal } from '../signals/index.ts'

/** Tokens that were refused since the last round: counted in memory, told as one signal a round, however many there were. */
export interface Refused {
  /** `id` where the token is one of ours. */
  note(reason: 'malformed' | 'foreign' | 'unknown' | 'expired' | 'revoked', id?: string): void
  tell(db: Queries, signal: Signal): Promise<void>
}

/** Named in one signal; which ones the others were, their owners will say. */
const NAMED_MAX = 20

export function openRefused(): Refused {
  let counts: Record<string, number> = {}
  let tokens = new Set<string>()
  return {
    note(reason, id) {
      counts[reason] = (counts[reason] ?? 0) + 1
      if (id !== undefined && tokens.size < NAMED_MAX) tokens.add(id)
    },
    async tell(db, signal) {
      if (Object.keys(counts).length === 0) return
      const told = { counts, tokens }
      counts = {}
      tokens = new Set()
      try {
        const facts = { ...told.counts, tokens: [...told.tokens] }
        await signal(db, { kind: 'token.refused', subject: 'tokens', facts })
      } catch (error) {
        // Told with the next round: what was tried in an outage is worth knowing too.
        for (const [reason, count] of Object.entries(told.counts)) counts[reason] = (counts[reason] ?? 0) + count
        for (const id of told.tokens) if (tokens.size < NAMED_MAX) tokens.add(id)
        throw error
      }
    },
  }
}
