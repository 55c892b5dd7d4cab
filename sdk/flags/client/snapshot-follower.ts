import { type Fetched, type FetchOptions, fetchSnapshot } from './fetch-snapshot.ts'

export interface FollowerOptions extends FetchOptions {
  /** The digest of what was applied last, and of nothing else: an ETag kept too early is a 304 for ever. */
  etag(): string | undefined
  /** True: what came was taken, or is what we have. False: it is worth asking again, in a while. */
  onFetched(fetched: Fetched): boolean
}

/** Clients that hear of a number together do not all ask in the same millisecond. */
const SPREAD_MS = 30
const BACK_OFF_FIRST_MS = 250
const BACK_OFF_MAX_MS = 30_000
/** An announcement may be lost, and the feed may be of an access that has none: asked without being told. */
const POLL_MS = 60_000
/** As many at once as somebody changes flags in a row; afterwards one a second, however often access announces. */
const BUDGET = 20
const BUDGET_EVERY_MS = 1_000

/**
 * Fetches the newest snapshot: when told to, one at a time, within a budget, with a jittered back-off while it fails, and
 * once a minute for whatever it was not told.
 */
export class SnapshotFollower {
  readonly #options: FollowerOptions
  readonly #closing = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #dueMs = Number.POSITIVE_INFINITY
  #fetching: Promise<void> | undefined
  #isWantedAgain = false
  #failures = 0
  #budget = BUDGET
  #budgetMs = performance.now()

  constructor(options: FollowerOptions) {
    this.#options = options
  }

  /** There is something newer, or there may be. */
  want(): void {
    if (this.#fetching) this.#isWantedAgain = true
    else this.#at(Math.random() * SPREAD_MS)
  }

  /** Access was seen to be back, or anew: nobody waits out a back-off. */
  wantNow(): void {
    this.#failures = 0
    this.want()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('closed'))
    clearTimeout(this.#timer)
    await this.#fetching
  }

  /** The earlier of what is planned and this. */
  #at(waitMs: number): void {
    if (this.#closing.signal.aborted) return
    const dueMs = performance.now() + Math.max(waitMs, this.#overdrawnMs())
    if (dueMs >= this.#dueMs) return
    clearTimeout(this.#timer)
    this.#dueMs = dueMs
    this.#timer = setTimeout(() => this.#start(), dueMs - performance.now()).unref()
  }

  #start(): void {
    this.#dueMs = Number.POSITIVE_INFINITY
    if (this.#fetching) return
    this.#budget -= 1
    this.#fetching = this.#fetch()
  }

  async #fetch(): Promise<void> {
    const fetched = await fetchSnapshot(this.#options, {
      etag: this.#options.etag(),
      signal: this.#closing.signal,
    })
    this.#fetching = undefined
    if (this.#closing.signal.aborted) return
    const isDone = this.#options.onFetched(fetched)
    this.#failures = isDone ? 0 : this.#failures + 1
    const retryAfterMs = fetched.outcome === 'away' ? fetched.retryAfterMs : 0
    this.#at(isDone ? POLL_MS / 2 + (Math.random() * POLL_MS) / 2 : Math.max(retryAfterMs, this.#backOffMs()))
    if (this.#isWantedAgain && isDone) this.want()
    this.#isWantedAgain = false
  }

  #backOffMs(): number {
    const most = Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** Math.min(this.#failures - 1, 10))
    return most / 2 + (Math.random() * most) / 2
  }

  /** How long until the budget has room for one more. */
  #overdrawnMs(): number {
    const nowMs = performance.now()
    this.#budget = Math.min(BUDGET, this.#budget + (nowMs - this.#budgetMs) / BUDGET_EVERY_MS)
    this.#budgetMs = nowMs
    return this.#budget >= 1 ? 0 : (1 - this.#budget) * BUDGET_EVERY_MS
  }
}
