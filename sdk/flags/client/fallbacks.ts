import { KEY_LENGTH_MAX } from '../snapshot.ts'

/** An app asks for some hundred flags; a key made of a user's input must not fill a report. */
const KEYS_MAX = 100
/** Of all keys, as they are told: a report has 64 KiB for everything. */
const KEYS_BYTES_MAX = 8 * 1024
/** What all keys beyond it are counted under. */
const OTHERS = '*'

/** How often the caller's own default was the answer, by flag. */
export class Fallbacks {
  readonly counts = new Map<string, number>()
  #bytes = 0

  add(key: string, count: number): void {
    const cut = key.slice(0, KEY_LENGTH_MAX).toWellFormed()
    const name = this.counts.has(cut) || this.#takesIn(cut) ? cut : OTHERS
    this.counts.set(name, (this.counts.get(name) ?? 0) + count)
  }

  #takesIn(name: string): boolean {
    // Access refuses a whole body in which anything is called so.
    if (name === '__proto__' || this.counts.size >= KEYS_MAX) return false
    const bytes = this.#bytes + Buffer.byteLength(JSON.stringify(name))
    if (bytes > KEYS_BYTES_MAX) return false
    this.#bytes = bytes
    return true
  }
}
