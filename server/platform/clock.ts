/** The only place that reads the machine's clock; everything else is handed one, so that tests own time. */
export interface Clock {
  now(): Date
  /** Milliseconds that only ever go forward; for durations and deadlines. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
}

export function ageMs(clock: Clock, since: Date): number {
  // A clock that was set back must not produce a negative age.
  return Math.max(0, clock.now().getTime() - since.getTime())
}
