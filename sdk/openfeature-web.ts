import type { EvaluationContext, JsonValue, Provider, ResolutionDetails } from '@openfeature/web-sdk'
import { type Asking, askFlags, type Evaluated, type Evaluations, type Stream } from './flags/web/ask-flags.ts'
import { ChangeStream, type OpenEventStream } from './flags/web/change-stream.ts'
import { type KeyValueStorage, LastKnown } from './flags/web/last-known.ts'
import { type Page, watchPage } from './flags/web/page-visibility.ts'
import { PROVIDER, ProviderEventList } from './provider-events.ts'

export interface HoldfastWebOptions {
  /** Where access is: `https://id.acme.example`. */
  url: string
  /** A browser token, `hf_<environment>_browser_…`: public, and good for nothing but evaluations from its origins. */
  token: string
  /** Where last known answers are kept; `localStorage` when left out, `null` for nowhere. */
  storage?: KeyValueStorage | null
  /** How long access has to answer; 5 s when left out. */
  timeoutMs?: number
  /** Instead of the global ones. */
  fetch?: typeof fetch
  eventStream?: OpenEventStream
  page?: Page
}

const TIMEOUT_MS = 5_000
const BACK_OFF_FIRST_MS = 1_000
const BACK_OFF_MAX_MS = 60_000
/** Only where changes are not announced. */
const POLL_MS = 60_000

/**
 * An OpenFeature provider for browsers: access evaluates, and this keeps the answers. No rule and no other user's answer
 * ever comes here. With access away, the last known answers of this browser go on with the reason `CACHED`, however old
 * they are, and the provider is STALE; with none, it is in ERROR, and your own defaults count.
 *
 * @example
 * ```ts
 * import { HoldfastWebProvider } from '@holdfast/sdk/openfeature-web'
 * import { OpenFeature } from '@openfeature/web-sdk'
 *
 * const provider = new HoldfastWebProvider({ url: process.env.HOLDFAST_URL!, token: 'hf_production_browser_…' })
 * await OpenFeature.setContext({ targetingKey: 'usr_1', plan: 'pro' })
 * OpenFeature.setProvider(provider)
 * console.log(OpenFeature.getClient().getBooleanValue('new-view', false)) // false
 * await OpenFeature.close()
 * ```
 */
export class HoldfastWebProvider implements Provider {
  readonly metadata = { name: 'holdfast-web' } as const
  readonly runsOn = 'client'
  readonly events: NonNullable<Provider['events']>
  readonly #list = new ProviderEventList()
  readonly #asking: Asking
  readonly #lastKnown: LastKnown
  readonly #stream: ChangeStream
  readonly #closing = new AbortController()
  #context: EvaluationContext = {}
  /** Grows with each context: an answer for the one before is nobody's any more. */
  #round = 0
  #evaluations: Evaluations | undefined
  #answers = new Map<string, Evaluated>()
  /** Access itself has said so, and has not been away since. */
  #isConfirmed = false
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #refetching: Promise<void> | undefined
  #isWantedAgain = false
  /** Nobody looks at the page: nothing is asked until somebody does. */
  #isLeft = false
  #inactivityMs = 0
  readonly #endWatch: () => void

