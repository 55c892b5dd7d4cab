import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { type ConnectionPool, openConnectionPool, type PoolLimits } from './connection-pool.ts'
import type { Database } from './database.ts'
import { DatabaseOutage, isOutage } from './outage.ts'
import { absence, type ProbeResult, probe } from './probe.ts'

/**
 * Pools are small and one per purpose: what people wait for is never behind what runs by itself, and the probe is
 * behind neither (Clerk 2026-03-10: the resilience code starved on the same saturated resources).
 */
const purposes = {
  request: { size: 8, acquireMs: 750, queryMs: 1000, transactionMs: 2500 },
  background: { size: 3, acquireMs: 1500, queryMs: 4000, transactionMs: 8000 },
} satisfies Record<string, PoolLimits>
export type Purpose = keyof typeof purposes

/** Three in a row, over all pools: one slow row or one restarted connection is not an outage. */
const MISSES_TO_OPEN = 3
const PROBE_MS = 1000
/** While all is well. design §7 */
const PROBE_EVERY_MS = 2000
/** While away: "all is well within 2 s after it returns" leaves room for four tries. */
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
  /** True while calls are refused at once instead of being tried. */
  isAway(): boolean
  /** Called on every change between away and back, after the fact. */
  onChange(listener: (isAway: boolean) => void): void
  /** One probe now; what `main` waits for at start, at most its deadline. */
  probeNow(): Promise<ProbeResult>
}

export interface DatabaseServerOptions {
  url: string
  name: string
  clock: Clock
  log: Logger
  /**
   * Run before the first use, and each time the database is back: it reads the stamp, and throws an outage when it could
   * not. What else it throws means that the store is not ours, and goes to `onRefused`.
   */
  admit?(): Promise<void>
  onRefused?(error: unknown): void
}

/**
 * One PostgreSQL server as seen from this process: its pools, and a breaker over them. The breaker opens on what
 * callers met, throws the pools away, and closes only when a probe has *committed* on a fresh connection; a stopped
 * postmaster or stalled storage answers `select 1` for hours (events.md §3.4).
 */
export function openDatabaseServer(options: DatabaseServerOptions): DatabaseServer {
  const { clock, log } = options
  let pools = new Map<Purpose, ConnectionPool>()
  let isAway = false
  let misses = 0
  let isClosed = false
  let isAdmitted = false
  let timer: NodeJS.Timeout | undefined
  let health: Health = { state: 'unknown', since: clock.now(), provenAt: null, detail: 'not tried yet' }
  const listeners: ((isAway: boolean) => void)[] = []

  function poolFor(purpose: Purpose): ConnectionPool {
    const known = pools.get(purpose)
    if (known) return known
    const pool = openConnectionPool({
      url: options.url,
      name: `${options.name} ${purpose}`,
      limits: purposes[purpose],
      onAnswer: () => {
        misses = 0
      },
      onOutage: (error) => {
        misses += 1
        if (misses >= MISSES_TO_OPEN && pools.get(purpose) === pool) open(error)
      },
    })
    pools.set(purpose, pool)
    return pool
  }

  function open(error: unknown): void {
    if (isAway || isClosed) return
    isAway = true
    const thrown = pools
    pools = new Map()
    for (const pool of thrown.values()) pool.destroy()
    log.warn(
      { reason: error instanceof Error ? describe(error) : 'unknown' },
      'the database is away; going on without it',
    )
    tell()
    schedule(0)
  }

  function close(): void {
    isAway = false
    misses = 0
    for (const purpose of Object.keys(purposes) as Purpose[]) void poolFor(purpose).warm()
    log.info({}, 'the database is back')
    tell()
  }

  function tell(): void {
    for (const listener of listeners) listener(isAway)
  }

  function schedule(delayMs: number): void {
    clearTimeout(timer)
    if (isClosed) return
    timer = setTimeout(() => round().catch((error) => options.onRefused?.(error)), delayMs)
    timer.unref()
  }

  async function examine(): Promise<ProbeResult> {
    if (isAway || !isAdmitted) {
      try {
        await options.admit?.()
        isAdmitted = true
      } catch (error) {
        if (!isOutage(error)) throw error
        return absence({ url: options.url, deadlineMs: PROBE_MS, error })
      }
    }
    return probe({
      url: options.url,
      name: options.name,
      deadlineMs: PROBE_MS,
      pooled: isAway ? undefined : pools.get('background'),
    })
  }

  async function round(): Promise<ProbeResult> {
    const result = await examine()
    if (isClosed) return result
    note(result)
    if (result.state === 'ok' && isAway) close()
    // Pooled connections that still answer are worth keeping: then only new ones hang, and nobody needs one.
    if (result.state !== 'ok' && !isAway && !result.arePooledFine) {
      misses += 1
      if (misses >= MISSES_TO_OPEN) open(new Error(result.detail))
    }
    schedule(isAway ? PROBE_AWAY_EVERY_MS : PROBE_EVERY_MS)
    return result
  }

  function note(result: ProbeResult): void {
    const now = clock.now()
    const changed = result.state !== health.state || health.provenAt === null
    health = {
      state: result.state,
      since: changed ? now : health.since,
      provenAt: result.state === 'ok' ? now : health.provenAt,
      detail: result.detail,
    }
  }

  const refuseWhileAway = () => {
    throw new DatabaseOutage('failed', `the database has not answered since ${health.since.toISOString()}`)
  }

  return {
    database(purpose) {
      const current = () => (isAway ? refuseWhileAway() : poolFor(purpose)) as ConnectionPool
      return {
        many: async (statement) => current().many(statement),
        maybe: async (statement) => current().maybe(statement),
        one: async (statement) => current().one(statement),
        run: async (statement) => current().run(statement),
        transaction: async (work) => current().transaction(work),
      }
    },
    health: () => (isAway && health.state === 'ok' ? { ...health, state: 'unknown', detail: 'not answering' } : health),
    isAway: () => isAway,
    onChange: (listener) => listeners.push(listener),
    async probeNow() {
      const result = await round()
      if (result.state !== 'ok') open(new Error(result.detail))
      else await Promise.all((Object.keys(purposes) as Purpose[]).map((purpose) => poolFor(purpose).warm()))
      return result
    },
    async [Symbol.asyncDispose]() {
      isClosed = true
      clearTimeout(timer)
      for (const pool of pools.values()) pool.destroy()
    },
  }
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message}${cause}`
}
