import { type FeedEvent, SYNC_INTERVAL_MS, type SyncEvent } from './contract.ts'
import { readEvents } from './events.ts'
import { readBody } from './read-body.ts'

export interface FeedOptions {
  url: string
  /** The application key, sent as a bearer token. */
  key: string
  fetch: typeof fetch
  /** What to read on after. */
  seq(): number
  /** Wall clock, milliseconds since 1970: what access says is held against it. */
  now(): number
  onEvent(event: FeedEvent): void
  /** Access answered and the stream is open. */
  onOpen(): void
  /** The stream ended, or could not be opened. `refusal`: what access said to our key, for a person. */
  onLost(refusal: string | undefined): void
}

/** Access answers in milliseconds; this is for one that hangs. */
const OPEN_MS = 5_000
/** Silence for three beats is an end, whatever the socket says. */
const SILENCE_MAX_MS = 3 * SYNC_INTERVAL_MS
const BACK_OFF_FIRST_MS = 250
const BACK_OFF_MAX_MS = 5_000
const REFUSAL_BYTES_MAX = 16 * 1024
const REFUSAL_CHARACTERS_MAX = 300

/**
 * Reads revocations and keys from access for as long as it is open: resumes where it stopped, gives up on silence, and
 * comes back with a jittered back-off. `lagMs` says how old its knowledge is.
 */
export class Feed {
  readonly #options: FeedOptions
  readonly #closing = new AbortController()
  #lastSync: { ageMs: number; readMs: number } | undefined
  #attempts = 0
  #connection: AbortController | undefined
  #wake: () => void = () => {}
  readonly #ended: Promise<void>

  constructor(options: FeedOptions) {
    this.#options = options
    this.#ended = this.#run()
  }

  /** Age of what is known here of revocations, access's own included; null before access first said it. */
  get lagMs(): number | null {
    const sync = this.#lastSync
    return sync ? Math.round(sync.ageMs + performance.now() - sync.readMs) : null
  }

  /** Ends the wait for the next attempt: access was seen to be back. */
  reconnectNow(): void {
    this.#attempts = 0
    this.#wake()
  }

  /** Leaves the stream and opens it anew, after `seq` has changed. */
  restart(): void {
    this.#connection?.abort(new Error('read again'))
    this.reconnectNow()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('closed'))
    await this.#ended
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const refusal = await this.#readOnce()
      if (signal.aborted) return
      this.#options.onLost(refusal)
      await this.#wait()
    }
  }

  /** Reads until the stream ends; returns what access said when it refused us. */
  async #readOnce(): Promise<string | undefined> {
    const connection = new AbortController()
    this.#connection = connection
    const end = () => connection.abort(new Error('closed'))
    this.#closing.signal.addEventListener('abort', end, { once: true })
    let watchdog = setTimeout(() => connection.abort(new Error('no answer')), OPEN_MS).unref()
    try {
      const { url, key, seq } = this.#options
      const response = await this.#options.fetch(`${url}/v1/feed`, {
        headers: { accept: 'text/event-stream', authorization: `Bearer ${key}`, 'last-event-id': String(seq()) },
        redirect: 'manual',
        signal: connection.signal,
      })
      if (response.status !== 200 || !response.body) return await readRefusal(response)
      const beat = () => {
        clearTimeout(watchdog)
        watchdog = setTimeout(() => connection.abort(new Error('silent')), SILENCE_MAX_MS).unref()
      }
      beat()
      this.#options.onOpen()
      await this.#read(response.body, beat)
    } catch {
      // Whatever ended it, the answer is the same: say that it is lost, and come back.
    } finally {
      clearTimeout(watchdog)
      this.#closing.signal.removeEventListener('abort', end)
      connection.abort(new Error('ended'))
    }
    return undefined
  }

  async #read(body: ReadableStream<Uint8Array>, beat: () => void): Promise<void> {
    for await (const { event, data } of readEvents(body)) {
      // A name we do not know is a newer access, and none of our business.
      if (!isKnown(event)) continue
      const said = { event, data: JSON.parse(data) as unknown } as FeedEvent
      this.#options.onEvent(said)
      if (said.event !== 'sync') continue
      this.#note(said.data)
      beat()
    }
  }

  #note({ at }: SyncEvent): void {
    this.#attempts = 0
    const confirmedMs = Date.parse(at)
    // Access started in an outage and has not seen its database yet: it cannot say how old its log is, nor can we.
    if (!(confirmedMs > 0)) return
    this.#lastSync = { ageMs: Math.max(0, this.#options.now() - confirmedMs), readMs: performance.now() }
  }

  async #wait(): Promise<void> {
    const most = Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** this.#attempts)
    this.#attempts = Math.min(this.#attempts + 1, 10)
    // Half of it by chance: verifiers that lost access together do not come back together.
    const waitMs = most / 2 + (Math.random() * most) / 2
    const { signal } = this.#closing
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs).unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      signal.addEventListener('abort', this.#wake, { once: true })
      if (signal.aborted) this.#wake()
    })
    signal.removeEventListener('abort', this.#wake)
    this.#wake = () => {}
  }
}

const isKnown = (event: string): event is FeedEvent['event'] =>
  event === 'sync' ||
  event === 'revocation' ||
  event === 'deadline' ||
  event === 'keys' ||
  event === 'application' ||
  event === 'flags'

async function readRefusal(response: Response): Promise<string | undefined> {
  const body = await readBody(response.body, REFUSAL_BYTES_MAX)
  if (response.status < 400 || response.status >= 500 || !body) return undefined
  const { detail } = JSON.parse(body.toString()) as { detail?: unknown }
  return typeof detail === 'string' ? detail.slice(0, REFUSAL_CHARACTERS_MAX) : `HTTP ${response.status}`
}
