import type { RevocationEvent } from '../../../sdk/contract.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import * as queries from './queries.ts'

/** The database was put back to an earlier state, or a replica that lacked the last commits was promoted. */
export interface Behind {
  /** The highest number that was known here: whoever heard it reads on after it. */
  seq: number
  /** Ends whose numbers were given out before: who reads on after `seq` would never hear of them. */
  unheard: RevocationEvent[]
}

/** Notices that the database no longer holds what was read from it, by the last end or deadline that was. */
export function watchForForgotten({ db, clock }: { db: Database; clock: Clock }) {
  let last: Pick<RevocationEvent, 'seq' | 'session_id' | 'forget_at'> | undefined
  let behind: Behind | undefined
  /** Since the last look; in good health others' ends that arrive after our own, and told twice they do no harm. */
  let outOfOrder: RevocationEvent[] = []

  async function hasForgotten(head: number, seq: number): Promise<boolean> {
    if (head < seq) return true
    // Forgotten on both sides by then.
    if (!last || last.forget_at <= clock.now().toISOString()) return false
    return (await queries.revokedAs(db, last.seq)) !== last.session_id
  }

  return {
    behind: () => behind,
    /** True when all has to be read from the start. */
    async look(head: number, seq: number): Promise<boolean> {
      if (behind) return false
      const isForgotten = await hasForgotten(head, seq)
      if (isForgotten) behind = { seq, unheard: outOfOrder }
      outOfOrder = []
      return isForgotten
    },
    /** The last end that the database, or our disk, told. */
    read(event: typeof last) {
      last = event ?? last
    },
    /** New here, under a number that is not the highest. */
    notedLate(event: RevocationEvent) {
      if (behind) behind.unheard.push(event)
      else outOfOrder.push(event)
    },
    settle(settled: Behind) {
      if (behind !== settled) return
      behind = undefined
      // What is lost with its session is never held again: asked for it, the database would be behind for ever.
      last = undefined
    },
  }
}
