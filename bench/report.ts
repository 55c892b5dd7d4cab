import type { Bar } from '../drills/frame/card.ts'

/** How the measure of a wait ends that was met at half of a ceiling. */
export const AT_HALF = 'p99 at half its ceiling'

/** One figure of one contestant. What could not be measured is null, never 0. */
export interface Row {
  contestant: string
  measure: string
  unit: string
  median: number | null
  min: number | null
  max: number | null
  /** The median of the ratios of each round, to the contestant of that name. */
  ratio: number | null
  ratio_to: string | null
  /** CPU an operation: its own processes, and PostgreSQL and Redis while it was asked. */
  cpu_us: number | null
}

export interface Report {
  bench: string
  commit: string
  /** `met`, `missed` (a bar was), or `invalid`: the run says nothing, either way. */
  verdict: 'met' | 'missed' | 'invalid'
  /** First what makes it invalid, then what was missed, then what was left out. */
  why: string[]
  machine: Record<string, unknown>
  run: { rounds: number; seconds: number; only: string[] | null }
  rows: Row[]
  bars: Bar[]
}
