import type { KeySet } from '../../../sdk/contract.ts'
import { type Job, startJobs } from '../../platform/jobs.ts'
import { BY_ITSELF, recordEnd, settlePendingEnds, tellEnds } from './end-session.ts'
import type { House } from './house.ts'
import { FLUSH_EVERY_MS } from './last-seen.ts'
import * as queries from './queries.ts'
import { judge } from './session.ts'
import { stateOf } from './signing-key.ts'

/** Ended in one round of the sweep; the next round takes more. */
const SWEEP_MAX = 500

/** What runs by itself, each in its own rhythm. */
export function startSessionJobs(house: House) {
  const keyListeners = new Set<(keys: KeySet) => void>()
  const tellKeys = () => {
    for (const listener of keyListeners) listener(house.keys.published())
  }
  const jobs: Job[] = [
    { name: 'read revocations', everyMs: 1000, run: () => house.revocations.poll() },
    { name: 'settle sign-outs of an outage', everyMs: 1000, run: () => settlePendingEnds(house) },
    { name: 'write last seen', everyMs: FLUSH_EVERY_MS, run: () => house.lastSeen.flush() },
    { name: 'keep signing keys', everyMs: 30_000, run: async () => (await house.keys.reload()) && tellKeys() },
    { name: 'end what has run out', everyMs: 30_000, run: () => sweep(house) },
    { name: 'forget', everyMs: 10 * 60_000, run: () => forget(house) },
  ]
  const running = startJobs(jobs, house)

  async function catchUp(): Promise<void> {
    await house.keys.reload()
    await house.revocations.poll()
    await house.lastSeen.flush()
    await settlePendingEnds(house)
    tellKeys()
  }

  return {
    catchUp,
    tellKeys,
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
      if (!house.database.isAway()) await house.lastSeen.flush().catch(() => {})
    },
  }
}

/** Records the end of sessions that have run out, so that each has its reason. Judged as everywhere, blind spots in hand. */
export async function sweep(house: House): Promise<number> {
  if (!house.lastSeen.canJudgeIdle()) return 0
  const now = house.clock.now()
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

async function forget(house: House): Promise<void> {
  house.revocations.forget()
  await queries.forgetOld(house.background, house.clock.now())
}
