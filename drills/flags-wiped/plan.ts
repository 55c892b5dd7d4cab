/** How long everything lasts. A wipe that is not noticed lasts for ever; here somebody notices it after `holdMs`. */
export interface Plan {
  scale: number
  seed: number
  apps: number
  /** By each application, from its first answer to its last. */
  evaluationsPerSecond: number
  steadyMs: number
  /** How long each part of the fault is held, so that whoever is going to answer wrongly has the time to. */
  holdMs: number
  /** From the restore until everybody has to have followed; most need less than a second. */
  settleMs: number
  /** Of everything that is measured; starting two installations stands beside it. */
  totalMs: number
}

export const SCALE_MIN = 0.05
export const SCALE_MAX = 20
const APPS = 4
/** Each app asks one of 500 flags for one of 20 organisations every other millisecond: a page asks for some ten. */
const EVALUATIONS_PER_SECOND = 500
/** Below this no client has had the time to ask again. */
const HOLD_MS_MIN = 2000
const STEADY_MS_MIN = 1500
/** Demo's start, wiped tables, six false answers, a cold start, two torn disks, newcomers. */
const PARTS = 12

export function makePlan({ scale, seed }: { scale: number; seed: number }): Plan {
  const steadyMs = Math.max(STEADY_MS_MIN, 4000 * Math.min(1, scale))
  const holdMs = Math.max(HOLD_MS_MIN, 4000 * scale)
  const settleMs = 10_000
  return {
    ...{ scale, seed, apps: APPS, evaluationsPerSecond: EVALUATIONS_PER_SECOND },
    ...{ steadyMs, holdMs, settleMs },
    totalMs: 3 * steadyMs + PARTS * holdMs,
  }
}
