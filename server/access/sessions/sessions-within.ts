import type { Reason, RevocationEvent, SessionUser } from '../../../sdk/contract.ts'
import type { Queries } from '../../platform/database/index.ts'
import { recordEnd, tellEnds } from './end-session.ts'
import type { House } from './house.ts'
import { liveSessionIds } from './end-orders/queries.ts'
import * as queries from './queries.ts'

/**
 * What is done to a person's sessions in the transaction of somebody else's change: both hold, or neither. An account that
 * is blocked while a session of it lives on would be a promise broken by a crash.
 */
export interface SessionsWithin {
  /** At most `SESSIONS_A_PORTION` of them; that many ended means that there may be more. */
  endAll(input: { userId: string; exceptSessionId?: string | null; reason: Reason; by: string }): Promise<number>
  /** Live sessions show the person as they are from now on. */
  updatePerson(user: SessionUser): Promise<void>
  countLiveByUser(userIds: readonly string[]): Promise<Map<string, number>>
  /**
   * After the commit: memory and feed hear of it. When the commit's answer was lost this is not called, and every process
   * reads it from the log of revocations a second later.
   */
  tell(): Promise<void>
}

/** A person has a handful, and these fit into the deadline of a change; of a script's many, `endAll` ends the rest. */
export const SESSIONS_A_PORTION = 100

export function sessionsWithin(house: House, db: Queries): SessionsWithin {
  const ends: RevocationEvent[] = []
  const changed: string[] = []
  return {
    async endAll({ userId, exceptSessionId, reason, by }) {
      const at = house.clock.now()
      const before = ends.length
      const newest = { beforeId: undefined, limit: SESSIONS_A_PORTION }
      for (const id of await liveSessionIds(db, { userId }, newest)) {
        if (id === exceptSessionId) continue
        const event = await recordEnd(house, db, { id, reason, by, at })
        if (event) ends.push(event)
      }
      return ends.length - before
    },
    async updatePerson(user) {
      changed.push(...(await queries.updatePerson(db, user)))
    },
    countLiveByUser: (userIds) => queries.countLiveByUser(db, userIds),
    async tell() {
      for (const id of changed) house.known.forget(id)
      await tellEnds(house, ends)
    },
  }
}
