import { type RunningJobs, startJobs } from '../../platform/jobs.ts'
import { accountJobs } from './accounts/jobs.ts'
import { followImpersonations } from './impersonation/end-impersonation.ts'
import { cleanUp } from './clean-up.ts'
import { exerciseJobs } from './fail-over/exercise/jobs.ts'
import { failOverJobs } from './fail-over/jobs.ts'
import { readinessJobs } from './fail-over/readiness/jobs.ts'
import { askAgain } from './federation/still-there/ask-again.ts'
import type { Parts } from './parts.ts'

/** What runs by itself. */
export function startIdentityJobs(parts: Parts): RunningJobs {
  return startJobs(
    [
      { name: 'delete what is over', everyMs: 30_000, run: () => cleanUp(parts) },
      { name: 'follow impersonations', everyMs: 5000, run: () => followImpersonations(parts) },
      { name: 'ask providers again', everyMs: 60_000, run: () => askAgain(parts) },
      ...accountJobs(parts),
      ...failOverJobs(parts),
      ...readinessJobs(parts),
      ...exerciseJobs(parts),
    ],
    parts,
  )
}
