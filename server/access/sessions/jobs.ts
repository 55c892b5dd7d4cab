import type { KeySet } from '../../../sdk/contract.ts'
import { DatabaseOutage } from '../../platform/database/index.ts'
import { BY_ITSELF, recordEnd, settlePendingEnds, tellEnds } from './end-session.ts'
import type { House } from './house.ts'
import { FLUSH_EVERY_MS } from './last-seen.ts'
import * as queries from './queries.ts'
import { judge } from './session.ts'
import { stateOf } from './signing-key.ts'

/** Ended in one round of the sweep; the next round takes more. */
const SWEEP_MAX = 500

interface Job {
  name: string
  everyMs: number
  run(): Promise<unknown>
}

/** What runs by itself, each in its own rhythm; in an outage it waits, and is woken when the database is back. */
export function startJobs(house: House) {
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
  const timers = new Map<string, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  let isStopped = false

  async function turn(job: Job): Promise<void> {
    try {
      if (!house.database.isAway()) await job.run()
    } catch (error) {
      // An outage is told by the database's own health; the job goes on when it is over.
      if (!(error instanceof DatabaseOutage)) house.log.error({ err: error, job: job.name }, 'a job failed')
    } finally {
      if (!isStopped)
        timers.set(
          job.name,
          setTimeout(() => start(job), job.everyMs),
        )
    }
  }

  function start(job: Job): void {
    clearTimeout(timers.get(job.name))
    const turned: Promise<void> = turn(job).finally(() => running.delete(turned))
    running.add(turned)
  }

  async function catchUp(): Promise<void> {
    await house.keys.reload()
    await house.revocations.poll()
    await house.lastSeen.flush()
    await settlePendingEnds(house)
    tellKeys()
  }

  for (const job of jobs)
    timers.set(
      job.name,
      setTimeout(() => start(job), job.everyMs),
    )
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
      isStopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.allSettled(running)
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
