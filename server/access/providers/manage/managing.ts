import type { Scope } from '../../../ground/environment/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import type { Guard } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import type { Verdict } from '../verdict.ts'

export interface Managing {
  staff(scope: Scope, freshness?: { freshWithinMs?: number }): Guard
  /** What was changed is known in this process at once, in the others within two seconds. */
  reload(): Promise<void>
  verdictOf(providerId: string): Verdict | undefined
  /** From memory: as of the last beat of this process. */
  cutOff(): readonly { process_id: string; cut_off_at: Date }[]
}

/** A provider vouches for people: whoever sets one up has signed in just now. */
export const FRESH_WITHIN_MS = 10 * 60_000

/** At once here, within two seconds in other processes. */
export async function learn({ log }: Parts, { reload }: Managing): Promise<void> {
  try {
    await reload()
  } catch (error) {
    // The change is committed, and read again every two seconds.
    if (!(error instanceof DatabaseOutage)) throw error
    log.warn({}, 'the change of a provider is known here a little later: the database is away')
  }
}
