/** When everything happens, in ms from the first arrival. Made before the run: the load does not wait for the drill. */
export interface Plan {
  scale: number
  seed: number
  sessions: number
  endedBefore: number
  endedDuring: number
  checksPerSecond: number
  signInsPerSecond: number
  endSessionsAtMs: number
  faults: PlannedFault[]
  totalMs: number
}

export type FaultKind = 'whole_server' | 'postmaster' | 'killed'

export interface PlannedFault {
  kind: FaultKind
  title: string
  startMs: number
  /** When it is repaired, or, of a killed server, when it has been started again at the latest. */
  repairMs: number
  /** The end of the time in which it has to be well again. */
  settledMs: number
}

/** issue 2 §6. The shares of a real front door: one sign-in hides among two hundred checks. */
const CHECKS_PER_SECOND = 200
const SIGN_INS_PER_SECOND = 1
/** Every session is checked about once a second: often enough to notice one that was lost for a moment. */
const SESSIONS = 200
const SESSIONS_OF_A_SHORT_RUN = 40

/** Below this a run is for tests of the drill, not of the product: the times would be shorter than any detector's. */
const SHORTEST = { steadyMs: 3000, holdMs: 3500, settleMs: 4000, drainMs: 1500 }

/** PostgreSQL replays its log when it was killed, and a supervisor does not start it in a tight loop. */
const RESTART_MS = 5000

export const SCALE_MIN = 0.01
/** Ten times sixty seconds passes the life of a proof: whoever had one has to be known otherwise. */
export const SCALE_MAX = 10

export function makePlan({ scale, seed }: { scale: number; seed: number }): Plan {
  const steadyMs = Math.max(SHORTEST.steadyMs, 10_000 * Math.min(1, scale))
  const settleMs = Math.max(SHORTEST.settleMs, 12_000 * Math.min(1, scale))
  const wholeMs = Math.max(SHORTEST.holdMs, 60_000 * scale)
  const postmasterMs = Math.max(SHORTEST.holdMs, 20_000 * scale)
  const drainMs = Math.max(SHORTEST.drainMs, 8000 * Math.min(1, scale))

  let atMs = steadyMs
  const fault = (kind: FaultKind, title: string, holdMs: number): PlannedFault => {
    const planned = { kind, title, startMs: atMs, repairMs: atMs + holdMs, settledMs: atMs + holdMs + settleMs }
    atMs = planned.settledMs
    return planned
  }
  const faults = [
    fault('whole_server', `the whole server stopped for ${wholeMs / 1000} s (SIGSTOP)`, wholeMs),
    fault('postmaster', `its postmaster alone stopped for ${postmasterMs / 1000} s (SIGSTOP)`, postmasterMs),
    fault('killed', 'its postmaster killed (kill -9)', RESTART_MS),
  ]
  return {
    scale,
    seed,
    sessions: scale < 0.2 ? SESSIONS_OF_A_SHORT_RUN : SESSIONS,
    endedBefore: 4,
    endedDuring: 4,
    checksPerSecond: CHECKS_PER_SECOND,
    signInsPerSecond: SIGN_INS_PER_SECOND,
    endSessionsAtMs: steadyMs * 0.4,
    faults,
    totalMs: atMs + drainMs,
  }
}
