import type { Guard, Route } from '../../platform/http/index.ts'
import type { Job } from '../../platform/jobs.ts'
import { auditAt } from '../audit/index.ts'
import type { Scope } from '../environment/index.ts'
import { endSessionsOfDeleted } from './delete-application.ts'
import type { Parts, Surroundings } from './parts.ts'
import { applicationRoutes } from './routes.ts'

/** Nobody should stay signed in to what is gone; a round without a deletion is one look at an empty index. */
const END_EVERY_MS = 5_000

/** What staff do with applications, and what that leaves to be done by itself. */
export function openApplications(surroundings: Surroundings): {
  routes(staff: (scope: Scope) => Guard): Route[]
  jobs: Job[]
} {
  const parts: Parts = { ...surroundings, audit: auditAt(() => surroundings.clock.now()) }
  return {
    routes: (staff) => applicationRoutes(parts, staff),
    jobs: [
      {
        name: 'end sessions of deleted applications',
        everyMs: END_EVERY_MS,
        run: () => endSessionsOfDeleted(parts),
      },
    ],
  }
}
