import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import * as queries from './queries.ts'
import { type BlindSpot, LAST_SEEN_EVERY_MS } from './session.ts'

/**
 * When each session was last seen. Buffered, the newest only, at most one write a minute a session: the read path never
 * writes (law 3; Keycloak pays 1 400 writes/s for each 100 log-ins/s). What could not be written is a blind spot, and
 * no time in it counts as idle.
 */
export interface LastSeen {
  note(sessionId: string, writtenAt: Date, now?: Date): void
  /** The newest sight known here. */
  of(sessionId: string, writtenAt: Date): Date
  readonly blindSpots: readonly BlindSpot[]
  /** False while sights could not be written for a while: then nobody can be called idle. */
  canJudgeIdle(now?: Date): boolean
  /** Writes what is due and takes the pulse; throws in an outage, and keeps everything. */
  flush(): Promise<void>
  readonly waiting: number
}

export const FLUSH_EVERY_MS = 10_000
/** Three missed flushes: from here on, time is blind. */
const BLIND_AFTER_MS = 3 * FLUSH_EVERY_MS
const BATCH = 1000
/** Sights within it are one: what is written is true to the minute, and a page asks ten times in a second. */
const SAME_SIGHT_MS = 1000
/** Beyond this many sessions the oldest notes are dropped: they cost accuracy of a minute, not a session. */
const NOTES_MAX = 500_000
const BLIND_SPOTS_MAX = 10_000
/** Blind spots older than the longest idle limit (config: 400 days) matter to nobody. */
const BLIND_SPOT_AGE_MS = 400 * 24 * 60 * 60 * 1000

export function openLastSeen(options: { db: Database; clock: Clock }): LastSeen {
  const { db, clock } = options
  const notes = new Map<string, Date>()
  let spots: BlindSpot[] = []
  let flushedAt: Date | undefined

  async function pulse(): Promise<void> {
    const now = clock.now()
    await db.transaction(async (tx) => {
      const before = await queries.takePulse(tx, now)
      const since = [before, flushedAt].filter((at) => at !== undefined)
      for (const startedAt of since) {
        if (now.getTime() - startedAt.getTime() > BLIND_AFTER_MS) {
          await queries.insertBlindSpot(tx, { started_at: startedAt, ended_at: now })
        }
      }
    })
    spots = await queries.blindSpots(db, new Date(now.getTime() - BLIND_SPOT_AGE_MS), BLIND_SPOTS_MAX)
    flushedAt = now
  }

  return {
    note(sessionId, writtenAt, now = clock.now()) {
      const known = notes.get(sessionId)
      if (known ? isSameSight(known, now) : now.getTime() - writtenAt.getTime() < LAST_SEEN_EVERY_MS) return
      notes.delete(sessionId)
      notes.set(sessionId, now)
      if (notes.size > NOTES_MAX) notes.delete(notes.keys().next().value!)
    },
    of(sessionId, writtenAt) {
      const noted = notes.get(sessionId)
      return noted && noted.getTime() > writtenAt.getTime() ? noted : writtenAt
    },
    get blindSpots() {
      return spots
    },
    canJudgeIdle: (now = clock.now()) =>
      flushedAt !== undefined && now.getTime() - flushedAt.getTime() <= BLIND_AFTER_MS,
    async flush() {
      // Written before the pulse is taken: only then is the time behind it not blind.
      for (const batch of batches([...notes].map(([id, at]) => ({ id, at })))) {
        await queries.writeLastSeen(db, batch)
        for (const { id, at } of batch) if (notes.get(id) === at) notes.delete(id)
      }
      await pulse()
    },
    get waiting() {
      return notes.size
    },
  }
}

/** Not where the clock was set back: then it is noted anew. */
const isSameSight = (known: Date, now: Date) =>
  now.getTime() >= known.getTime() && now.getTime() - known.getTime() < SAME_SIGHT_MS

function* batches<T>(all: T[]): Generator<T[]> {
  for (let index = 0; index < all.length; index += BATCH) yield all.slice(index, index + BATCH)
}
