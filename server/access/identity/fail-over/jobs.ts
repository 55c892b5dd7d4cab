import type { Job } from '../../../platform/jobs.ts'
import type { Parts } from '../parts.ts'
import { applyWaiting } from './apply-waiting.ts'
import { followVerdicts } from './follow-verdicts.ts'
import { tellManagers } from './tell.ts'

/** What runs by itself. */
export const failOverJobs = (parts: Parts): Job[] => [
  { name: 'follow verdicts of providers', everyMs: 5000, run: () => followVerdicts(parts) },
  { name: 'apply sign-in policies that waited', everyMs: 10_000, run: () => applyWaiting(parts) },
  { name: 'tell of sign-ins in fail-over', everyMs: 30_000, run: () => tellManagers(parts) },
]
