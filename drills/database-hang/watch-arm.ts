import { monotonicMs } from '../frame/clock.ts'
import { waitMs } from '../frame/wait.ts'
import type { OpenArm } from './arm.ts'
import type { SeenFault } from './inject-fault.ts'

const READINESS_EVERY_MS = 100
const READINESS_DEADLINE_MS = 1000
const PROBE_EVERY_MS = 100
const PROBE_DEADLINE_MS = 2000

export interface ReadinessSample {
  atMs: number
  /** Null: it did not answer in a second, which tells that something is wrong, but not to whom. */
  isOk: boolean | null
  isNamed: boolean
}

/** Asks the arm how it is, all along: what it does not say in the fault, and what it says without one, both count. */
export async function watchReadiness(arm: OpenArm, samples: ReadinessSample[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const asked = AbortSignal.timeout(READINESS_DEADLINE_MS)
    const seen = await arm.readReadiness(asked).catch(() => ({ isOk: null, isNamed: false }))
    samples.push({ atMs: monotonicMs(), ...seen })
    await waitMs(READINESS_EVERY_MS, signal).catch(() => {})
  }
}

export interface Recovery {
  signInMs: number | null
  databaseReadMs: number | null
}

/** From the repair on: when does a sign-in succeed again, and when is a session verified from the database again? */
export async function watchRecovery(arm: OpenArm, fault: SeenFault, signal: AbortSignal): Promise<Recovery> {
  const { repairedMs, settledMs } = fault
  if (repairedMs === null) return { signInMs: null, databaseReadMs: null }
  const first = async (ask: (signal: AbortSignal) => Promise<boolean>) => {
    while (monotonicMs() < settledMs) {
      signal.throwIfAborted()
      const isThere = await ask(AbortSignal.timeout(PROBE_DEADLINE_MS)).catch(() => false)
      if (isThere) return monotonicMs()
      await waitMs(PROBE_EVERY_MS, signal)
    }
    return null
  }
  const [signInMs, databaseReadMs] = await Promise.all([
    first((asked) => arm.trySignIn(asked)),
    first((asked) => arm.readsDatabase(repairedMs, asked)),
  ])
  return { signInMs, databaseReadMs }
}
