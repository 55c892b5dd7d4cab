/** What access was not told yet. */
export interface WaitingWrite {
  /** Null: it is to be emptied. */
  content: string | null
  expiresMs: number
  /** When it was to be written. */
  sinceMs: number
  /** Somebody was only there: it lives on, and what access holds counts. */
  isTouch: boolean
}

/** What one process is told to keep in an outage of minutes. */
const WRITES_MAX = 10_000
const CHARACTERS_MAX = 32 * 1024 * 1024

/** Writes of an outage, in memory: of each locker the newest. They are lost with the process, and it says so by `size`. */
export class WaitingWrites {
  readonly #writes = new Map<string, WaitingWrite>()
  #characters = 0

  get size(): number {
    return this.#writes.size
  }

  find(key: string): WaitingWrite | undefined {
    return this.#writes.get(key)
  }

  /** False: there is no room. What somebody changed has twice as much of it as what was only looked at. */
  keep(key: string, write: WaitingWrite): boolean {
    const before = this.#writes.get(key)
    const writesMax = write.isTouch ? WRITES_MAX / 2 : WRITES_MAX
    const characters = this.#characters - lengthOf(before) + lengthOf(write)
    if (characters > CHARACTERS_MAX || (!before && this.#writes.size >= writesMax)) return false
    this.#writes.set(key, write)
    this.#characters = characters
    return true
  }

  forget(key: string): void {
    this.#characters -= lengthOf(this.#writes.get(key))
    this.#writes.delete(key)
  }

  keys(): string[] {
    return [...this.#writes.keys()]
  }
}

const lengthOf = (write: WaitingWrite | undefined) => write?.content?.length ?? 0
