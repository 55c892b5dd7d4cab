/** What happens and for how long. The load does not wait for the drill. */
export interface Plan {
  scale: number
  seed: number
  /** Of each customer: who signs in again and again, and who is signed in all along. */
  comersEach: number
  stayersEach: number
  /** Of each customer to which people come. */
  signInsPerSecond: number
  /** Of everybody who is signed in, half by an SDK and half by their cookie. */
  checksPerSecond: number
  /** Knocks of those who must not be let in, all together. */
  knocksPerSecond: number
  attacksPerSecond: number
  steadyMs: number
  faultMs: number
  /** From the repair on: a provider has to be well for a minute before people are sent there again. */
  returnMs: number
  /** The resolver of our own side is dead for so long, after everything has returned. */
  resolverMs: number
  drainMs: number
  /** Keys that nobody could fetch for so long are still good: in Holdfast by moving what it fetched back in time. */
  keysAgeMs: number
  totalMs: number
}

/** Below this a run is for tests of the drill, not of the product: no verdict can fall in it. */
const SHORTEST = { steadyMs: 4000, faultMs: 6000, returnMs: 3000, resolverMs: 2000, drainMs: 1000 }
export const SCALE_MIN = 0.01
export const SCALE_MAX = 10

const DAY_MS = 86_400_000

export function makePlan({ scale, seed }: { scale: number; seed: number }): Plan {
  const capped = Math.min(1, scale)
  const isShort = scale < 0.2
  const steadyMs = Math.max(SHORTEST.steadyMs, 15_000 * capped)
  const faultMs = Math.max(SHORTEST.faultMs, 90_000 * scale)
  const returnMs = Math.max(SHORTEST.returnMs, 100_000 * capped)
  const resolverMs = Math.max(SHORTEST.resolverMs, 30_000 * capped)
  const drainMs = Math.max(SHORTEST.drainMs, 5000 * capped)
  return {
    ...{ scale, seed, steadyMs, faultMs, returnMs, resolverMs, drainMs },
    comersEach: isShort ? 2 : 6,
    stayersEach: isShort ? 1 : 2,
    signInsPerSecond: 0.25,
    checksPerSecond: 40,
    knocksPerSecond: 0.5,
    attacksPerSecond: 1,
    keysAgeMs: 6 * DAY_MS,
    totalMs: steadyMs + faultMs + returnMs + resolverMs + drainMs,
  }
}
