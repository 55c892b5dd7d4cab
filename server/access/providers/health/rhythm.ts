import type { ProviderState } from '../verdict.ts'

/** While all is well. */
export const ROUND_EVERY_MS = 10_000
/** After a fault, and never sooner whatever happens: a provider in trouble is not helped by being asked more. */
export const ROUND_AGAIN_MS = 5_000
/** A fault that stays is looked at often for so long, and then as usual. */
export const HURRY_MS = 60_000
/** So many processes look as if each were alone; more of them share the rounds. */
const PROCESSES_FREELY = 3
/** However many share: the window of the judge has to hold two looks of each. */
const SHARE_MAX = 3
const JITTER = 0.2
/**
 * A provider that comes back is looked at in uneven steps, or one that is up and down in a rhythm of ten seconds could be met
 * up each time.
 */
const UNEVEN_MS = 2_500

export interface Pace {
  state: ProviderState | undefined
  /** Access processes that watch now. */
  live: number
  /** The last look found a fault, or another process tells of one, and that is not old news. */
  isHurried: boolean
}

/** From the beginning of a look to the beginning of the next; `chance` lies between 0 and 1. */
export function pauseMs({ state, live, isHurried }: Pace, chance: number): number {
  if (isHurried) return ROUND_AGAIN_MS + chance * (ROUND_AGAIN_MS / 10)
  const share = Math.min(SHARE_MAX, Math.max(1, live / PROCESSES_FREELY))
  if (state === 'recovering') return (ROUND_AGAIN_MS + chance * UNEVEN_MS) * share
  return ROUND_EVERY_MS * share * (1 - JITTER / 2 + chance * JITTER)
}
