import type { Clock } from '../../../platform/clock.ts'

export interface TestClock extends Clock {
  advance(ms: number): void
}

/** Time that stands still until a test moves it. */
export function testClock(): TestClock {
  let ms = Date.parse('2026-11-21T08:00:00Z')
  return {
    now: () => new Date(ms),
    monotonicMs: () => performance.now(),
    advance(by) {
      ms += by
    },
  }
}
