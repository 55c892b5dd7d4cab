import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { forgetIdempotencyKeys } from '../../platform/idempotency.ts'
import type { Job } from '../../platform/jobs.ts'

/** Keys are kept for a day; a few minutes more cost nothing. */
const FORGET_EVERY_MS = 5 * 60_000

/** What runs by itself: what the platform keeps for a while is forgotten. */
export const environmentJobs = ({ background, clock }: { background: Database; clock: Clock }): Job[] => [
  {
    name: 'forget idempotency keys',
    everyMs: FORGET_EVERY_MS,
    run: () => forgetIdempotencyKeys(background, clock.now()),
  },
]
