import { seededRandom } from './random.ts'

/** A week at 200 a second would be a mistake in the arguments: the schedule is held in memory. */
const ARRIVALS_MAX = 2_000_000

/**
 * When people come, in ms from the start, fixed before the run: whoever is slow to answer does not slow down the people
 * who come next. Independent people come as a Poisson process, in bursts and gaps.
 */
export function poissonArrivals(load: { perSecond: number; forMs: number; seed: number }): Float64Array {
  const random = seededRandom(load.seed)
  const meanGapMs = 1000 / load.perSecond
  const atMs: number[] = []
  for (let at = gap(random, meanGapMs); at < load.forMs; at += gap(random, meanGapMs)) {
    if (atMs.length >= ARRIVALS_MAX) throw new RangeError(`More than ${ARRIVALS_MAX} arrivals do not fit one run.`)
    atMs.push(at)
  }
  return Float64Array.from(atMs)
}

/** One every so often, the first after one gap: for what is itself a clock, and for tests with a closed form. */
export function evenArrivals({ perSecond, forMs }: { perSecond: number; forMs: number }): Float64Array {
  const count = Math.ceil((forMs * perSecond) / 1000) - 1
  if (count > ARRIVALS_MAX) throw new RangeError(`More than ${ARRIVALS_MAX} arrivals do not fit one run.`)
  return Float64Array.from({ length: Math.max(0, count) }, (_, index) => ((index + 1) * 1000) / perSecond)
}

function gap(random: () => number, meanMs: number): number {
  return -Math.log(1 - random()) * meanMs
}
