import { CHALLENGE_LIFE_MS } from './challenge.ts'
import { DEPARTURE_LIFE_MS } from './federation/departure.ts'
import { deleteExpiredArrivals, deleteExpiredDepartures } from './federation/queries.ts'
import { deleteExpiredHandOvers } from './hand-over/queries.ts'
import { deleteExpiredVouchings } from './hand-over/vouching/queries.ts'
import { HAND_OVER_LIFE_MS } from './hand-over/hand-over.ts'
import { deleteOldRefusals, deleteOldSignIns } from './fail-over/queries.ts'
import { deleteOldInvitations } from './invitations/queries.ts'
import { WRONG_CODES_WINDOW_MS } from './limits/limits.ts'
import { deleteOldWrongCodes, deleteRestedPaces } from './limits/queries.ts'
import type { Parts } from './parts.ts'
import { deleteExpiredChallenges as deleteExpiredPasskeyChallenges } from './passkeys/queries.ts'
import * as queries from './queries.ts'

/** In one statement, so that no lock is held for long. */
const ROWS_MAX = 1000
/** Of one kind in one round; what is left is taken by the next. */
const STATEMENTS_MAX = 20
/** An hour after it was begun a page still says "expired" or "used" instead of "unknown". */
const CHALLENGE_KEPT_MS = 3_600_000 - CHALLENGE_LIFE_MS
const DEPARTURE_KEPT_MS = 3_600_000 - DEPARTURE_LIFE_MS
const HAND_OVER_KEPT_MS = 3_600_000 - HAND_OVER_LIFE_MS
/** As long as browsers keep the cookie. */
const BROWSER_KEPT_MS = 400 * 24 * 3_600_000
/** A list still tells who was invited and never came; then their address goes. */
const INVITATION_KEPT_MS = 90 * 24 * 3_600_000

/** Long enough to compare an outage with that of a year ago; the audit has its own time. */
const FAIL_OVER_KEPT_MS = 400 * 24 * 3_600_000

/** Deletes what is over: challenges, counters, and browsers that cannot come back. */
export async function cleanUp({ background: db, clock }: Pick<Parts, 'background' | 'clock'>): Promise<void> {
  const before = (ms: number) => new Date(clock.now().getTime() - ms)
  await untilFew(() => queries.deleteExpiredChallenges(db, before(CHALLENGE_KEPT_MS), ROWS_MAX))
  await untilFew(() => deleteExpiredPasskeyChallenges(db, before(CHALLENGE_KEPT_MS), ROWS_MAX))
  await untilFew(() => deleteExpiredDepartures(db, before(DEPARTURE_KEPT_MS), ROWS_MAX))
  await untilFew(() => deleteExpiredHandOvers(db, before(HAND_OVER_KEPT_MS), ROWS_MAX))
  await untilFew(() => deleteExpiredVouchings(db, before(HAND_OVER_KEPT_MS), ROWS_MAX))
  await untilFew(() => deleteExpiredArrivals(db, before(0), ROWS_MAX))
  await untilFew(() => deleteRestedPaces(db, before(0), ROWS_MAX))
  await untilFew(() => deleteOldWrongCodes(db, before(WRONG_CODES_WINDOW_MS), ROWS_MAX))
  await untilFew(() => queries.deleteUnusedBrowsers(db, before(BROWSER_KEPT_MS), ROWS_MAX))
  await untilFew(() => deleteOldSignIns(db, before(FAIL_OVER_KEPT_MS), ROWS_MAX))
  await untilFew(() => deleteOldRefusals(db, before(FAIL_OVER_KEPT_MS), ROWS_MAX))
  await untilFew(() => deleteOldInvitations(db, before(INVITATION_KEPT_MS), ROWS_MAX))
}

async function untilFew(deleteSome: () => Promise<number>): Promise<void> {
  for (let count = 0; count < STATEMENTS_MAX; count++) if ((await deleteSome()) < ROWS_MAX) return
}
