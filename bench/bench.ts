import type { Bar } from '../drills/frame/card.ts'
import type { RatioBar } from './bars.ts'
import type { Contestant } from './contestant.ts'
import type { Row } from './report.ts'
import type { Entrant, Measuring } from './run/measure.ts'

/** Contestants that are set against each other, what is promised of the ratios, and what is measured besides. */
export interface Bench {
  name: string
  /** What it measures, in a sentence that ends without a full stop. */
  about: string
  minutes: number
  /** Starting everybody and what is measured besides, for the estimate on the terminal. */
  fixedMs: number
  /** In the order in which they take turns: those that are set against each other are neighbours. */
  contestants: readonly Contestant[]
  ratios: readonly RatioBar[]
  /** After everybody has taken their turns; of those that take part. */
  measureRest(entrants: readonly Entrant[], by: Measuring, choice: Choice): Promise<Rest>
}

export interface Choice {
  /** Nobody was left out by name. */
  isWhole: boolean
  rounds: number
}

export interface Rest {
  rows: Row[]
  bars: Bar[]
  /** Why the run says nothing, should it be so. */
  why: string[]
}
