import type { StoreSeen } from '../redis/read-info.ts'
import { type FaultKind, LIFE_S } from './plan.ts'

/** What was seen around a fault. A look is null when the server did not answer it. */
export interface Evidence {
  before: StoreSeen | null
  /** When the fault had just taken effect, and when it was about to be repaired. */
  during: StoreSeen | null
  atTheEnd: StoreSeen | null
  /** Entries that the load makes in a second: what a store that reclaims would hold follows from it. */
  entriesPerSecond: number
  /** The median of what sampled entries still had to live. */
  medianLifeMs?: number | null
  byTheKernel?: { atTheStart: boolean; atTheEnd: boolean }
  pingsDuring?: boolean
}

export interface Proof {
  isProven: boolean
  /** The figures that it rests on, for the card. */
  rests: Record<string, number | string | boolean | null>
}

/** A store that reclaims holds what was written in one life; twice that is no accident of rhythm. */
const UNRECLAIMED_MIN = 2
/** Redis refuses at its limit, and says so a little before or after it has counted the last allocation. */
const FULL_SHARE = 0.98
/** After a wipe the writes of some milliseconds may be there again. */
const WIPED_SHARE_MAX = 0.1

/** Each fault by what the server itself counts, or the kernel says. Nothing else makes a card valid. */
export const proofs: Record<FaultKind, (evidence: Evidence) => Proof> = {
  expiry_off(evidence) {
    const { before, during, atTheEnd, entriesPerSecond } = evidence
    const refused = since(before, atTheEnd, 'refusedWrites')
    const unreclaimed = during && during.keys / (entriesPerSecond * LIFE_S)
    return {
      isProven:
        refused > 0 && isFull(during) && isFull(atTheEnd) && unreclaimed !== null && unreclaimed >= UNRECLAIMED_MIN,
      rests: { errorstat_OOM: refused, dbsize: during?.keys ?? null, times_what_lives: round(unreclaimed) },
    }
  },
  long_life({ before, during, atTheEnd, medianLifeMs = null }) {
    const refused = since(before, atTheEnd, 'refusedWrites')
    return {
      isProven:
        refused > 0 &&
        isFull(during) &&
        isFull(atTheEnd) &&
        medianLifeMs !== null &&
        medianLifeMs > UNRECLAIMED_MIN * LIFE_S * 1000,
      rests: {
        errorstat_OOM: refused,
        dbsize: during?.keys ?? null,
        median_life_s: medianLifeMs === null ? null : Math.round(medianLifeMs / 1000),
      },
    }
  },
  evicting({ before, during, atTheEnd }) {
    const evicted = since(during, atTheEnd, 'evictedKeys')
    const policy = atTheEnd?.policy ?? null
    return {
      isProven: evicted > 0 && isFull(before) && policy === 'volatile-lru',
      rests: { evicted_keys: evicted, dbsize: atTheEnd?.keys ?? null, maxmemory_policy: policy },
    }
  },
  wiped({ before, during }) {
    const flushes = since(before, during, 'flushes')
    const isEmpty = before !== null && during !== null && during.keys <= before.keys * WIPED_SHARE_MAX
    return {
      isProven: flushes === 1 && isEmpty && before.keys > 0,
      rests: { flushes, dbsize_before: before?.keys ?? null, dbsize_after: during?.keys ?? null },
    }
  },
  hung({ before, byTheKernel, pingsDuring }) {
    const { atTheStart = false, atTheEnd = false } = byTheKernel ?? {}
    return {
      isProven: before !== null && atTheStart && atTheEnd && pingsDuring === false,
      rests: { stopped_at_the_start: atTheStart, stopped_at_the_end: atTheEnd, answers_ping: pingsDuring ?? null },
    }
  },
  killed({ before, atTheEnd, byTheKernel, pingsDuring }) {
    const isAnother = before !== null && atTheEnd !== null && before.processId !== atTheEnd.processId
    const isEmpty = isAnother && atTheEnd.keys <= before.keys * WIPED_SHARE_MAX
    return {
      isProven: isAnother && isEmpty && byTheKernel?.atTheStart === true && pingsDuring === false,
      rests: {
        process_gone: byTheKernel?.atTheStart ?? false,
        answers_ping: pingsDuring ?? null,
        dbsize_before: before?.keys ?? null,
        dbsize_after: atTheEnd?.keys ?? null,
      },
    }
  },
}

/** A fault that was proven or not, with its times in monotonic ms. */
export interface SeenFault {
  kind: FaultKind
  title: string
  /** When it had taken effect: of those that fill the store, when the first write was refused. */
  startedMs: number
  repairedMs: number
  settledMs: number
  proof: Proof
  /** What it took, such as how many entries fitted. */
  facts: Record<string, number | null>
}

type Counter = 'refusedWrites' | 'evictedKeys' | 'flushes'

/** Between two looks at the same process; a counter of another one begins at nothing and says nothing. */
function since(earlier: StoreSeen | null, later: StoreSeen | null, counter: Counter): number {
  if (!earlier || !later || earlier.processId !== later.processId) return 0
  return later[counter] - earlier[counter]
}

function isFull(seen: StoreSeen | null): boolean {
  return seen !== null && seen.maxMemory > 0 && seen.usedMemory >= seen.maxMemory * FULL_SHARE
}

const round = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10)
