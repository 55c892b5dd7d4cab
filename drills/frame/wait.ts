import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from './clock.ts'

/** Fine enough for a figure given in tenths of a second, coarse enough not to take the CPU from what is measured. */
const POLL_MS = 20

export async function waitMs(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal })
  signal.throwIfAborted()
}

/** Waits for a moment of the monotonic clock, so that the steps of a drill do not drift by what each one takes. */
export function waitUntil(atMs: number, signal: AbortSignal): Promise<void> {
  return waitMs(atMs - monotonicMs(), signal)
}

/** The first answer that is not null, or null when the deadline came first. */
export async function poll<T>(
  ask: () => Promise<T | null> | T | null,
  { deadlineMs, signal, everyMs = POLL_MS }: { deadlineMs: number; signal: AbortSignal; everyMs?: number },
): Promise<T | null> {
  const endMs = monotonicMs() + deadlineMs
  for (;;) {
    signal.throwIfAborted()
    const answer = await ask()
    if (answer !== null) return answer
    if (monotonicMs() + everyMs > endMs) return null
    await waitMs(everyMs, signal)
  }
}
