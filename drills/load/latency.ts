import { createHistogram } from 'node:perf_hooks'

/** Ten minutes in microseconds: the longest anything in a drill may take. */
const HIGHEST_US = 600_000_000

export interface LatencySummary {
  count: number
  p50_ms: number
  p90_ms: number
  p99_ms: number
  p999_ms: number
  max_ms: number
}

/** Percentiles to three digits, HDR, of everything that was recorded; null when nothing was. */
export function summarize(latenciesMs: Iterable<number>): LatencySummary | null {
  const histogram = createHistogram({ lowest: 1, highest: HIGHEST_US, figures: 3 })
  let max = 0
  for (const ms of latenciesMs) {
    histogram.record(Math.min(HIGHEST_US, Math.max(1, Math.round(ms * 1000))))
    max = Math.max(max, ms)
  }
  if (histogram.count === 0) return null
  const at = (percentile: number) => Math.round(histogram.percentile(percentile) / 10) / 100
  return {
    count: histogram.count,
    p50_ms: at(50),
    p90_ms: at(90),
    p99_ms: at(99),
    p999_ms: at(99.9),
    max_ms: Math.round(max * 100) / 100,
  }
}