  constructor(options: HoldfastWebOptions) {
    const { token, timeoutMs = TIMEOUT_MS } = options
    const url = options.url.replace(/\/+$/, '')
    // Bound: a browser's own fetch takes no other `this`.
    this.#asking = { url, token, timeoutMs, fetch: options.fetch ?? ((...asked) => fetch(...asked)) }
    this.#lastKnown = new LastKnown({
      storage: options.storage === undefined ? ownStorage() : (options.storage ?? undefined),
      url,
      token,
    })
    this.#stream = new ChangeStream({
      open: options.eventStream ?? ownEventStream(),
      onChange: (because) => this.#refetch({ because }),
      onGap: () => this.#refetch({ isFull: true }),
    })
    this.#endWatch = watchPage({
      page: options.page ?? (globalThis as { document?: Page }).document,
      hiddenMs: () => this.#inactivityMs,
      onLeft: () => this.#onLeft(),
      onBack: () => this.#onBack(),
    })
    this.events = this.#list as unknown as NonNullable<Provider['events']>
  }

  initialize(context: EvaluationContext = {}): Promise<void> {
    return this.#begin(context)
  }

  onContextChange(_before: EvaluationContext, context: EvaluationContext): Promise<void> {
    return this.#begin(context)
  }

  async onClose(): Promise<void> {
    this.#closing.abort(new Error('closed'))
    clearTimeout(this.#timer)
    this.#endWatch()
    this.#stream.close()
    await this.#refetching
  }

  resolveBooleanEvaluation(key: string, fallback: boolean): ResolutionDetails<boolean> {
    return this.#resolve(key, fallback)
  }

  resolveStringEvaluation(key: string, fallback: string): ResolutionDetails<string> {
    return this.#resolve(key, fallback)
  }

  resolveNumberEvaluation(key: string, fallback: number): ResolutionDetails<number> {
    return this.#resolve(key, fallback)
  }

  resolveObjectEvaluation<Value extends JsonValue>(key: string, fallback: Value): ResolutionDetails<Value> {
    return this.#resolve(key, fallback)
  }

  /** Of access, or else as they were last known about the same person; with neither, it throws. */
  async #begin(context: EvaluationContext): Promise<void> {
    const round = ++this.#round
    this.#context = context
    const asked = await this.#ask({ etag: undefined })
    if (round !== this.#round || this.#closing.signal.aborted) return
    if (asked.outcome === 'answered') {
      this.#take(asked.evaluations, asked.stream)
      return
    }
    const kept = await this.#lastKnown.read(targetingKeyOf(context))
    if (round !== this.#round) return
    this.#evaluations = kept
    this.#answers = answersIn(kept)
    this.#isConfirmed = false
    this.#plan()
    const because = asked.outcome === 'same' ? 'Holdfast said nothing.' : asked.because
    if (!kept) throw Object.assign(new Error(because), { code: 'PROVIDER_NOT_READY' })
    // OpenFeature calls READY whoever comes back from here; what is not so is said right after it.
    setTimeout(() => this.#list.emit(PROVIDER.stale, { message: because }))
  }

  #ask({ etag, because }: { etag: string | undefined; because?: Record<string, unknown> | undefined }) {
    const { signal } = this.#closing
    return askFlags(this.#asking, { context: this.#context, etag, because, signal })
  }

  #take(evaluations: Evaluations, stream: Stream | undefined): void {
    this.#evaluations = evaluations
    this.#answers = answersIn(evaluations)
    this.#isConfirmed = true
    this.#failures = 0
    this.#inactivityMs = stream?.inactivityMs ?? 0
    if (!this.#isLeft) this.#stream.listen(stream?.url)
    this.#plan()
    void this.#lastKnown.keep(targetingKeyOf(this.#context), evaluations)
  }

  /** One at a time; what is wanted meanwhile is asked once more. `isFull`: not modified is no answer. */
  #refetch(why: { because?: Record<string, unknown>; isFull?: boolean }): void {
    if (this.#closing.signal.aborted) return
    if (this.#refetching) {
      this.#isWantedAgain = true
      return
    }
    clearTimeout(this.#timer)
    this.#refetching = this.#refetchOnce(why).finally(() => {
      this.#refetching = undefined
      if (!this.#isWantedAgain) return
      this.#isWantedAgain = false
      this.#refetch({ isFull: true })
    })
  }

  async #refetchOnce({
    because,
    isFull = false,
  }: {
    because?: Record<string, unknown>
    isFull?: boolean
  }): Promise<void> {
    const round = this.#round
    const etag = isFull ? undefined : (this.#evaluations?.etag ?? undefined)
    const asked = await this.#ask({ etag, because })
    if (round !== this.#round || this.#closing.signal.aborted) return
    if (asked.outcome === 'away' || asked.outcome === 'refused') return this.#onAway(asked)
    const wasConfirmed = this.#isConfirmed
    const before = this.#answers
    if (asked.outcome === 'answered') this.#take(asked.evaluations, asked.stream)
    this.#isConfirmed = true
    this.#failures = 0
    this.#plan()
    const flagsChanged = changesBetween(before, this.#answers)
    if (!wasConfirmed) this.#list.emit(PROVIDER.ready)
    if (flagsChanged.length > 0) this.#list.emit(PROVIDER.changed, { flagsChanged })
  }

  /** Answers stay. Said once, and asked again with growing patience. */
  #onAway({ outcome, because: message }: { outcome: 'away' | 'refused'; because: string }): void {
    const wasConfirmed = this.#isConfirmed
    this.#isConfirmed = false
    this.#failures += 1
    this.#plan()
    if (wasConfirmed || (outcome === 'refused' && this.#failures === 1)) this.#list.emit(PROVIDER.stale, { message })
  }

  #onLeft(): void {
    this.#isLeft = true
    this.#stream.close()
    clearTimeout(this.#timer)
  }

  #onBack(): void {
    this.#isLeft = false
    this.#refetch({ isFull: true })
  }

  #plan(): void {
    clearTimeout(this.#timer)
    if (this.#closing.signal.aborted || this.#isLeft || (this.#isConfirmed && this.#stream.isOpen)) return
    const backOffMs = Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** Math.min(this.#failures, 10))
    const most = this.#isConfirmed ? POLL_MS : backOffMs
    // Half of it by chance: a hundred thousand browsers do not come back together.
    const waitMs = most / 2 + (Math.random() * most) / 2
    this.#timer = setTimeout(() => this.#refetch({ isFull: !this.#stream.isOpen }), waitMs)
    const timer: { unref?: () => void } = this.#timer as never
    timer.unref?.()
  }

  #resolve<Value>(key: string, fallback: Value): ResolutionDetails<Value> {
    const answer = this.#answers.get(key)
    if (!answer) {
      return this.#evaluations
        ? failure(fallback, 'FLAG_NOT_FOUND', `There is no flag ${key} for browsers.`)
        : failure(
            fallback,
            'PROVIDER_NOT_READY',
            'Holdfast has not been reached yet, and nothing is known from before.',
          )
    }
    if (answer.errorCode !== undefined) return failure(fallback, answer.errorCode, answer.errorDetails ?? '')
    const { value, variant, metadata } = answer
    if (value !== undefined && typeof value !== typeof fallback)
      return failure(fallback, 'TYPE_MISMATCH', `The value of flag ${key} is a ${typeof value}.`)
    return {
      value: value === undefined ? fallback : (value as Value),
      reason: this.#isConfirmed ? (answer.reason ?? 'UNKNOWN') : 'CACHED',
      ...(variant !== undefined && { variant }),
      ...(metadata && { flagMetadata: metadata }),
    }
  }
}

const targetingKeyOf = ({ targetingKey }: EvaluationContext) => targetingKey ?? ''

const answersIn = (evaluations: Evaluations | undefined) =>
  new Map((evaluations?.flags ?? []).map((flag) => [flag.key, flag]))

function changesBetween(before: Map<string, Evaluated>, after: Map<string, Evaluated>): string[] {
  const keys = new Set([...before.keys(), ...after.keys()])
  return [...keys].filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)))
}

function failure<Value>(value: Value, code: string, errorMessage: string): ResolutionDetails<Value> {
  return { value, reason: 'ERROR', errorCode: code as ResolutionDetails<Value>['errorCode'], errorMessage }
}

/** Undefined in private modes that forbid it, and outside browsers. */
function ownStorage(): KeyValueStorage | undefined {
  try {
    return (globalThis as { window?: unknown; localStorage?: KeyValueStorage }).window
      ? (globalThis as { localStorage?: KeyValueStorage }).localStorage
      : undefined
  } catch {
    return undefined
  }
}

function ownEventStream(): OpenEventStream | undefined {
  const { EventSource: Own } = globalThis as { EventSource?: new (url: string) => unknown }
  return Own && ((url) => new Own(url) as ReturnType<OpenEventStream>)
}
