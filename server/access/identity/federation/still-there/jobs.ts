import type { Job } from '../../../../platform/jobs.ts'
import { THIS_PROCESS } from '../../fail-over/turns/this-process.ts'
import { askInTurn, type Asking, LOOKED_AT_EVERY_MS } from './ask-again.ts'
import { LATE_READ_EVERY_MS, type Unasked } from './longest-unasked.ts'

/** Whether people are still there, and how far that is behind. */
export function stillThereJobs(parts: Asking, unasked: Unasked): Job[] {
  return [
    { name: 'ask providers again', everyMs: LOOKED_AT_EVERY_MS, run: () => askInTurn(parts, THIS_PROCESS) },
    { name: 'see who was not asked for long', everyMs: LATE_READ_EVERY_MS, run: () => unasked.read() },
  ]
}
