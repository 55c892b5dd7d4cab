import type { Progress } from '../frame/progress.ts'
import type { Stage } from '../frame/stage.ts'
import type { Load } from '../load/start-load.ts'
import type { Redis } from '../redis/start-redis.ts'
import type { KnownSession } from './door.ts'
import type { Plan } from './plan.ts'

/** One of the two systems that the drill is done to: started on the store, with its sessions signed in. */
export interface OpenArm {
  /** Those that must stay valid. */
  live: KnownSession[]
  /** Those that the drill ends: `plan.endedEach` before the faults and as many in each. */
  toEnd: KnownSession[]
  load: Load
  /** Signs a session out; true when the door acknowledged it, null when it did not say. */
  endSession(session: KnownSession, signal: AbortSignal): Promise<true | null>
  /** How long entries of the app live from now on, where that is the app's to say. */
  setLife(seconds: number): Promise<void>
  readReadiness(signal: AbortSignal): Promise<Readiness>
  stop(): Promise<Record<string, unknown>>
}

export interface Readiness {
  isOk: boolean
  /** It says that it is the cache. */
  isNamed: boolean
}

export type OpenArmOf = (scene: { stage: Stage; plan: Plan; redis: Redis; progress: Progress }) => Promise<OpenArm>
