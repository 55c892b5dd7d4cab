import { hostname } from 'node:os'
import type { SessionAnswer, Source } from './contract.ts'
import { readBody } from './read-body.ts'

/** What was answered within one minute, as access takes it. */
interface Minute {
  minute: string
  counts: Record<string, number>
  lag_ms: number | null
  away_ms: number
}

export interface ReportOptions {
  url: string
  key: string
  fetch: typeof fetch
  now(): number
  /** Age of what is known of revocations; null: not known. */
  lagMs(): number | null
  /** Whether access is known to be away. */
  isAway(): boolean
  /** What an operator knows this process by; host and process id when left out. */
  instance?: string | undefined
}

const MINUTE_MS = 60_000
/** The lag and access's absence are looked at this often. */
const SAMPLE_MS = 5_000
/** Kept while access is away; older minutes go first. */
const MINUTES_MAX = 60
/** A body stays far below the 64 KiB that access takes. */
const MINUTES_AT_ONCE = 20
/** Kinds of answers there are, three times over; more can only be a bug. */
const KINDS_MAX = 80
const SEND_MS = 5_000
/** Not put together each time: it is nearly every answer. */
const VALID: Record<Source, string> = {
  database: 'valid//database',
  cache: 'valid//cache',
  proof: 'valid//proof',
  grace: 'valid//grace',
}
const ANSWER_BYTES_MAX = 16 * 1024

/**
 * Counts what this process answers, and tells access once a minute in the background, so that support can say what an app
 * said in the hour in which somebody was signed out. Numbers only: no person, no session, no address. Never waited for;
 * what cannot be told is kept for an hour, and told when access is back.
 */
export class VerdictReports {
  readonly #options: ReportOptions
  readonly #instance: string
  readonly #minutes = new Map<number, Minute>()
  readonly #closing = new AbortController()
  readonly #timer: NodeJS.Timeout
  #sending: Promise<void> | undefined
  #sampledMs: number
  #notBeforeMs = 0

  constructor(options: ReportOptions) {
    this.#options = options
    this.#instance = instanceOf(options.instance)
    this.#sampledMs = options.now()
    this.#timer = setInterval(() => this.sample(), SAMPLE_MS).unref()
  }

  /** How many minutes access was not told yet. */
  get waiting(): number {
    return this.#minutes.size
  }

  count(answer: SessionAnswer): void {
    const kind =
      answer.verdict === 'valid' ? VALID[answer.source] : `${answer.verdict}/${answer.reason}/${answer.source ?? ''}`
    const { counts } = this.#minute()
    if (counts[kind] === undefined && Object.keys(counts).length >= KINDS_MAX) return
    counts[kind] = (counts[kind] ?? 0) + 1
  }

  /** Notes lag and absence, and sends what is over. */
  sample(): void {
    const now = this.#options.now()
    const minute = this.#minute()
    const lag = this.#options.lagMs()
    if (lag !== null) minute.lag_ms = Math.max(minute.lag_ms ?? 0, Math.round(lag))
    const sinceMs = Math.min(SAMPLE_MS * 2, Math.max(0, now - this.#sampledMs))
    if (this.#options.isAway()) minute.away_ms = Math.min(MINUTE_MS, Math.round(minute.away_ms + sinceMs))
    this.#sampledMs = now
    if (!this.#options.isAway() && now >= this.#notBeforeMs) void this.send()
  }

  /** Tells access the minutes that are over. Never throws. */
  send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    this.#closing.abort(new Error('closed'))
    await this.#sending
  }

  #minute(): Minute {
    const startMs = Math.floor(this.#options.now() / MINUTE_MS) * MINUTE_MS
    const known = this.#minutes.get(startMs)
    if (known) return known
    const minute: Minute = { minute: new Date(startMs).toISOString(), counts: {}, lag_ms: null, away_ms: 0 }
    this.#minutes.set(startMs, minute)
    if (this.#minutes.size > MINUTES_MAX) this.#minutes.delete(this.#minutes.keys().next().value!)
    return minute
  }

  async #sendAll(): Promise<void> {
    const current = Math.floor(this.#options.now() / MINUTE_MS) * MINUTE_MS
    const over = [...this.#minutes].filter(([startMs]) => startMs < current)
    if (over.length === 0) return
    this.#notBeforeMs = this.#options.now() + MINUTE_MS
    for (let index = 0; index < over.length && !this.#closing.signal.aborted; index += MINUTES_AT_ONCE) {
      const portion = over.slice(index, index + MINUTES_AT_ONCE)
      if (!(await this.#post(portion.map(([, minute]) => minute)))) return
      for (const [startMs] of portion) this.#minutes.delete(startMs)
    }
  }

  /** False: it is worth another try. */
  async #post(minutes: Minute[]): Promise<boolean> {
    const { url, key, fetch: fetcher } = this.#options
    try {
      const response = await fetcher(`${url}/v1/verifier-reports`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ instance: this.#instance, minutes }),
        redirect: 'manual',
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(SEND_MS)]),
      })
      await readBody(response.body, ANSWER_BYTES_MAX)
      // An access of before 0.2 knows nothing of reports, and one that refuses them will again: nobody keeps them for that.
      return response.status < 500 && response.status !== 429
    } catch {
      return false
    }
  }
}

/** What an operator knows a process by, in letters that any list can show. */
export function instanceOf(named: string = `${hostname()}:${process.pid}`): string {
  return named.replace(/[^\w.:-]/g, '-').slice(0, 64)
}
