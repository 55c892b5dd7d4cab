import type { SessionData } from 'express-session'
import { type KnownContent, KnownContents } from './known-contents.ts'
import type { Lockers } from './lockers.ts'
import { type OldStore, OldStoreReader } from './old-store.ts'
import { contentOf, keyOf, type SessionContent, sessionOf } from './session-content.ts'
import { SessionRefused, SessionUnknown } from './session-errors.ts'
import { SERVE_DEFAULT_MS } from './verify-session.ts'
import { type WaitingWrite, WaitingWrites } from './waiting-writes.ts'

/** How sessions are stored. */
export interface SessionStoreOptions {
  /** The store that the app comes from: a session that is not here is read there once, and kept here. */
  from?: OldStore
  /** How long a session lives whose cookie has no `maxAge`; a day when left out, as in connect-redis. */
  ttlMs?: number
  /** How old in an outage what was last known may be; a day when left out. 0: only what is known now will do. */
  serveMs?: number
  /** Instead of `Date.now`, for tests. */
  now?: () => number
}

const DAY_MS = 86_400_000
/** What access takes; it counts again. */
const CONTENT_BYTES_MAX = 16 * 1024
/** An expiry that moves by less is not told: access would not write it either. */
const STEP_MS = 60_000
const STEP_SHARE = 0.1
/** Beyond it a touch is left out; the next request brings another. */
const TOUCHES_MAX = 100
const DELIVER_EVERY_MS = 1_000
const CLOSE_MS = 5_000
const CLOSE_ROUND_MS = 100
/** What comes from the old store is older than anything that is here. */
const OLDEST_MS = 400 * DAY_MS

/** Sessions in lockers: three answers, a memory for outages, and writes that wait. */
export class StoredSessions {
  readonly #lockers: Lockers
  readonly #from: OldStoreReader | undefined
  readonly #ttlMs: number
  readonly #serveMs: number
  readonly #now: () => number
  readonly #known = new KnownContents()
  readonly #writes = new WaitingWrites()
  /** Of each session the last write; as many as requests are under way. */
  readonly #lines = new Map<string, Promise<unknown>>()
  readonly #touching = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #delivering: Promise<void> | undefined
  #isClosed = false

  constructor(lockers: Lockers, { from, ttlMs = DAY_MS, serveMs = SERVE_DEFAULT_MS, now }: SessionStoreOptions) {
    this.#lockers = lockers
    this.#from = from && new OldStoreReader(from)
    this.#ttlMs = ttlMs
    this.#serveMs = serveMs
    this.#now = now ?? Date.now
  }

  get waiting(): number {
    return this.#writes.size
  }

