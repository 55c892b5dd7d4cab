import type { Seen } from '../load/generator.ts'
import { waitMs } from '../frame/wait.ts'

/** People press again. */
const AGAIN_MS = 2000

/** The same from the beginning until it is let in; the deadline ends it, and the last word is then its note. */
export async function trying(once: (tries: number) => Promise<Seen>, signal: AbortSignal): Promise<Seen> {
  let last: Seen | undefined
  for (let tries = 1; ; tries++) {
    const seen = await once(tries).catch((error: unknown): Seen => ({ outcome: 'failed', note: noteOf(error) }))
    // What the end of patience has broken off says less than the try before it.
    if (signal.aborted && seen.outcome !== 'valid') return last ?? seen
    if (seen.outcome === 'valid') return seen
    last = seen
    await waitMs(AGAIN_MS, signal).catch(() => {})
    if (signal.aborted) return seen
  }
}

const noteOf = (error: unknown) =>
  (error as { code?: string })?.code ?? (error instanceof Error ? error.message.slice(0, 80) : 'error')
