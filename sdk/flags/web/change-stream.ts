/** What of the browser's `EventSource` is used. */
export interface EventStream {
  readonly readyState: number
  onmessage: ((event: { data: string }) => void) | null
  onopen: (() => void) | null
  onerror: (() => void) | null
  close(): void
}
export type OpenEventStream = (url: string) => EventStream

export interface StreamOptions {
  open: OpenEventStream | undefined
  /** Something has changed; `because`: what the event said of it. */
  onChange(because: Record<string, unknown>): void
  /**
   * It broke off, and a browser tries again by itself, for ever, without a word about access; or it was refused, so many times
   * in a row: then only a new address helps. Either way it is worth asking, and not at once.
   */
  onLost(failures: number): void
  /** It was away and is back: what was announced meanwhile is not known. */
  onGap(): void
}

const CLOSED = 2

/** Hears that it is worth asking again. The address has a secret in it that runs out: a newer one takes its place. */
export class ChangeStream {
  readonly #options: StreamOptions
  #stream: EventStream | undefined
  /** Since it was open. */
  #failures = 0

  constructor(options: StreamOptions) {
    this.#options = options
  }

  get isOpen(): boolean {
    return this.#stream !== undefined && this.#stream.readyState !== CLOSED
  }

  /** Open or about to be, and not broken off since. */
  get isSound(): boolean {
    return this.isOpen && this.#failures === 0
  }

  /** Stays with a stream that is open, whatever a later answer says of its address. */
  listen(url: string | undefined): void {
    if (url === undefined || !this.#options.open || this.isOpen) return
    const stream = this.#options.open(url)
    this.#stream = stream
    stream.onmessage = ({ data }) => this.#onMessage(data)
    stream.onopen = () => {
      const hadFailed = this.#failures > 0
      this.#failures = 0
      if (hadFailed) this.#options.onGap()
    }
    stream.onerror = () => {
      this.#failures += 1
      if (this.#failures === 1 || stream.readyState === CLOSED) this.#options.onLost(this.#failures)
    }
  }

  close(): void {
    this.#stream?.close()
    this.#stream = undefined
  }

  #onMessage(data: string): void {
    try {
      const said = JSON.parse(data) as Record<string, unknown>
      if (said.type === 'refetchEvaluation') this.#options.onChange(said)
    } catch {
      // Another kind of event: a newer access may have some.
    }
  }
}
