/** The middle one; of an even number the mean of the two in the middle. Null: there was nothing. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((left, right) => left - right)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

export interface Spread {
  median: number
  min: number
  max: number
}

export function spreadOf(values: readonly number[]): Spread | null {
  const median = medianOf(values)
  return median === null ? null : { median, min: Math.min(...values), max: Math.max(...values) }
}

/**
 * The median of the ratios of each round, not the ratio of the medians: two that were measured one after the other have
 * met the same machine, and whoever else worked on it took from both. Rounds in which one has no figure are left out.
 */
export function ratioOf(own: readonly (number | null)[], others: readonly (number | null)[]): number | null {
  const ratios = own.flatMap((value, round) => {
    const other = others[round]
    return value === null || !other ? [] : [value / other]
  })
  return medianOf(ratios)
}
