/**
 * Decides when a database is away: after so many misses in a row, over all pools. One slow row or one restarted
 * connection is not an outage; and a call that waited too long while others were answered is a crowd, not an outage.
 */
export interface Breaker {
  /** Taken before a call, and given back when it misses. */
  mark(): number
  answered(): void
  /** True when this miss is the one too many. */
  missed(mark: number): boolean
  reset(): void
}

const MISSES_TO_OPEN = 3

export function openBreaker(): Breaker {
  let answers = 0
  let misses = 0
  return {
    mark: () => answers,
    answered() {
      answers += 1
      misses = 0
    },
    missed(mark) {
      if (mark !== answers) return false
      misses += 1
      return misses >= MISSES_TO_OPEN
    },
    reset() {
      misses = 0
    },
  }
}
