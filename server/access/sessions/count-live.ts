import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import * as queries from './queries.ts'

/** Of the time: a count that takes 0.2 s, as at two million sessions, is taken every twenty seconds. */
const SHARE_MAX = 0.01
/** A figure that is older than this is not told as one of now. */
const AGE_MAX_MS = 60_000

/** Counts live sessions, and no more often than it can be afforded: in between the last count is given again. */
export function openCountLive({ db, clock }: { db: Database; clock: Clock }): () => Promise<number> {
  let last: { live: number; atMs: number; restMs: number } | undefined

  async function count(): Promise<number> {
    const atMs = clock.monotonicMs()
    const live = await queries.countLive(db)
    last = { live, atMs, restMs: Math.min(AGE_MAX_MS, (clock.monotonicMs() - atMs) / SHARE_MAX) }
    return live
  }

  return async () => (last && clock.monotonicMs() - last.atMs < last.restMs ? last.live : count())
}
