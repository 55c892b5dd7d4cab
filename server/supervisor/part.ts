/** Something the supervisor has started and has to end: its own order, its own deadline. */
export interface Part {
  name: string
  /** Asks, waits within its deadline, then ends it. */
  stop(): Promise<void>
  /** At once and without waiting; for a second Ctrl-C and for the supervisor's own end. */
  kill(): void
}

/** Ctrl-C ends everything within 5 s: also when every single part uses up its own deadline. */
const STOP_ALL_MS = 4500

/** Ends everything in the reverse order of its start; `onLate` cuts that short. */
export async function endParts(parts: Part[], onLate: () => void): Promise<void> {
  const late = setTimeout(onLate, STOP_ALL_MS)
  while (parts.length > 0) {
    await parts.at(-1)!.stop()
    parts.pop()
  }
  clearTimeout(late)
}

export function killParts(parts: readonly Part[]): void {
  for (const part of parts.toReversed()) part.kill()
}
