import type { ApplicationDirectory } from '../../ground/applications/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Route } from '../../platform/http/index.ts'
import type { Job } from '../../platform/jobs.ts'
import { openEstimate } from './estimate-lockers.ts'
import { LOCKERS_MAX } from './locker.ts'
import { removeExpired } from './remove-expired.ts'
import { lockerRoutes } from './routes.ts'

const REMOVE_EVERY_MS = 10_000

export interface LockersOptions {
  /** What people wait for. */
  db: Database
  /** What runs by itself. */
  background: Database
  clock: Clock
  /** The longest life of a session. */
  lifeMs: number
  applications: Pick<ApplicationDirectory, 'authenticate'>
  /** Lockers of one application. */
  lockersMax?: number
}

/** What applications keep for their browsers, and what takes away what has run out. */
export function openLockers(options: LockersOptions): { routes: Route[]; jobs: Job[] } {
  const { db, background, clock, lifeMs, applications, lockersMax = LOCKERS_MAX } = options
  const parts = { db, clock, lifeMs, isFull: openEstimate({ db, clock, lockersMax }) }
  return {
    routes: lockerRoutes({ parts, applications }),
    jobs: [
      {
        name: 'remove lockers that have run out',
        everyMs: REMOVE_EVERY_MS,
        run: () => removeExpired({ db: background, clock }),
      },
    ],
  }
}
