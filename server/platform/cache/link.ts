import type { Clock } from '../clock.ts'
import type { HealthState } from '../database/index.ts'
import type { Logger } from '../log.ts'
import { type Breaker, openBreaker } from './breaker.ts'
import type { CacheTarget } from './cache-url.ts'
import { type Connection, connectCache } from './connection.ts'
import { type CacheStamp, checkStamp } from './stamp.ts'

export interface LinkOptions {
  target: CacheTarget
  /** As the server lists it among its clients. */
  name: string
  stamp: CacheStamp
  clock: Clock
  log: Logger
  /** What stands there instead of our stamp; once for each. */
  onForeign?: ((found: string) => void) | undefined
}

export interface LinkHealth {
  state: HealthState
  why: 'answers' | 'not-asked' | 'away' | 'slow' | 'refused' | 'foreign' | 'full'
  since: Date
  /** When it last answered. */
  seenAt: Date | null
  /** Of a refusal or another's stamp: in the words that were found. */
  found: string | null
}

/** What FLUSHALL took is put again within this, and a foreign hand is noticed. */
const STAMP_EVERY_MS = 60_000
/** While our own stamp is not known, or another's stands there. */
const ASK_AGAIN_MS = 1000
/** The server knows us and says no: asking more often changes nothing. */
const REFUSED = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password|ERR DB index|ERR SELECT)/

/** The life of the connection: made, looked at, lost, made again. Nobody ever waits for it. */
export class Link {
  readonly #options: LinkOptions
  readonly #breaker: Breaker = openBreaker()
  #connection: Connection | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  #hasStamped = false
  #health: LinkHealth
  readonly #told = new Set<string>()
  wipes = 0
  openings = 0

  constructor(options: LinkOptions) {
    this.#options = options
    this.#health = { state: 'unknown', why: 'not-asked', since: options.clock.now(), seenAt: null, found: null }
    this.#plan(0)
  }

  /** Undefined: not to be asked now. */
  get connection(): Connection | undefined {
    return this.#connection
  }

  get health(): LinkHealth {
    return this.#health
  }

  get breaker(): Breaker['state'] {
    return this.#breaker.state
  }

  answered(connection: Connection, ms: number): void {
    if (connection !== this.#connection) return
    this.#health = { ...this.#health, seenAt: this.#options.clock.now() }
    if (this.#breaker.answered(ms) === 'opens') this.#lose('slow')
  }

  missed(connection: Connection): void {
    if (connection === this.#connection && this.#breaker.missed() === 'opens') this.#lose('away')
  }

  /** Reads go on; what cannot be written will be missed later. */
  full(isFull: boolean): void {
    if (!this.#connection || isFull === (this.#health.why === 'full')) return
    this.#say(isFull ? 'failing' : 'ok', isFull ? 'full' : 'answers')
  }

  /** It is no longer one that takes writes; another connection finds the one that does. */
  moved(connection: Connection): void {
    if (connection === this.#connection) this.#lose('away')
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#connection?.close()
    this.#connection = undefined
  }

  #plan(ms: number): void {
    clearTimeout(this.#timer)
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#tend(), ms).unref()
  }

  /** Never throws: it is waited for by nobody. */
  async #tend(): Promise<void> {
    const ours = this.#options.stamp.read()
    if (ours === undefined) return this.#plan(ASK_AGAIN_MS)
    const held = this.#connection
    let connection = held
    try {
      if (!connection) this.#breaker.probing()
      connection ??= await connectCache(this.#options.target, this.#options.name)
      await connection.ping()
      if (await this.#isOurs(connection, ours)) return this.#use(connection)
      this.#breaker.open()
      this.#drop(connection)
      this.#plan(STAMP_EVERY_MS)
    } catch (error) {
      if (connection && connection !== held) connection.close()
      this.#failed(error as Error)
    }
  }

  async #isOurs(connection: Connection, ours: string): Promise<boolean> {
    const seen = await checkStamp(connection, this.#options.stamp.key, ours)
    if (seen.whose === 'foreign') {
      this.#say('failing', 'foreign', seen.found)
      this.#tellForeign(seen.found)
      return false
    }
    if (seen.isNew && this.#hasStamped) this.wipes += 1
    this.#hasStamped = true
    return true
  }

  #use(connection: Connection): void {
    if (this.#isClosed) {
      connection.close()
      return
    }
    if (connection !== this.#connection) {
      this.#connection = connection
      this.#breaker.close(this.#options.clock.monotonicMs())
      connection.onLost(() => {
        if (connection === this.#connection) this.#lose('away')
      })
    }
    if (this.#health.why !== 'full') this.#say('ok', 'answers')
    this.#health = { ...this.#health, seenAt: this.#options.clock.now() }
    this.#plan(STAMP_EVERY_MS)
  }

  #failed(error: Error): void {
    const isRefused = REFUSED.test(error.message)
    // The server's own words: they name a user at most, never a password.
    if (isRefused) this.#lose('refused', error.message.slice(0, 200))
    else this.#lose(error.message.startsWith('OOM') ? 'full' : 'away')
  }

  /** Whatever it was, this connection is not used again: a late answer on it would be taken for another's. */
  #lose(why: 'away' | 'slow' | 'refused' | 'full', found: string | null = null): void {
    if (this.#breaker.state === 'closed' || this.#connection) this.openings += 1
    this.#breaker.open()
    this.#breaker.opened(this.#options.clock.monotonicMs())
    this.#drop(this.#connection)
    this.#say(why === 'refused' || why === 'full' ? 'failing' : 'unknown', why, found)
    this.#plan(this.#breaker.nextProbeMs())
  }

  #drop(connection: Connection | undefined): void {
    this.#connection = undefined
    connection?.close()
  }

  #say(state: HealthState, why: LinkHealth['why'], found: string | null = null): void {
    const { why: before, state: stateBefore } = this.#health
    if (before === why && this.#health.found === found) return
    const { clock, log } = this.#options
    const since = state === stateBefore ? this.#health.since : clock.now()
    this.#health = { ...this.#health, state, why, found, since }
    // Not an error: nobody has to get up for a cache.
    if (why !== 'foreign' && before !== 'not-asked') log.info({ cache: why, found }, 'the cache has changed')
  }

  #tellForeign(found: string): void {
    if (this.#told.has(found) || this.#told.size > 100) return
    this.#told.add(found)
    this.#options.onForeign?.(found)
  }
}
