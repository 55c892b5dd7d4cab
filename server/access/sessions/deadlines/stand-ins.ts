import type { Reason, RevocationEvent } from '../../../../sdk/contract.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { recordEnd, tellEnds } from '../end-session.ts'
import type { House } from '../house.ts'
import { type PutDeadline, putDeadline } from './put-deadline.ts'
import { liveStandIns, type StoodInFor, stoodInFor } from './queries.ts'

/** What becomes of sessions that stand in for a provider that was down. */
export interface StandIns {
  /** Puts a deadline on all that have none, or lifts those that have not passed (`at` null); how many there were. */
  putDeadline(put: PutDeadline): Promise<number>
  /** Whose stand-ins live. */
  stoodInFor(): Promise<StoodInFor[]>
  /**
   * Ends those of one person for one provider, in the transaction that says that they may not be let in another way any more.
   * `tell` is called when that has committed; if it is not, every process reads it from the log of revocations.
   */
  endWithin(
    db: Queries,
    input: { userId: string; standsInFor: string; reason: Reason; by: string },
  ): Promise<{ ended: number; tell(): Promise<void> }>
}

/** A person has one or two of them, and these fit into the deadline of a change. */
const STAND_INS_MAX = 100

export function openStandIns(house: House): StandIns {
  return {
    putDeadline: (put) => putDeadline(house, put),
    stoodInFor: async () => stoodInFor(house.background, await house.sharedNow(house.background)),
    async endWithin(db, { userId, standsInFor, reason, by }) {
      const at = house.clock.now()
      const events: RevocationEvent[] = []
      for (const id of await liveStandIns(db, { userId, standsInFor }, STAND_INS_MAX)) {
        const event = await recordEnd(house, db, { id, reason, by, at })
        if (event) events.push(event)
      }
      return { ended: events.length, tell: () => tellEnds(house, events) }
    },
  }
}
