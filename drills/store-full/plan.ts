/** What happens and for how long. The load does not wait for the drill, and goes on until the drill has seen all. */
export interface Plan {
  scale: number
  seed: number
  /** Of the store; its server is told so. */
  maxMemory: string
  sessions: number
  /** Sessions ended before the first fault, and again as many in each. */
  endedEach: number
  checksPerSecond: number
  signInsPerSecond: number
  /** Sign-ins and copies of entries together. */
  entriesPerSecond: number
  endSessionsAtMs: number
  steadyMs: number
  faults: PlannedFault[]
  drainMs: number
  /** How long it takes on a machine that keeps up. */
  totalMs: number
}

export type FaultKind = 'expiry_off' | 'long_life' | 'evicting' | 'wiped' | 'hung' | 'killed'

export interface PlannedFault {
  kind: FaultKind
  title: string
  /** From when it has taken effect; filling the store comes before. */
  holdMs: number
  settleMs: number
}

/** issue 4 §3. At ClickFunnels a session lived for days; here 20 s stand for one. */
export const LIFE_S = 20
export const LONG_LIFE_S = 14 * LIFE_S
const MAX_MEMORY = '64mb'
const ENTRIES_PER_SECOND = 450

/**
 * Whole sign-ins by e-mail, in both arms: half of the 20 mails a second that access hands to the mail servers, whoever
 * asks. With generator, PostgreSQL and Redis beside it the arm then takes a quarter of two cores, and is not what is slow.
 */
const SIGN_INS_PER_SECOND = 10
const CHECKS_PER_SECOND = 50
/** Each is read about every four seconds, and so lives for as long as somebody reads it. */
const SESSIONS = 200
const SESSIONS_OF_A_SHORT_RUN = 40
/** Filled in a moment, and still several times what lives in it: a sealed entry of Holdfast takes 1.4 kB. */
const MAX_MEMORY_OF_A_SHORT_RUN = '16mb'
const ENTRIES_PER_SECOND_OF_A_SHORT_RUN = 150

/** Below this a run is for tests of the drill, not of the product. */
const SHORTEST = { steadyMs: 2500, fillMs: 1000, holdMs: 1500, hangMs: 2500, settleMs: 1000, drainMs: 500 }
const DOWN_MS = 4000

export const SCALE_MIN = 0.01
export const SCALE_MAX = 10

export function makePlan({ scale, seed }: { scale: number; seed: number }): Plan {
  const capped = Math.min(1, scale)
  const isShort = scale < 0.2
  const steadyMs = Math.max(SHORTEST.steadyMs, 10_000 * capped)
  const fillMs = Math.max(SHORTEST.fillMs, 4000 * capped)
  const holdMs = Math.max(SHORTEST.holdMs, 10_000 * scale)
  const hangMs = Math.max(SHORTEST.hangMs, 8000 * scale)
  const settleMs = Math.max(SHORTEST.settleMs, 6000 * capped)
  const drainMs = Math.max(SHORTEST.drainMs, 3000 * capped)

  const fault = (kind: FaultKind, title: string, lastsMs: number) => ({ kind, title, holdMs: lastsMs, settleMs })
  const faults = [
    fault('expiry_off', 'A: full, because nothing expires actively', holdMs),
    fault('long_life', 'B: full, because entries live 14 times too long', holdMs),
    fault('evicting', 'C: full, and left at volatile-lru', holdMs),
    fault('wiped', 'D: wiped (FLUSHALL)', holdMs),
    fault('hung', `E: stopped for ${hangMs / 1000} s (SIGSTOP)`, hangMs),
    fault('killed', 'F: killed (kill -9), and back empty', Math.max(SHORTEST.hangMs, DOWN_MS * capped)),
  ]
  return {
    scale,
    seed,
    maxMemory: isShort ? MAX_MEMORY_OF_A_SHORT_RUN : MAX_MEMORY,
    sessions: isShort ? SESSIONS_OF_A_SHORT_RUN : SESSIONS,
    endedEach: 3,
    checksPerSecond: CHECKS_PER_SECOND,
    signInsPerSecond: SIGN_INS_PER_SECOND,
    entriesPerSecond: isShort ? ENTRIES_PER_SECOND_OF_A_SHORT_RUN : ENTRIES_PER_SECOND,
    endSessionsAtMs: steadyMs * 0.4,
    steadyMs,
    faults,
    drainMs,
    totalMs: steadyMs + 3 * fillMs + faults.reduce((sum, one) => sum + one.holdMs + one.settleMs, 0) + drainMs,
  }
}

/** Everybody who is signed in before the load begins: first those who stay, then those whose sessions are ended. */
export function peopleOf({ seed, sessions, endedEach, faults }: Plan): { subject: number; person: string }[] {
  const length = sessions + endedEach * (faults.length + 1)
  return Array.from({ length }, (_, subject) => ({ subject, person: `known-${seed}-${subject}@drill.test` }))
}
