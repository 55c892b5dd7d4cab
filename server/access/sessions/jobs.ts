import type { KeySet } from '../../../sdk/contract.ts'
import { type Job, startJobs } from '../../platform/jobs.ts'
import { BY_ITSELF, recordEnd, settlePendingEnds, tellEnds } from './end-session.ts'
import { takeUpEndOrders } from './end-orders/end-sessions.ts'
import type { House } from './house.ts'
import { FLUSH_EVERY_MS } from './last-seen.ts'
import * as queries from './queries.ts'
import { judge } from './session.ts'
import { forgetSignOutMinutes } from './sign-outs/queries.ts'
import { type SignOutsSeen, WATCH_EVERY_MS, watchSignOuts } from './sign-outs/watch-sign-outs.ts'
import { forgetMinutes } from './verifiers/queries.ts'
import { writeCounts } from './verifiers/write-counts.ts'
import { readRevocations } from './tell-again.ts'
import { stateOf } from './signing-key.ts'

/** Ended in one round of the sweep; the next round takes more. */
const SWEEP_MAX = 500
/** What one statement deletes well within its deadline (4 s), and what one round, each minute, takes at most. */
const PORTION = 2000
const PORTIONS_MAX = 20
/** What verifiers said is of use while somebody may still ask, and for the usual of the last days. */
const VERDICTS_KEPT_MS = 30 * 24 * 60 * 60_000
const FORGET_MAX = 20_000

/** What runs by itself, each in its own rhythm. */
export function startSessionJobs(house: House) {
  const keyListeners = new Set<(keys: KeySet) => void>()
  const tellKeys = () => {
    for (const listener of keyListeners) listener(house.keys.published())
  }
  let signOuts: SignOutsSeen = { episodes: [], judgedAt: null, lastHour: 0 }
  async function watch(): Promise<void> {
    signOuts = await watchSignOuts(house)
  }
  const jobs: Job[] = [
    { name: 'read revocations', everyMs: 1000, run: () => readRevocations(house) },
    { name: 'settle sign-outs of an outage', everyMs: 1000, run: () => settlePendingEnds(house) },
    { name: 'write last seen', everyMs: FLUSH_EVERY_MS, run: () => house.lastSeen.flush() },
    { name: 'keep signing keys', everyMs: 30_000, run: async () => (await house.keys.reload()) && tellKeys() },
    { name: 'end what has run out', everyMs: 30_000, run: () => sweep(house) },
    { name: 'take up ends that were interrupted', everyMs: 30_000, run: () => takeUpEndOrders(house) },
    { name: 'write verdicts', everyMs: 10_000, run: () => writeCounts(house) },
    { name: 'watch sign-outs', everyMs: WATCH_EVERY_MS, run: watch },
    { name: 'delete ended sessions', everyMs: 60_000, run: () => deleteEnded(house) },
    { name: 'forget', everyMs: 10 * 60_000, run: () => forget(house) },
  ]
  const running = startJobs(jobs, house)

  async function catchUp(): Promise<void> {
    await house.keys.reload()
    await readRevocations(house)
    await house.lastSeen.flush()
    await settlePendingEnds(house)
    await takeUpEndOrders(house)
    await writeCounts(house)
    await watch()
    tellKeys()
  }

  return {
    catchUp,
    tellKeys,
    signOuts: () => signOuts,
    onKeys(listener: (keys: KeySet) => void) {
      keyListeners.add(listener)
      return () => keyListeners.delete(listener)
    },
    listKeys: () =>
      house.keys.all().map((key) => ({
        kid: key.public.kid,
        created_at: key.createdAt.toISOString(),
        sign_from: key.signFrom.toISOString(),
        sign_until: key.signUntil.toISOString(),
        verify_until: key.verifyUntil.toISOString(),
        state: stateOf(key, house.clock.now()),
      })),
    async stop() {
      await running.stop()
      // What people did in the last seconds is worth one more try.
      if (!house.database.isAway()) await Promise.allSettled([house.lastSeen.flush(), writeCounts(house)])
    },
  }
}

/**
 * Records the end of sessions that have run out, so that each has its reason. Judged as everywhere, blind spots in hand, but by
 * the clock that all share: what is recorded is for good, and holds for every process.
 */
export async function sweep(house: House): Promise<number> {
  if (!house.lastSeen.canJudgeIdle()) return 0
  const now = await house.sharedNow(house.background)
  const events = []
  for (const row of await queries.candidatesToEnd(house.background, now, SWEEP_MAX)) {
    const seenAt = house.lastSeen.of(row.id, row.last_seen_at)
    const judgement = judge(row, { now, seenAt, blindSpots: house.lastSeen.blindSpots })
    if (judgement.verdict === 'valid') continue
    const { reason, endedAt } = judgement
    const event = await house.background.transaction((db) =>
      recordEnd(house, db, { id: row.id, reason, by: BY_ITSELF, at: endedAt }),
    )
    if (event) events.push(event)
  }
  await tellEnds(house, events)
  return events.length
}

/** Gone for good, with their handles: until then "why was I signed out?" has an answer. */
export async function deleteEnded(house: House): Promise<number> {
  const before = new Date(house.clock.now().getTime() - house.retentionMs)
  let deleted = 0
  for (let portion = 0; portion < PORTIONS_MAX; portion++) {
    const gone = await queries.deleteEndedBefore(house.background, before, PORTION)
    deleted += gone
    if (gone < PORTION) return deleted
  }
  return deleted
}

async function forget(house: House): Promise<void> {
  house.revocations.forget()
  await queries.forgetOld(house.background, house.clock.now())
  const before = new Date(house.clock.now().getTime() - VERDICTS_KEPT_MS)
  await forgetMinutes(house.background, before, FORGET_MAX)
  await forgetSignOutMinutes(house.background, before, FORGET_MAX)
}
