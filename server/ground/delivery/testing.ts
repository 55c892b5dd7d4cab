import type { Clock } from '../../platform/clock.ts'
import type { Timers } from './message.ts'

/** Time that only moves when told to. */
export interface OwnTime {
  clock: Clock
  timers: Timers
  /** Moves on, and runs what was due on the way, in its order. */
  advance(ms: number): void
  /** Resolves when a timer of exactly this length is asked for: the code under test has come that far. */
  untilAsked(ms: number): Promise<void>
}

export function ownTime(start = new Date('2026-11-21T10:42:00Z')): OwnTime {
  let elapsedMs = 0
  const due = new Set<{ atMs: number; run: () => void }>()
  const asked: number[] = []
  const waiting = new Map<number, () => void>()

  return {
    clock: { now: () => new Date(start.getTime() + elapsedMs), monotonicMs: () => elapsedMs },
    timers: {
      after(ms, run) {
        const timer = { atMs: elapsedMs + ms, run }
        due.add(timer)
        const resolve = waiting.get(ms)
        if (resolve) waiting.delete(ms)
        else asked.push(ms)
        resolve?.()
        return () => due.delete(timer)
      },
    },
    advance(ms) {
      const untilMs = elapsedMs + ms
      for (;;) {
        const [next] = [...due].filter(({ atMs }) => atMs <= untilMs).sort((one, other) => one.atMs - other.atMs)
        if (!next) break
        due.delete(next)
        elapsedMs = next.atMs
        next.run()
      }
      elapsedMs = untilMs
    },
    untilAsked(ms) {
      const at = asked.indexOf(ms)
      if (at >= 0) {
        asked.splice(at, 1)
        return Promise.resolve()
      }
      return new Promise((resolve) => waiting.set(ms, resolve))
    },
  }
}
