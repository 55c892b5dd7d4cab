import { changeKinds, startFigures } from './ground/health/index.ts'
import * as signals from './ground/signals/index.ts'
import type { Features } from './features.ts'

const HOUR_MS = 60 * 60_000
const CHANGES_SHOWN = 12
const NAMES = ['live_sessions', 'users', 'sign_ins_last_hour', 'sign_ins_failed_last_hour'] as const

/** Figures and the newest changes, for the overview: asked for in the background and kept with their age. */
export function startCounting({ sessions, identity, background, clock, log }: Features) {
  let changes: signals.SignalRow[] = []
  const figures = startFigures(
    async () => {
      const hourAgo = new Date(clock.now().getTime() - HOUR_MS)
      const [live, users, counted, newest] = await Promise.all([
        sessions.countLive(),
        identity.countUsers(),
        signals.countByKind(background, hourAgo),
        signals.newestSignals(background, changeKinds, CHANGES_SHOWN),
      ])
      changes = newest
      const of = (kind: string) => counted.find((row) => row.kind === kind)?.count ?? 0
      return {
        live_sessions: live,
        users,
        sign_ins_last_hour: of('sign-in.succeeded'),
        sign_ins_failed_last_hour: of('sign-in.failed'),
      }
    },
    NAMES,
    { clock, log },
  )
  return { ...figures, changes: () => changes }
}

export type Counting = ReturnType<typeof startCounting>
