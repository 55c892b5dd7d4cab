import type { Job } from '../../../platform/jobs.ts'
import { forgetChanges } from '../email-change/forget-changes.ts'
import type { Parts } from '../parts.ts'
import { purgeAccounts } from './purge-accounts.ts'
import { openMarking } from './tombstones.ts'

/** What runs by itself in the life of accounts. */
export const accountJobs = (parts: Parts): Job[] => [
  { name: 'delete people whose grace is over', everyMs: 60_000, run: () => purgeAccounts(parts) },
  { name: 'mark the list of tombstones', everyMs: 60_000, run: openMarking(parts) },
  { name: 'forget changes of address', everyMs: 10 * 60_000, run: () => forgetChanges(parts) },
]
