export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** So long before now, as it stands on the wire; below zero it is still to come. */
export type Ago = (ms: number) => string

/** An id that looks like ours, and is the same on every run. */
export function idOf(prefix: string, number: number): string {
  const tail = (number * 2_654_435_761 + 40_503).toString(32).padStart(10, '0').slice(-10)
  return `${prefix}_01kaj${tail}9zvq4m8t2xk`
}
