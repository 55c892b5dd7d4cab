import { BY_ITSELF } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Why } from '../verdict.ts'
import { type DecideParts, LIVE_MS } from './decide.ts'
import { type VerdictRow, WINDOW_MS } from './judge.ts'
import * as queries from './queries.ts'

const AFTER_STANDSTILL: Why = {
  sentence: 'Nobody was there to look at it for a while, and nobody has looked at it since.',
  faults: [],
  processes: { saw: 0, live: 0 },
  is_control_good: null,
}

/**
 * An outage from before a standstill opens nothing after it: once, before this process goes by any verdict, it forgets those that
 * nobody has looked at within the window of the judge. While another process watches, and within that window, what was found out
 * holds: a restart in the middle of an outage sends nobody away.
 */
export function openWaking({ background, processId, signal, audit }: DecideParts) {
  const unwatched: queries.Unwatched = { processId, liveMs: LIVE_MS, staleMs: WINDOW_MS }
  let isAwake = false
  return {
    async wakeUp(): Promise<void> {
      if (isAwake) return
      await background.transaction(async (db) => {
        for (const { provider_id: id, epoch } of await queries.forgetUnwatched(db, unwatched, AFTER_STANDSTILL)) {
          const { sentence } = AFTER_STANDSTILL
          const facts = { name: await queries.nameOf(db, id), state: 'suspect', sentence, epoch }
          await signal(db, { kind: 'provider.suspect', subject: id, facts })
          await audit(db, { by: BY_ITSELF, action: 'provider.closed', subject: { kind: 'provider', id }, facts })
        }
      })
      isAwake = true
    },
    /** A sign-in may be faster than that; in its transaction nothing is written, for it holds what the other would wait for. */
    async believed(db: Queries, row: VerdictRow): Promise<VerdictRow> {
      if (isAwake || !(await queries.wasLeftUnwatched(db, row.provider_id, unwatched))) return row
      return { ...row, state: 'suspect', open_since: null, why: AFTER_STANDSTILL }
    },
  }
}
