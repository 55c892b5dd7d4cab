export const ranges = ['hour', 'day', 'month'] as const
export type Range = (typeof ranges)[number]

/** One line of a chart. Null is a stretch that nobody could see: never nothing. */
export interface Series {
  measure: string
  /** How somebody signed in; null where the measure has no methods, or for all of them together. */
  method: string | null
  /** Why it could not be, of what failed. */
  reason: string | null
  points: readonly (readonly [unixSeconds: number, value: number | null])[]
}

export interface Statistics {
  range: Range
  step_s: number
  from: string
  to: string
  as_of: string | null
  series: Series[]
  totals: Record<string, number | null>
}
