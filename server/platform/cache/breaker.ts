/**
 * Decides when a cache is not worth asking. Each miss costs whoever waits its deadline, so three in a row open it; while it
 * is open nobody waits at all. It is closed by a probe on a fresh connection, never by time alone.
 */
export interface Breaker {
  readonly state: 'closed' | 'open' | 'half-open'
  /** An answer, and how long it took: one that is slower than PostgreSQL is as bad as none. */
  answered(ms: number): Change
  missed(): Change
  /** The connection has gone, or says that it will not have us: there is nothing to count. */
  open(): void
  /** How long to wait before the next probe. */
  nextProbeMs(): number
  probing(): void
  close(nowMs: number): void
  /** Told the time, so that a cache that is there for a moment only is asked ever less often. */
  opened(nowMs: number): void
}
type Change = 'stays' | 'opens'

const MISSES_TO_OPEN = 3
/** A look-up in PostgreSQL takes one to ten milliseconds; a cache beyond this helps nobody. */
const SLOW_MS = 50
const PROBE_FIRST_MS = 500
const PROBE_MAX_MS = 10_000
/** Closed for less than this was no recovery. */
const STEADY_MS = 10_000

export function openBreaker(random: () => number = Math.random): Breaker {
  let state: Breaker['state'] = 'closed'
  let misses = 0
  let failures = 0
  let closedAtMs = Number.NEGATIVE_INFINITY

  function missed(): Change {
    misses += 1
    if (state !== 'closed' || misses < MISSES_TO_OPEN) return 'stays'
    state = 'open'
    return 'opens'
  }

  return {
    get state() {
      return state
    },
    answered(ms) {
      if (ms > SLOW_MS) return missed()
      misses = 0
      return 'stays'
    },
    missed,
    open() {
      state = 'open'
    },
    nextProbeMs() {
      const wholeMs = Math.min(PROBE_FIRST_MS * 2 ** failures, PROBE_MAX_MS)
      failures = Math.min(failures + 1, 10)
      // From a half to one and a half: processes that lost it together do not come back together.
      return wholeMs * (0.5 + random())
    },
    probing() {
      state = 'half-open'
    },
    close(nowMs) {
      state = 'closed'
      misses = 0
      closedAtMs = nowMs
    },
    opened(nowMs) {
      if (nowMs - closedAtMs >= STEADY_MS) failures = 0
    },
  }
}
