import type { SessionData } from 'express-session'
import { SessionUnknown } from './session-errors.ts'

/** The store that an app comes from, as express-session knows it. */
export interface OldStore {
  get(sid: string, callback: (error: unknown, session?: SessionData | null) => void): unknown
  destroy(sid: string, callback?: (error?: unknown) => void): unknown
}

/** node-redis queues without end while Redis is away; here nobody waits for that. */
const OLD_MS = 1_000
const READS_MAX = 100

/** Reads from the store of before, with a deadline of our own. What did not come is unknown, never "none". */
export class OldStoreReader {
  readonly #store: OldStore
  #underWay = 0

  constructor(store: OldStore) {
    this.#store = store
  }

  async read(sid: string): Promise<SessionData | null> {
    if (this.#underWay >= READS_MAX) throw new SessionUnknown('old_store_unavailable')
    this.#underWay += 1
    return this.#ask<SessionData | null>((done) => this.#store.get(sid, done)).finally(() => {
      this.#underWay -= 1
    })
  }

  /** Resolves also when it could not be: the emptied locker keeps what is left there from coming back. */
  async destroy(sid: string): Promise<void> {
    await this.#ask<void>((done) => this.#store.destroy(sid, done)).catch(() => {})
  }

  #ask<Value>(put: (done: (error: unknown, value?: Value) => void) => unknown): Promise<Value | null> {
    return new Promise((resolve, reject) => {
      const unknown = () => reject(new SessionUnknown('old_store_unavailable'))
      const timer = setTimeout(unknown, OLD_MS)
      const done = (error: unknown, value?: Value) => {
        clearTimeout(timer)
        if (error) unknown()
        else resolve(value ?? null)
      }
      // Some throw, and some answer with a promise that is rejected.
      const asked = async () => put(done)
      asked().catch(unknown)
    })
  }
}
