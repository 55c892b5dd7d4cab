import type { Progress } from '../frame/progress.ts'
import type { Stage } from '../frame/stage.ts'
import type { Bucket } from './app.ts'
import type { Plan } from './plan.ts'

/** One part of the fault, held for a while; what applications answered from its beginning to the next one's is laid at its door. */
export interface Step {
  /** As issue 5 §5 letters them. */
  letter: string
  title: string
  fromMs: number
  toMs: number
  /** By something that the arm does not control: the kernel, the database or the store itself, or the drill's own front. */
  isProven: boolean
  rests: Record<string, number | string | boolean | null>
}

export interface Restore {
  askedMs: number
  /** Null: it never said that it was done. */
  doneMs: number | null
  /** When the last application answered by what was restored; null: one never did. */
  allFollowedMs: number | null
  followers: number
  applications: number
}

export interface Deletion {
  /** All at once and without their number: has to be refused. */
  isRefusedUnconfirmed: boolean
  /** Applications that still hold a flag ten seconds after the deletion was confirmed. */
  stillHolding: number
  allGoneMs: number | null
}

/** Everything that was seen of an arm; what it means is told by `judge-arm.ts`. */
export interface ArmRun {
  plan: Plan
  apps: { name: string; buckets: Bucket[] }[]
  steps: Step[]
  /** Both on the drill's clock; the first sign that the arm itself gave of the wipe, and the first that named the flags. */
  wipedMs: number
  signalledMs: number | null
  namedMs: number | null
  /** Signs of something wrong while nothing was. */
  falseAlarms: number
  restore: Restore
  /** Null, here and below: the arm knows no such thing. */
  isDemoRefused: boolean | null
  /** Of 500 flags, those that are not in what the new access process hands out; none when it hands out nothing and says so. */
  missingAtNewAccess: number | null
  deletion: Deletion | null
  facts: Record<string, unknown>
}

export interface Scene {
  stage: Stage
  plan: Plan
  progress: Progress
}
export type RunArm = (scene: Scene) => Promise<ArmRun>
