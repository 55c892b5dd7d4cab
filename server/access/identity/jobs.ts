import { type RunningJobs, startJobs } from '../../platform/jobs.ts'
import { accountJobs } from './accounts/jobs.ts'
import { followImpersonations } from './impersonation/end-impersonation.ts'
import { cleanUp } from './clean-up.ts'
import { exerciseJobs } from './fail-over/exercise/jobs.ts'
import { failOverJobs } from './fail-over/jobs.ts'
import { readinessJobs } from './fail-over/readiness/jobs.ts'
import { stillThereJobs } from './federation/still-there/jobs.ts'
import type { Unasked } from './federation/still-there/longest-unasked.ts'
import type { Parts } from './parts.ts'

/** What runs by itself. */
export function startIdentityJobs(parts: Parts, unasked: Unasked): RunningJobs {
  return startJobs(
    [
      { name: 'delete what is over', everyMs: 30_000, run: () => cleanUp(parts) },
      { name: 'follow impersonations', everyMs: 5000, run: () => followImpersonations(parts) },
      ...stillThereJobs(parts, unasked),
      ...accountJobs(parts),
      ...failOverJobs(parts),
      ...readinessJobs(parts),
      ...exerciseJobs(parts),
    ],
    parts,
  )
}
