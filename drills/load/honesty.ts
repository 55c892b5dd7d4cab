import type { LoadReport } from './generator.ts'

/**
 * How late the generator itself may send. The rule of a rehearsal is max(5 ms, 5 % of what is promised); here generator,
 * servers and PostgreSQL share two cores, so it is half of that share of the shortest deadline: 50 ms of 2 s. Lag is
 * counted against the door, so within this limit it can make a figure worse by at most that much, and never better.
 */
const LAG_P99_SHARE = 0.025
const LAG_P99_FLOOR_MS = 5
/** One pause this long could turn good answers into late ones by itself. */
const LAG_MAX_SHARE = 0.25
const CPU_PERCENT_MAX = 80
const DONE_PERCENT_MIN = 99.5

export interface Honesty {
  lagP99Ms: number | null
  lagP99MaxMs: number
  /** Why the generator, and not the door, shaped the figures; empty when it did not. */
  complaints: string[]
}

export function judgeGenerator(report: LoadReport): Honesty {
  const { lag, planned, observations, cpuPercent, shortestDeadlineMs } = report
  const lagP99MaxMs = Math.max(LAG_P99_FLOOR_MS, LAG_P99_SHARE * shortestDeadlineMs)
  const lagMaxMs = Math.max(4 * LAG_P99_FLOOR_MS, LAG_MAX_SHARE * shortestDeadlineMs)
  const donePercent = planned === 0 ? 0 : (100 * observations.length) / planned
  const complaints: string[] = []
  if (lag === null) complaints.push('The generator sent nothing.')
  if (lag && lag.p99_ms > lagP99MaxMs) {
    complaints.push(`The generator was late itself: ${lag.p99_ms} ms at p99, where ${lagP99MaxMs} ms are allowed.`)
  }
  if (lag && lag.max_ms > lagMaxMs) {
    complaints.push(`The generator stood still for ${lag.max_ms} ms once, where ${lagMaxMs} ms are allowed.`)
  }
  if (cpuPercent > CPU_PERCENT_MAX)
    complaints.push(`The generator used ${cpuPercent} % of a core: it was the bottleneck.`)
  if (donePercent < DONE_PERCENT_MIN) {
    complaints.push(`Only ${observations.length} of ${planned} planned arrivals took place.`)
  }
  return { lagP99Ms: lag?.p99_ms ?? null, lagP99MaxMs, complaints }
}
