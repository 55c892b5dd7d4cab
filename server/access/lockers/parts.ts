import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'

/** What the verbs of this feature are handed. */
export interface Parts {
  db: Database
  clock: Clock
  /** The longest life of a session here, and so of a locker. */
  lifeMs: number
  /** Whether an application has all the lockers that it gets. */
  isFull(application: string): Promise<boolean>
}
