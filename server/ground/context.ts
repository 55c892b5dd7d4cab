import type { Database } from '../platform/database/index.ts'
import type { Actor } from '../platform/http/index.ts'
import type { Signal } from './signals/index.ts'

/** What a verb is handed. Five fields; whatever else it needs is an argument. */
export interface Context {
  /** Who asks; null: nobody is signed in, or it runs by itself. */
  actor: Actor | null
  /** The customer on whose behalf; null until organisations come. */
  organization: string | null
  db: Database
  now(): Date
  signal: Signal
}
