/** What is counted. `observed` is how many minutes of the stretch somebody was there to count; none is unknown, not 0. */
export const measures = [
  'sign_ins',
  'sign_in_success',
  'sign_in_failed',
  'sign_in_failed_by_reason',
  'sign_in_seconds',
  'sessions_started',
  'sessions_ended',
  'sessions',
  'observed',
] as const
export type Measure = (typeof measures)[number]

export interface Bucket {
  organization_id: string
  at: Date
  measure: Measure
  method: string
  count: number
  sum: number
  histogram: number[] | null
}

/** All organisations together. */
export const EVERYBODY = ''

export const MINUTE_MS = 60_000
/** Each step is added up from the one before it, and kept for as long as a range asks for it, with room to look back. */
export const steps = [
  { seconds: 60, keptMs: 2 * 24 * 60 * MINUTE_MS },
  { seconds: 600, keptMs: 40 * 24 * 60 * MINUTE_MS },
  { seconds: 86_400, keptMs: 3 * 366 * 24 * 60 * MINUTE_MS },
] as const

/** Bounds grow by a fifth, from a tenth of a second on: the last is three hours, and no quantile is off by more. */
export const HISTOGRAM_STEPS = 64
const SMALLEST_SECONDS = 0.1
const GROWTH = 1.2

export const startOf = (at: Date, seconds: number) =>
  new Date(Math.floor(at.getTime() / (seconds * 1000)) * seconds * 1000)

/** Null: nothing was measured. Within its step a value lies between the bounds as in a logarithmic scale. */
export function quantile(histogram: readonly number[], share: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let left = share * total
  for (const [step, count] of histogram.entries()) {
    if (count > 0 && left <= count) return SMALLEST_SECONDS * GROWTH ** (step - 1 + left / count)
    left -= count
  }
  return SMALLEST_SECONDS * GROWTH ** (HISTOGRAM_STEPS - 1)
}

export function addHistograms(one: readonly number[] | null, other: readonly number[] | null): number[] | null {
  if (!one || !other) return one?.slice() ?? other?.slice() ?? null
  return Array.from({ length: HISTOGRAM_STEPS }, (_, step) => (one[step] ?? 0) + (other[step] ?? 0))
}

/** Buckets of the same place become one. */
export function addUp(buckets: Iterable<Bucket>, placeOf = (bucket: Bucket) => bucket.at): Bucket[] {
  const sums = new Map<string, Bucket>()
  for (const bucket of buckets) {
    const at = placeOf(bucket)
    const key = `${bucket.organization_id} ${at.getTime()} ${bucket.measure} ${bucket.method}`
    const sum = sums.get(key)
    if (!sum) sums.set(key, { ...bucket, at, histogram: addHistograms(bucket.histogram, null) })
    else {
      sum.count += bucket.count
      sum.sum += bucket.sum
      sum.histogram = addHistograms(sum.histogram, bucket.histogram)
    }
  }
  return [...sums.values()]
}
