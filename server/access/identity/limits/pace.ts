/** At an even pace one in `everyMs`; `burst` may come at once after a rest. It slows and never locks. */
export interface Limit {
  kind: string
  everyMs: number
  burst: number
  /** What is said to people about it. */
  what: 'mails' | 'codes' | 'requests'
}

export type Taken = { outcome: 'taken'; dueAtMs: number } | { outcome: 'early'; retryAfterMs: number }

/**
 * The generic cell rate algorithm: of each subject only the instant is kept at which the next one would be due. What
 * is refused costs nothing, so that somebody who keeps knocking is let in as soon as somebody who waits.
 */
export function take(limit: Limit, dueAtMs: number | undefined, nowMs: number): Taken {
  const due = Math.max(dueAtMs ?? nowMs, nowMs)
  const retryAfterMs = due - nowMs - toleranceMs(limit)
  return retryAfterMs > 0 ? { outcome: 'early', retryAfterMs } : { outcome: 'taken', dueAtMs: due + limit.everyMs }
}

/** How far ahead of the even pace a subject may be. */
export const toleranceMs = (limit: Limit) => limit.everyMs * (limit.burst - 1)
