import { setTimeout as pause } from 'node:timers/promises'

/** Far beyond what anything here takes on a slow machine: a test that gets there has failed. */
const PATIENCE_MS = 20_000

/** Waits for what must come to be true, without saying when. */
export async function until<Value>(
  what: string,
  look: () => Value | Promise<Value>,
): Promise<Exclude<Value, false | null | undefined>> {
  const deadline = performance.now() + PATIENCE_MS
  while (performance.now() < deadline) {
    const value = await look()
    if (value) return value as Exclude<Value, false | null | undefined>
    await pause(10)
  }
  throw new Error(`it did not come to be: ${what}`)
}
