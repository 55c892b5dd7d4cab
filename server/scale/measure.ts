import { ask, farCursor } from './ask.ts'
import type { Credentials } from './credentials.ts'
import type { Example } from './examples.ts'
import { nameOf } from './plan-book.ts'

export interface Figures {
  name: string
  /** How many pages behind the first one; 0: the first. */
  pages: number
  status: number
  rows: number | null
  medianMs: number
  p95Ms: number
  worstMs: number
  /** Undefined: the bar of all. */
  mayTakeMs: number | undefined
}

const ROUNDS = 20
const PAGES_DEEP = 100

/** Asks each example, one after the other as a person does, and once more far behind its first page. */
export async function measure(options: {
  url: string
  credentials: Credentials
  examples: readonly Example[]
  signal: AbortSignal
  onProgress(line: string): void
}): Promise<Figures[]> {
  const { url, credentials, examples, signal, onProgress } = options
  const all: Figures[] = []
  for (const example of examples) {
    onProgress(nameOf(example))
    all.push(await rounds(url, credentials, example, 0, undefined, signal))
    if (!example.isDeep) continue
    const { cursor, passed } = await farCursor(url, credentials, example, PAGES_DEEP)
    if (cursor !== undefined) all.push(await rounds(url, credentials, example, passed, cursor, signal))
  }
  return all
}

async function rounds(
  url: string,
  credentials: Credentials,
  example: Example,
  pages: number,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Figures> {
  const times: number[] = []
  let last = await ask(url, credentials, example, cursor)
  for (let round = 0; round < ROUNDS; round++) {
    signal.throwIfAborted()
    last = await ask(url, credentials, example, cursor)
    times.push(last.ms)
  }
  times.sort((one, other) => one - other)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))]!
  const { status, rows } = last
  const { mayTakeMs } = example
  return { name: nameOf(example), pages, status, rows, medianMs: at(0.5), p95Ms: at(0.95), worstMs: at(1), mayTakeMs }
}
