import { randomBytesOf } from '../../../platform/random.ts'
import type { Glanced } from './glance.ts'
import { openHurry } from './hurry.ts'
import type { Target } from './probe.ts'
import { ROUND_AGAIN_MS } from './rhythm.ts'

/** One provider, as this process looks at it. Times only go forward. */
export interface Watched {
  target: Target
  beganMs: number
  dueMs: number
  /** How many endpoints failed in the last look. */
  failed: number
  known: { found: Glanced; atMs: number } | undefined
  /** Of the round under way: whether somebody can be sent there. */
  glance: Promise<Glanced> | undefined
  round: Promise<void> | undefined
  /** Whether what we saw of it is news, and what others did. */
  own: ReturnType<typeof openHurry>
  others: ReturnType<typeof openHurry>
}

const FIRST_WITHIN_MS = 1_000
/** How many others are looked at when one fails: one that answers says that our own network is well. */
const SIBLINGS = 2

/** Processes that were started together do not look together. */
export function beginWatching(target: Target, nowMs: () => number): Watched {
  return {
    target,
    beganMs: Number.NEGATIVE_INFINITY,
    dueMs: nowMs() + chance() * FIRST_WITHIN_MS,
    failed: 0,
    known: undefined,
    glance: undefined,
    round: undefined,
    own: openHurry(nowMs),
    others: openHurry(nowMs),
  }
}

/** As soon as may be. */
export function hasten(one: Watched, nowMs: number): void {
  one.dueMs = Math.min(one.dueMs, Math.max(nowMs, one.beganMs + ROUND_AGAIN_MS))
}

/** Those whose last look is longest ago, of all that were well. */
export function hastenSiblings(all: Iterable<Watched>, of: Watched, nowMs: number): void {
  const well = [...all].filter((each) => each !== of && each.failed === 0)
  for (const each of well.sort((a, b) => a.beganMs - b.beganMs).slice(0, SIBLINGS)) hasten(each, nowMs)
}

/** Between 0 and 1. */
export const chance = () => randomBytesOf(4).readUInt32BE() / 2 ** 32
