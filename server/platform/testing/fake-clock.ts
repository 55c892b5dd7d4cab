import type { Clock } from '../clock.ts'

/** Time that stands still until a test moves it. */
export interface FakeClock extends Clock {
  advance(ms: number): void
}

export function fakeClock(start = new Date('2026-11-21T08:00:00Z')): FakeClock {
  let ms = start.getTime()
  return {
    now: () => new Date(ms),
    monotonicMs: () => ms,
    advance(by) {
      ms += by
    },
  }
}
