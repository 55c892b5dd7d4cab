import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { openBreaker } from './breaker.ts'
import { type ConnectionPool, openConnectionPool, type PoolLimits } from './connection-pool.ts'
import type { Database } from './database.ts'
import { type Found, searchWriter, type WriterSearch } from './find-writer.ts'
import { judgeAbsence, type ProbeResult } from './hang-class.ts'
import { addressOf } from './hosts.ts'
import { DatabaseOutage, isOutage } from './outage.ts'
import { judgeUnasked, probe } from './probe.ts'
import { beatNameOf } from './generation.ts'

/**
 * Pools are small and one per purpose: what people wait for is never behind what runs by itself, and the probe is
 * behind neither (Clerk 2026-03-10: the resilience code starved on the same saturated resources).
 */
const purposes = {
  request: { size: 8, acquireMs: 750, queryMs: 1000, transactionMs: 2500 },
  /** What has to go on when everybody comes at once and everything else waits. */
  fallback: { size: 3, acquireMs: 750, queryMs: 1000, transactionMs: 2500 },
  background: { size: 3, acquireMs: 1500, queryMs: 4000, transactionMs: 8000 },
} satisfies Record<string, PoolLimits>
export type Purpose = keyof typeof purposes
const allPurposes = Object.keys(purposes) as Purpose[]

const PROBE_MS = 1000
/** While all is well. design §7 */
const PROBE_EVERY_MS = 2000
/** While away: "all is well within 2 s after it returns" leaves room for several tries. */
const PROBE_AWAY_EVERY_MS = 400

export type HealthState = 'ok' | 'unknown' | 'failing'
export interface Health {
  state: HealthState
  since: Date
  /** When a commit on a fresh connection was last seen to succeed. */
  provenAt: Date | null
  detail: string
}

export interface DatabaseServer extends AsyncDisposable {
  database(purpose: Purpose): Database
  health(): Health
  /** True while calls are refused at once instead of being tried; also before the store was seen to be ours. */
  isAway(): boolean
  /** Called on every change between away and back, after the fact. */
  onChange(listener: (isAway: boolean) => void): void
  /** One probe now; what `main` waits for at start, at most its deadline. From then on it is probed by itself. */
  probeNow(): Promise<ProbeResult>
}

export interface DatabaseServerOptions {
  /** Of one host, or of a primary and its replicas (`hosts.ts`): then the one that takes writes is found. */
  url: string
  name: string
  clock: Clock
  log: Logger
  /**
   * Run before the first use, and each time the database is back, with the URL of the host that takes writes: it reads the
   * stamp, and throws an outage when it could
   * not. What else it throws means that the store is not ours, and goes to `onRefused`. Until then nothing is asked.
   */
  admit?(url: string): Promise<void>
  onRefused?(error: unknown): void
  /** How often it is probed while all is well. */
  probeEveryMs?: number
}

/**
 * One PostgreSQL server as seen from this process: its pools, and a breaker over them. The breaker opens on what
 * callers met, throws the pools away, and closes only when a probe has *committed* on a fresh connection; a stopped
 * postmaster or stalled storage answers `select 1` for hours (events.md §3.4).
 */