  /** Null is knowledge; what cannot be known is thrown. */
  async read(sid: string): Promise<SessionData | null> {
    const key = keyOf(sid)
    const read = this.#changed(key) ? undefined : await this.#lockers.read(key)
    // What was written here meanwhile, and waits, is newer than any answer.
    const changed = this.#changed(key)
    if (changed) return changed.content === null ? null : sessionOf({ ...changed, content: changed.content })
    switch (read?.outcome) {
      case 'filled':
        this.#remember(key, read)
        return sessionOf(read)
      case 'emptied':
        this.#known.forget(key)
        return null
      case 'none':
        // It ran out in an outage in which it was used: that is no time without use, and it is on its way.
        if (this.#writes.find(key)) return this.#lastKnown(key, 'access_unreachable')
        this.#known.forget(key)
        return this.#from ? this.#move(this.#from, sid, key) : null
      default:
        return this.#lastKnown(key, read?.code ?? 'access_unreachable')
    }
  }

  /** Kept when it returns: by access, or here until access can be told. */
  async write(sid: string, session: SessionData): Promise<void> {
    const stored = this.#contentOf(session)
    if (stored.expiresMs <= this.#now()) return this.empty(sid)
    assertSize(stored.content)
    const key = keyOf(sid)
    return this.#inLine(key, async () => {
      // A request that began before the sign-out ends after it: access would say the same.
      if (this.#writes.find(key)?.content === null) return
      const filled = await this.#fill(key, stored, 0)
      if (filled.outcome === 'refused') throw new SessionRefused(filled.code, filled.detail)
      if (filled.outcome === 'unknown') this.#wait(key, stored, filled.code)
      else this.#writes.forget(key)
    })
  }

  /** Honoured here at once, by access at once or when it is back. */
  async empty(sid: string): Promise<void> {
    const key = keyOf(sid)
    this.#known.forget(key)
    await this.#inLine(key, async () => {
      const emptied = await this.#lockers.empty(key)
      this.#known.forget(key)
      if (emptied.outcome === 'emptied') return this.#writes.forget(key)
      this.#wait(key, { content: null, expiresMs: this.#now() + DAY_MS }, emptied.code)
    })
    await this.#from?.destroy(sid)
  }

  touch(sid: string, session: SessionData): void {
    const key = keyOf(sid)
    const { expiresMs } = this.#contentOf(session)
    const write = this.#changed(key)
    if (write?.content != null) write.expiresMs = expiresMs
    const known = this.#known.find(key)
    if (!write && known && this.#lockers.isAway) {
      this.#touchLater(key, known, expiresMs)
      return
    }
    const stepMs = Math.min(STEP_MS, (expiresMs - this.#now()) * STEP_SHARE)
    const isSame = known !== undefined && Math.abs(expiresMs - known.expiresMs) < stepMs
    const isBusy = this.#touching.has(key) || this.#touching.size >= TOUCHES_MAX
    if (write || isSame || isBusy || this.#lockers.isAway) return
    this.#touching.add(key)
    void this.#touchNow(key, expiresMs).finally(() => this.#touching.delete(key))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    const { promise: late, resolve } = Promise.withResolvers<void>()
    let isLate = false
    const cut = setTimeout(() => {
      isLate = true
      resolve()
    }, CLOSE_MS)
    while (!isLate && this.#lines.size + this.#writes.size > 0) {
      const round = [...this.#lines.values(), this.#deliver(), pause(CLOSE_ROUND_MS)]
      await Promise.race([Promise.allSettled(round), late])
    }
    clearTimeout(cut)
  }

  /** In an outage it lives on here, and afterwards there: a time in which nobody can be told is not idle time. */
  #touchLater(key: string, known: KnownContent, expiresMs: number): void {
    known.expiresMs = expiresMs
    const { content, confirmedMs: sinceMs } = known
    if (this.#writes.keep(key, { content, expiresMs, sinceMs, isTouch: true })) this.#deliverLater()
  }

  /** What was changed here and waits. */
  #changed(key: string): WaitingWrite | undefined {
    const write = this.#writes.find(key)
    return write?.isTouch ? undefined : write
  }

  async #touchNow(key: string, expiresMs: number): Promise<void> {
    const movedMs = await this.#lockers.touch(key, this.#secondsUntil(expiresMs))
    const known = this.#known.find(key)
    if (known && movedMs !== undefined) known.expiresMs = movedMs
  }

  /** Not here, and perhaps there. The first of two requests writes it; the other finds that it is here, or newer. */
  async #move(from: OldStoreReader, sid: string, key: string): Promise<SessionData | null> {
    const old = await from.read(sid)
    const stored = old && this.#contentOf(old)
    if (!stored || stored.expiresMs <= this.#now()) return null
    const filled = await this.#inLine(key, () => this.#fill(key, stored, OLDEST_MS))
    if (filled.outcome === 'emptied') return null
    if (filled.outcome !== 'newer') return sessionOf(stored)
    const read = await this.#lockers.read(key)
    if (read.outcome === 'filled') return sessionOf(read)
    if (read.outcome === 'unknown') throw new SessionUnknown(read.code)
    return null
  }

  async #fill(key: string, { content, expiresMs }: SessionContent, ageMs: number) {
    const filled = await this.#lockers.fill(key, { content, expiresInS: this.#secondsUntil(expiresMs), ageMs })
    if (filled.outcome === 'kept') this.#remember(key, { content, expiresMs: filled.expiresMs })
    if (filled.outcome === 'emptied') this.#known.forget(key)
    return filled
  }

  #lastKnown(key: string, code: string): SessionData {
    const known = this.#known.find(key)
    const now = this.#now()
    if (!known || known.expiresMs <= now || now - known.confirmedMs > this.#serveMs) throw new SessionUnknown(code)
    return sessionOf(known)
  }

  #remember(key: string, { content, expiresMs }: SessionContent): void {
    this.#known.keep(key, { content, expiresMs, confirmedMs: this.#now() })
  }

  #wait(key: string, { content, expiresMs }: { content: string | null; expiresMs: number }, code: string): void {
    if (!this.#writes.keep(key, { content, expiresMs, sinceMs: this.#now(), isTouch: false }))
      throw new SessionUnknown(code)
    this.#deliverLater()
  }

  #deliverLater(): void {
    if (this.#isClosed) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#deliver()
    }, DELIVER_EVERY_MS).unref()
  }

  #deliver(): Promise<void> {
    this.#delivering ??= this.#deliverAll().finally(() => {
      this.#delivering = undefined
      if (this.#writes.size > 0) this.#deliverLater()
    })
    return this.#delivering
  }

  async #deliverAll(): Promise<void> {
    for (const key of this.#writes.keys()) {
      if (this.#lockers.isAway || !(await this.#inLine(key, () => this.#deliverOne(key)))) return
    }
  }

  /** False: not now. What was changed since, emptied, or will never be taken, is left as it is. */
  async #deliverOne(key: string): Promise<boolean> {
    const write = this.#writes.find(key)
    if (!write) return true
    const { content, expiresMs, sinceMs } = write
    const ageMs = Math.max(1, Math.round(this.#now() - sinceMs))
    const isOver = expiresMs <= this.#now()
    const told =
      content === null
        ? await this.#lockers.empty(key)
        : isOver || (await this.#fill(key, { content, expiresMs }, ageMs))
    if (told !== true && told.outcome === 'unknown') return false
    this.#writes.forget(key)
    return true
  }

  /** Writes of one session, one after the other: the last to begin is the last to be written. */
  #inLine<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
    const mine = (this.#lines.get(key) ?? Promise.resolve()).then(work)
    const done = mine.then(
      () => {},
      () => {},
    )
    this.#lines.set(key, done)
    void done.then(() => {
      if (this.#lines.get(key) === done) this.#lines.delete(key)
    })
    return mine
  }

  #contentOf(session: SessionData): SessionContent {
    return contentOf(session, { ttlMs: this.#ttlMs, nowMs: this.#now() })
  }

  #secondsUntil(expiresMs: number): number {
    return Math.max(1, Math.ceil((expiresMs - this.#now()) / 1000))
  }
}

function assertSize(content: string): void {
  const bytes = Buffer.byteLength(content)
  if (bytes <= CONTENT_BYTES_MAX) return
  const detail = `It has ${bytes} bytes, and ${CONTENT_BYTES_MAX} are kept. Keep large things in a table.`
  throw new SessionRefused('lockers.too_large', detail)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
