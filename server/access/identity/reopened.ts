/**
 * Challenges that were used up for nothing: the database went away between the right code and the session. Their
 * browser may use them once more. Only this process knows; for any other the answer is to ask for a new code.
 */
export interface Reopened {
  add(challengeId: string): void
  has(challengeId: string): boolean
  /** True for the one caller that may go on. */
  take(challengeId: string): boolean
}

/** More people than can be half-way through a sign-in when an outage begins. */
const REOPENED_MAX = 1000

export function openReopened(): Reopened {
  const ids = new Set<string>()
  return {
    add(challengeId) {
      ids.add(challengeId)
      if (ids.size > REOPENED_MAX) ids.delete(ids.keys().next().value!)
    },
    has: (challengeId) => ids.has(challengeId),
    take: (challengeId) => ids.delete(challengeId),
  }
}
