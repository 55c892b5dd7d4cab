import type { Stage } from '../frame/stage.ts'
import type { Progress } from '../frame/progress.ts'
import type { Load } from '../load/start-load.ts'
import type { KnownSession, KnownSessions } from './door.ts'
import type { Plan } from './plan.ts'

/** One of the two systems that the drill is done to: started, with its sessions signed in, ready for load. */
export interface OpenArm {
  databaseUrl(): string
  /** The number of the living postmaster; another one after a restart. */
  postmaster(): number
  /** After kill -9: starts PostgreSQL again, or leaves that to the supervisor whose task it is. */
  restartDatabase(): Promise<void>
  sessions: KnownSessions
  load: Load
  /** Signs a session out; true when the door acknowledged it, null when it did not say. */
  endSession(session: KnownSession, signal: AbortSignal): Promise<true | null>
  /** One whole sign-in, not tried again: is the door open? */
  trySignIn(signal: AbortSignal): Promise<boolean>
  /** Is a session verified by what the database has said since this moment (monotonic ms)? */
  readsDatabase(sinceMs: number, signal: AbortSignal): Promise<boolean>
  /** What the arm says of itself. */
  readReadiness(signal: AbortSignal): Promise<Readiness>
  /** After the drain: is a session that was acknowledged there, and how many has its person? Asked of the database. */
  findSession(kept: KeptSession, signal: AbortSignal): Promise<Found>
  /** What only the arm can find out when all is over, for the card's details. */
  lastFacts(people: People, signal: AbortSignal): Promise<LastFacts>
  stop(): Promise<Record<string, unknown>>
}

export interface Readiness {
  isOk: boolean
  /** It says that it is the database. */
  isNamed: boolean
}

/** What an acknowledged sign-in leaves with its person. */
export interface KeptSession {
  person: string
  way: string
  cookies: Record<string, string>
}

/** Everybody who came to sign in under load. */
export interface People {
  acknowledged: KeptSession[]
  /** Who was not told that they are signed in: refused, told "unknown", or never answered. */
  unacknowledged: string[]
}

export interface LastFacts extends Record<string, unknown> {
  /** Sessions made for somebody who was not told so; null when it could not be found out. */
  sessions_nobody_was_told_of: number | null
}

export interface Found {
  /** Null when it could not be asked, or the answer did not come from the database. */
  isThere: boolean | null
  sessionsOfPerson: number | null
}

export type OpenArmOf = (stage: Stage, plan: Plan, progress: Progress) => Promise<OpenArm>
