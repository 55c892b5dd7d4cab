import { join } from 'node:path'
import { readFileIfThere, replaceFile } from '../../replace-file.ts'
import type { OnProblem } from '../../stamp.ts'
import type { Confirmation } from './flag-details.ts'

export interface ConfirmedOptions {
  folder: string
  /** Wall clock, milliseconds since 1970. */
  now(): number
  /** Milliseconds on a clock that nobody can set. */
  elapsedMs(): number
  onProblem: OnProblem
}

/** A restart then believes itself at most so much older than it is. */
const KEEP_EVERY_MS = 60_000

export const NEVER: Confirmation = Object.freeze({ ageMs: () => null })

/**
 * When access last confirmed a snapshot as the newest. In the process by a clock that nobody can set; over a restart only
 * the wall clock is left, and when that went backwards nobody knows.
 */
export class Confirmed {
  readonly #options: ConfirmedOptions
  readonly #file: string
  #last: { digest: string; atMs: number } | undefined
  #keptMs = Number.NEGATIVE_INFINITY
  #writing: Promise<void> = Promise.resolve()

  constructor(options: ConfirmedOptions) {
    this.#options = options
    this.#file = join(options.folder, 'confirmed.json')
  }

  /** As it was kept before the restart. */
  kept(digest: string): Confirmation {
    const { at, digest: of } = this.#read()
    const ageMs = this.#options.now() - Date.parse(String(at))
    return of === digest && ageMs >= 0 ? this.#since(ageMs) : NEVER
  }

  /** Access says that this is the newest, and knew it so long ago. */
  confirm(digest: string, ageMs: number): Confirmation {
    const { now, elapsedMs } = this.#options
    this.#last = { digest, atMs: now() - ageMs }
    if (elapsedMs() - this.#keptMs >= KEEP_EVERY_MS) this.#keep()
    return this.#since(ageMs)
  }

  /** Resolves when it is on disk, or was reported as a problem. */
  flush(): Promise<void> {
    this.#keep()
    return this.#writing
  }

  #since(ageMs: number): Confirmation {
    const { elapsedMs } = this.#options
    const fromMs = elapsedMs()
    return { ageMs: () => Math.round(ageMs + elapsedMs() - fromMs) }
  }

  #keep(): void {
    if (!this.#last) return
    const { digest, atMs } = this.#last
    this.#last = undefined
    this.#keptMs = this.#options.elapsedMs()
    const content = JSON.stringify({ digest, at: new Date(atMs).toISOString() })
    this.#writing = this.#writing
      .then(() => replaceFile(this.#file, content))
      .catch((error: Error) => this.#options.onProblem(`${this.#file} cannot be written: ${error.message}`))
  }

  #read(): { digest?: unknown; at?: unknown } {
    try {
      return JSON.parse(readFileIfThere(this.#file) ?? '{}') ?? {}
    } catch {
      // Only an age is lost with it, and a lost age reads as unknown.
      return {}
    }
  }
}
