import type { Progress } from '../drills/frame/progress.ts'
import type { Stage } from '../drills/frame/stage.ts'
import type { Postgres } from '../drills/postgres/start-postgres.ts'
import type { FlagInstallation } from './flags/flag-installation.ts'
import type { HoldfastInstallation } from './holdfast/installation.ts'
import type { Ask } from './load/ask.ts'

/** What one operation is; contestants of one measure are asked the same question. */
export type Measure =
  | 'session check'
  | 'check in process'
  | 'sign-in'
  | 'evaluation'
  | '5,000 flags compiled'
  | '50 flags asked'
  | '50 flags, unchanged'

/** One of those whose speed is measured: a peer, a limit, or a way to ask Holdfast. */
export interface Contestant {
  name: string
  measure: Measure
  /** One sentence, for the table's reader. */
  about: string
  /** Whom it is set against in the table. */
  ratioTo: string
  /**
   * Counted by a second of CPU instead of one of the clock: it works in its own process, on one core, and waits for nobody.
   * Whoever else uses the machine then changes nothing.
   */
  isByCpu?: true
  /** What must be there for it besides PostgreSQL. */
  needs?: 'holdfast' | 'flags' | 'redis' | 'unleash'
  start(scene: Scene): Promise<Running>
}

/** What everybody finds ready. */
export interface Scene {
  stage: Stage
  progress: Progress
  postgres: Postgres
  redisUrl: string
  /** Null: nobody named one. */
  unleashFolder: string | null
  /** `NODE_OPTIONS` of whatever is measured, for profiles; empty: none. */
  nodeOptions: string
  /** Of the stores that all share: what they use while one is measured is counted for that one. */
  storeRoots: readonly number[]
  /** Started when the first one asks for it. */
  holdfast(): Promise<HoldfastInstallation>
  /** The same, another one: it has flags instead of people. */
  flags(): Promise<FlagInstallation>
}

/** A contestant that is up. */
export interface Running {
  /** Asked by the generator; undefined: it works in its own process, by `work`. */
  ask?: Ask
  work?(run: Work): Promise<WorkReport>
  /** Its processes, without those that descend from them. A function: it may be started again. */
  roots(): readonly number[]
  /** Ends it in its own way, so that its profile is written. */
  stop?(): Promise<void>
  /** Before each measurement, such as to forget what it knows; returns how it is asked from now on, where that has changed. */
  reset?(): Promise<Ask | undefined>
  /** Fewer operations than this a measurement, and why stands where it is set. */
  operationsMax?: number
}

export interface Work {
  warmMs: number
  forMs: number
  storeRoots: readonly number[]
}

export interface WorkReport {
  operations: number
  elapsedMs: number
  serverCpuMs: number | null
  storesCpuMs: number | null
}
