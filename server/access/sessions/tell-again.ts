import { BY_ITSELF, endSession } from './end-session.ts'
import type { Behind } from './forgotten-ends.ts'
import type { House } from './house.ts'
import * as queries from './queries.ts'

/** More ends than any process could have heard of and this one not. */
const LEAP = 1_000_000
const PORTION = 500

/** Reads on, and tells the database what it has forgotten. */
export async function readRevocations(house: House): Promise<void> {
  await house.revocations.poll()
  const behind = house.revocations.behind()
  if (behind) await tellAgain(house, behind)
}

/**
 * Ends again what this process knows to have ended and the database does not.
 *
 * A promoted replica may lack the last commits (asynchronous replication), and a database put back lacks more. Here they
 * stay ended by our own log, but that forgets once no proof can be about, and other processes may not have heard. The
 * numbers leap, so that nobody takes a new end for one that they have heard.
 */
async function tellAgain(house: House, behind: Behind): Promise<void> {
  const { revocations, background } = house
  await queries.leapRevocations(background, behind.seq, LEAP)
  const known = new Map(revocations.all().map((event) => [event.session_id, event]))
  let again = 0
  for (const ids of portionsOf([...known.keys()])) {
    for (const id of await queries.liveAmong(background, ids)) {
      const { reason, at } = known.get(id)!
      if ((await endSession(house, { id, reason, by: BY_ITSELF, at: new Date(at) })) === 'ended') again += 1
    }
  }
  for (const { session_id: sessionId, reason, at, forget_at: forgetAt } of behind.unheard) {
    const end = { sessionId, reason, at: new Date(at), forgetAt: new Date(forgetAt) }
    await background.transaction((db) => queries.appendRevocation(db, end))
  }
  revocations.settle(behind)
  // Other rows of the same moments are gone too, and only a person can tell which matter.
  house.log.error({ ended_again: again }, 'the database had forgotten ends of sessions that were known here')
}

function* portionsOf(ids: readonly string[]): Generator<string[]> {
  for (let from = 0; from < ids.length; from += PORTION) yield ids.slice(from, from + PORTION)
}
