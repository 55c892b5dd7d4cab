import { setTimeout as pause } from 'node:timers/promises'

/** Generous: a test waits for what happens, not for how fast this machine is. */
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 20

/** Looks until it is so; throws when it never is. What `look` throws rises. */
export async function eventually(what: string, look: () => Promise<boolean> | boolean): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  while (!(await look())) {
    if (performance.now() > until) throw new Error(`it never came about that ${what}`)
    await pause(LOOK_EVERY_MS)
  }
}
