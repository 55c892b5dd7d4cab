import type { Reason } from '../../../../sdk/contract.ts'
import { endSession } from '../end-session.ts'
import type { House } from '../house.ts'
import { type PutDeadline, putDeadline } from './put-deadline.ts'
import { liveStandIns, type StoodInFor, stoodInFor } from './queries.ts'

/** What becomes of sessions that stand in for a provider that was down. */
export interface StandIns {
  /** Puts a deadline on all that have none, or lifts those that have not passed (`at` null); how many there were. */
  putDeadline(put: PutDeadline): Promise<number>
  /** Whose stand-ins live. */
  stoodInFor(): Promise<StoodInFor[]>
  /** Ends those of one person, who may not be let in another way any more; how many there were. */
  end(input: { userId: string; reason: Reason; by: string }): Promise<number>
}

/** A person has one or two of them; what is left is ended by the next call. */
const STAND_INS_MAX = 100

export function openStandIns(house: House): StandIns {
  return {
    putDeadline: (put) => putDeadline(house, put),
    stoodInFor: async () => stoodInFor(house.background, await house.sharedNow(house.background)),
    async end({ userId, reason, by }) {
      const ids = await liveStandIns(house.db, userId, STAND_INS_MAX)
      const ends = await Promise.all(ids.map((id) => endSession(house, { id, reason, by })))
      return ends.filter((outcome) => outcome === 'ended').length
    },
  }
}
