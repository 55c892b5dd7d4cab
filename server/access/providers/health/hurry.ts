import { HURRY_MS, ROUND_EVERY_MS } from './rhythm.ts'

/** Whether something is news: it was marked lately, and has not gone on for long already. */
export function openHurry(nowMs: () => number) {
  let [sinceMs, lastMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return {
    mark(isNew = false) {
      if (isNew || nowMs() - lastMs > HURRY_MS) sinceMs = nowMs()
      lastMs = nowMs()
    },
    isOn: () => nowMs() - lastMs <= 2 * ROUND_EVERY_MS && nowMs() - sinceMs < HURRY_MS,
  }
}