export function openDatabaseServer(options: DatabaseServerOptions): DatabaseServer {
  const server = new ServerInSight(options)
  return {
    database: (purpose) => server.database(purpose),
    health: () => server.health(),
    isAway: () => server.isAway(),
    onChange: (listener) => server.onChange(listener),
    probeNow: () => server.probeNow(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

class ServerInSight {
  readonly #options: DatabaseServerOptions
  /** One row of heartbeats a process. */
  readonly #beat: string
  readonly #listeners: ((isAway: boolean) => void)[] = []
  readonly #breaker = openBreaker()
  readonly #closing = new AbortController()
  #pools = new Map<Purpose, ConnectionPool>()
  #isAway: boolean
  #isAdmitted = false
  #health: Health
  #timer: NodeJS.Timeout | undefined
  #round: Promise<ProbeResult> | undefined
  /** Grows each time the database goes away: what a round saw before that says nothing about its return. */
  #absences = 0
  readonly #search: WriterSearch
  #warning: string | undefined

  constructor(options: DatabaseServerOptions) {
    this.#options = options
    this.#beat = beatNameOf(options.name)
    this.#search = searchWriter(options)
    // Of several hosts none is asked before it was seen which one takes writes.
    this.#isAway = options.admit !== undefined || this.#search.mustChoose
    this.#health = { state: 'unknown', since: options.clock.now(), provenAt: null, detail: 'not tried yet' }
  }

  database(purpose: Purpose): Database {
    return {
      many: async (statement) => this.#pool(purpose).many(statement),
      maybe: async (statement) => this.#pool(purpose).maybe(statement),
      one: async (statement) => this.#pool(purpose).one(statement),
      run: async (statement) => this.#pool(purpose).run(statement),
      gather: async (write, item) => this.#pool(purpose).gather(write, item),
      transaction: async (work) => this.#pool(purpose).transaction(work),
    }
  }

  health(): Health {
    if (this.#warning === undefined || this.#health.state !== 'ok') return this.#health
    return { ...this.#health, state: 'failing', detail: this.#warning }
  }

  isAway(): boolean {
    return this.#isAway
  }

  onChange(listener: (isAway: boolean) => void): void {
    this.#listeners.push(listener)
  }

  async probeNow(): Promise<ProbeResult> {
    const result = await this.#probeOnce()
    // At a start nobody waits for three misses to know that there is nothing there.
    if (result.state !== 'ok' && !result.arePooledFine) this.#goAway(result.detail)
    if (result.state === 'ok') await this.#warm()
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    for (const pool of this.#pools.values()) pool.destroy()
  }

  #pool(purpose: Purpose): ConnectionPool {
    if (this.#closing.signal.aborted) throw new DatabaseOutage('failed', 'this process is closing its database')
    if (this.#isAway) {
      throw new DatabaseOutage('failed', `the database has not answered since ${this.#health.since.toISOString()}`)
    }
    let pool = this.#pools.get(purpose)
    if (!pool) {
      pool = this.#openPool(purpose)
      this.#pools.set(purpose, pool)
    }
    return pool
  }

  #openPool(purpose: Purpose): ConnectionPool {
    const pool: ConnectionPool = openConnectionPool({
      url: this.#search.url(),
      name: `${this.#options.name} ${purpose}`,
      isAsked: this.#search.mustChoose,
      limits: purposes[purpose],
      onCall: () => this.#breaker.mark(),
      onAnswer: () => this.#breaker.answered(),
      onOutage: (error, mark) => {
        // What a pool that was thrown away still has to report is no news.
        if (this.#pools.get(purpose) === pool && this.#breaker.missed(mark)) this.#goAway(describe(error))
      },
    })
    return pool
  }

  #goAway(reason: string): void {
    if (this.#isAway || this.#closing.signal.aborted) return
    this.#isAway = true
    this.#absences += 1
    const thrown = this.#pools
    this.#pools = new Map()
    for (const pool of thrown.values()) pool.destroy()
    if (this.#health.state === 'ok') {
      this.#health = { ...this.#health, state: 'unknown', since: this.#options.clock.now(), detail: 'not answering' }
    }
    this.#options.log.warn({ reason }, 'the database is away; going on without it')
    this.#tell()
    this.#probeIn(0)
  }

  #comeBack(): void {
    this.#isAway = false
    this.#breaker.reset()
    void this.#warm()
    // As loud as the warning before it: whoever read that one waits for this one.
    if (this.#absences > 0) this.#options.log.warn({}, 'the database is back')
    else this.#options.log.info({}, 'the database is there')
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      try {
        listener(this.#isAway)
      } catch (error) {
        // One listener's bug must not keep the others, or the caller that met the outage, from being told.
        this.#options.log.error({ err: error }, 'a listener of the database failed')
      }
    }
  }

  async #warm(): Promise<void> {
    if (this.#isAway || this.#closing.signal.aborted) return
    await Promise.all(allPurposes.map((purpose) => this.#pool(purpose).warm()))
  }

  #probeIn(delayMs: number): void {
    clearTimeout(this.#timer)
    if (this.#closing.signal.aborted) return
    this.#timer = setTimeout(() => this.#probeOnce().catch((error) => this.#options.onRefused?.(error)), delayMs)
    this.#timer.unref()
  }

  /** One round at a time; who asks during one gets its answer. */
  #probeOnce(): Promise<ProbeResult> {
    this.#round ??= this.#goRound().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  async #goRound(): Promise<ProbeResult> {
    const absences = this.#absences
    const mark = this.#breaker.mark()
    try {
      const result = await this.#examine()
      if (!this.#closing.signal.aborted) this.#draw(result, { mark, isCurrent: absences === this.#absences })
      return result
    } finally {
      this.#probeIn(this.#restMs(absences === this.#absences))
    }
  }

  /** What went away during a round is looked at anew at once: the writer may only have moved. */
  #restMs(isCurrent: boolean): number {
    if (!isCurrent) return 0
    return this.#isAway ? PROBE_AWAY_EVERY_MS : (this.#options.probeEveryMs ?? PROBE_EVERY_MS)
  }

  #draw(result: ProbeResult, seen: { mark: number; isCurrent: boolean }): void {
    if (!seen.isCurrent) return
    this.#note(result)
    if (this.#isAway && result.state === 'ok') this.#comeBack()
    // Pooled connections that still answer are worth keeping: then only new ones hang, and nobody needs one.
    const isMiss = !this.#isAway && result.state !== 'ok' && !result.arePooledFine
    if (isMiss && this.#breaker.missed(seen.mark)) this.#goAway(result.detail)
  }

  #note({ state, detail }: ProbeResult): void {
    const now = this.#options.clock.now()
    const { since, provenAt } = this.#health
    const isSame = state === this.#health.state && this.#health.detail !== 'not tried yet'
    this.#health = { state, since: isSame ? since : now, provenAt: state === 'ok' ? now : provenAt, detail }
  }

  async #examine(): Promise<ProbeResult> {
    const { admit } = this.#options
    let found: Found
    try {
      found = await this.#search.look(PROBE_MS, this.#closing.signal)
    } catch (error) {
      if (!isOutage(error)) throw error
      return this.#judgeWithoutWriter(error)
    }
    const { url } = found
    // Other pools, and admitted anew: it is another server.
    if (found.hasMoved) this.#follow(url)
    this.#warn(found.warning)
    if (admit && (this.#isAway || !this.#isAdmitted)) {
      try {
        await admit(url)
        this.#isAdmitted = true
      } catch (error) {
        if (!isOutage(error)) throw error
        return judgeUnasked({ url, deadlineMs: PROBE_MS, error })
      }
    }
    return probe({
      url,
      name: this.#beat,
      deadlineMs: PROBE_MS,
      signal: this.#closing.signal,
      arePooledFine: () => this.#arePooledFine(),
    })
  }

  /** Nobody takes writes; connections from before may answer all the same, while no new ones can be made. */
  async #judgeWithoutWriter(error: unknown): Promise<ProbeResult> {
    const arePooledFine = await this.#arePooledFine()
    return judgeAbsence({ step: 'connect', error, acceptsTcp: false, arePooledFine })
  }

  #follow(url: string): void {
    this.#isAdmitted = false
    if (this.#isAway) return
    this.#goAway(`${addressOf(url)} takes the writes now`)
  }

  /** Told once, not with every probe. */
  #warn(warning: string | undefined): void {
    if (warning !== undefined && warning !== this.#warning)
      this.#options.log.error({ warning }, 'more than one database')
    this.#warning = warning
  }

  async #arePooledFine(): Promise<boolean> {
    return (await Promise.all(this.#pooledAnswers())).includes(true)
  }

  #pooledAnswers(): Promise<boolean>[] {
    return [...this.#pools.values()].map((pool) => pool.answers(PROBE_MS))
  }
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message}${cause}`
}
