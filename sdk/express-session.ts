import { EventEmitter } from 'node:events'
import type { Request } from 'express'
import type { Session, SessionData } from 'express-session'
import type { Holdfast } from './holdfast.ts'
import { SessionMaker } from './session-maker.ts'
import { type SessionStoreOptions, StoredSessions } from './stored-sessions.ts'

export type { OldStore } from './old-store.ts'
export { SessionRefused, SessionUnknown } from './session-errors.ts'
export type { SessionStoreOptions } from './stored-sessions.ts'

/** What `new HoldfastStore` needs to know. */
export interface HoldfastStoreOptions extends SessionStoreOptions {
  holdfast: Pick<Holdfast, 'lockers'>
}

/**
 * A store for `express-session` that does not take an outage for "there is no session": `get` answers with the session,
 * with null when it is known that there is none, and otherwise with an error (`SessionUnknown`), so that nobody silently
 * begins an empty one. Needs nothing of express-session but its types.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import session from 'express-session'
 * import { Holdfast } from '@holdfast/sdk'
 * import { HoldfastStore } from '@holdfast/sdk/express-session'
 *
 * await using holdfast = new Holdfast({
 *   url: process.env.HOLDFAST_URL!,
 *   key: process.env.HOLDFAST_KEY!,
 *   dataDir: './holdfast-sdk',
 * })
 * await using store = new HoldfastStore({ holdfast })
 *
 * const app = express()
 * app.use(session({ store, secret: 'as before', resave: false, saveUninitialized: false }))
 * app.get('/', (request, response) => {
 *   response.send(`This browser is ${request.sessionID}`)
 * })
 * app.use(((error, _request, response, next) => {
 *   if (error.verdict !== 'unknown') return next(error)
 *   response.status(503).set('retry-after', '2').send('Not known at this moment. You are not signed out.')
 * }) satisfies express.ErrorRequestHandler)
 * ```
 */
export class HoldfastStore extends EventEmitter implements AsyncDisposable {
  /** Set by express-session: gives a request a new session. */
  declare generate: (request: Request) => void
  readonly #stored: StoredSessions
  readonly #maker = new SessionMaker()

  constructor({ holdfast, ...options }: HoldfastStoreOptions) {
    super()
    this.#stored = new StoredSessions(holdfast.lockers, options)
  }

  /** Writes that access was not told yet. They are lost when this process ends before. */
  get waiting(): number {
    return this.#stored.waiting
  }

  get(sid: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    answer(this.#stored.read(sid), callback)
  }

  set(sid: string, session: SessionData, callback?: (error?: unknown) => void): void {
    answer(this.#stored.write(sid, session), callback)
  }

  destroy(sid: string, callback?: (error?: unknown) => void): void {
    answer(this.#stored.empty(sid), callback)
  }

  /** Nobody waits for it, and that it could not be is no fault of the request. */
  touch(sid: string, session: SessionData, callback?: () => void): void {
    this.#stored.touch(sid, session)
    if (callback) process.nextTick(callback)
  }

  regenerate(request: Request, callback: (error?: unknown) => unknown): void {
    this.destroy(request.sessionID, (error) => {
      this.generate(request)
      callback(error)
    })
  }

  load(sid: string, callback: (error: unknown, session?: SessionData) => unknown): void {
    this.get(sid, (error, session) => {
      if (error || !session) return callback(error)
      const request = { sessionID: sid, sessionStore: this } as unknown as Request
      callback(null, this.createSession(request, session))
    })
  }

  createSession(request: Request, data: SessionData): Session & SessionData {
    return this.#maker.make(request, data, (shadow) => this.generate(shadow))
  }

  /** Writes what waits, as far as access takes it within five seconds. Close the store before its `Holdfast`. */
  close(): Promise<void> {
    return this.#stored.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Outside of the promise: what a callback throws is the app's, and must not call it a second time. */
function answer<Value>(work: Promise<Value>, callback?: (error: unknown, value?: Value) => void): void {
  work.then(
    (value) => callback && process.nextTick(callback, null, value),
    (error: unknown) => callback && process.nextTick(callback, error),
  )
}
