/** What was last known of a locker. */
export interface KnownContent {
  content: string
  expiresMs: number
  /** When access last said so. */
  confirmedMs: number
}

/** Browsers that one process sees within an hour or so; an outage is a bad time to fill the memory. */
const KNOWN_MAX = 10_000
const CHARACTERS_MAX = 32 * 1024 * 1024

/** What was last known to be good, for an outage only. The least lately confirmed goes first. */
export class KnownContents {
  readonly #known = new Map<string, KnownContent>()
  #characters = 0

  get size(): number {
    return this.#known.size
  }

  find(key: string): KnownContent | undefined {
    return this.#known.get(key)
  }

  keep(key: string, known: KnownContent): void {
    this.forget(key)
    this.#known.set(key, known)
    this.#characters += known.content.length
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KNOWN_MAX && this.#characters <= CHARACTERS_MAX) break
      this.forget(oldest)
    }
  }

  forget(key: string): void {
    this.#characters -= this.#known.get(key)?.content.length ?? 0
    this.#known.delete(key)
  }
}
