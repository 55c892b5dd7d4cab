import type { OnProblem } from '../../stamp.ts'

export interface FlagsChanged {
  /** The number that is answered from now. */
  seq: string
  /** Keys that are new, or answer by another rule; and those that are gone. */
  changed: readonly string[]
  removed: readonly string[]
}

/** What flags tell. `stale`: answers stay, and may be outdated, because. `fresh`: access has confirmed them (again). */
export interface FlagEvents {
  changed: FlagsChanged
  stale: { because: string }
  fresh: { seq: string }
}

/** A page that listens for each of its visitors should listen once and hand it on. */
const LISTENERS_MAX = 1_000

export class Listeners {
  readonly #listeners = new Set<{ event: keyof FlagEvents; listener: (news: never) => void }>()
  readonly #onProblem: OnProblem

  constructor(onProblem: OnProblem) {
    this.#onProblem = onProblem
  }

  on<Event extends keyof FlagEvents>(event: Event, listener: (news: FlagEvents[Event]) => void): () => void {
    if (this.#listeners.size >= LISTENERS_MAX)
      throw new Error(`holdfast: flags have ${LISTENERS_MAX} listeners already. Listen once, and hand it on.`)
    const mine = { event, listener }
    this.#listeners.add(mine)
    return () => this.#listeners.delete(mine)
  }

  tell<Event extends keyof FlagEvents>(event: Event, news: FlagEvents[Event]): void {
    for (const each of [...this.#listeners]) {
      if (each.event !== event) continue
      try {
        ;(each.listener as (news: FlagEvents[Event]) => void)(news)
      } catch (error) {
        // Somebody else's listener: it must keep no flag from being applied.
        this.#onProblem(`A listener for flags (${event}) threw: ${(error as Error).message}`)
      }
    }
  }
}
