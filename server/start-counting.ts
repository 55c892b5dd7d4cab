import { changeKinds, startFigures } from './ground/health/index.ts'
import * as signals from './ground/signals/index.ts'
import { readStatistics } from './ground/statistics/index.ts'
import type { Clock } from './platform/clock.ts'
import type { Features } from './features.ts'

const CHANGES_SHOWN = 12
const NAMES = ['live_sessions', 'users', 'sign_ins_last_hour', 'sign_ins_failed_last_hour'] as const
/** Of the time: a count of a million rows that takes 0.2 s is taken every twenty seconds. */
const SHARE_MAX = 0.01

/** Figures and the newest changes, for the overview: asked for in the background and kept with their age. */
export function startCounting({ sessions, identity, background, clock, log }: Features) {
  let changes: signals.SignalRow[] = []
  const countUsers = rested(() => identity.countUsers(), clock)
  const figures = startFigures(
    async () => {
      const [live, users, { totals }, newest] = await Promise.all([
        sessions.countLive(),
        countUsers(),
        readStatistics({ db: background, clock }, { range: 'hour' }),
        signals.newestSignals(background, changeKinds, CHANGES_SHOWN),
      ])
      changes = newest
      return {
        live_sessions: live,
        users,
        sign_ins_last_hour: totals.sign_in_success ?? null,
        sign_ins_failed_last_hour: totals.sign_in_failed ?? null,
      }
    },
    NAMES,
    { clock, log },
  )
  return { ...figures, changes: () => changes }
}

export type Counting = ReturnType<typeof startCounting>

/** Counts no more often than it can be afforded; in between the last count is given again. */
function rested(count: () => Promise<number>, clock: Clock): () => Promise<number> {
  let last: { value: number; untilMs: number } | undefined
  return async () => {
    const beganMs = clock.monotonicMs()
    if (last && beganMs < last.untilMs) return last.value
    const value = await count()
    const endedMs = clock.monotonicMs()
    last = { value, untilMs: endedMs + (endedMs - beganMs) / SHARE_MAX }
    return value
  }
}
