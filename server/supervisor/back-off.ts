/** A part that ends at once is not started a hundred times a second, and one that ran well is back in 0.2 s. */
const FIRST_MS = 200
const LONGEST_MS = 5000
const HEALTHY_MS = 30_000

export interface BackOff {
  /** How long to wait before the next start, given how long it ran well. */
  nextMs(ranForMs: number): number
}

export function openBackOff(): BackOff {
  let delayMs = FIRST_MS
  return {
    nextMs(ranForMs) {
      if (ranForMs >= HEALTHY_MS) delayMs = FIRST_MS
      const thisMs = delayMs
      delayMs = Math.min(LONGEST_MS, delayMs * 2)
      return thisMs
    },
  }
}
