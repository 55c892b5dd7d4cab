import type { EvaluationContext, JsonValue, Provider, ResolutionDetails } from '@openfeature/web-sdk'
import { personIn } from './flags/signed-answers.ts'
import { readPin, sayFirstContact } from './flags/trust.ts'
import type { KeyValueStorage } from './flags/web/answers-store.ts'
import {
  type Asked,
  type Asking,
  askFlags,
  type Evaluated,
  type Evaluations,
  type Offered,
} from './flags/web/ask-flags.ts'
import { ChangeStream, type OpenEventStream } from './flags/web/change-stream.ts'
import type { Refused } from './flags/web/judge-answers.ts'
import { LastKnown } from './flags/web/last-known.ts'
import { type Page, watchPage } from './flags/web/page-visibility.ts'
import { PROVIDER, ProviderEventList } from './provider-events.ts'
import type { OnProblem } from './stamp.ts'

export interface HoldfastWebOptions {
  /** Where access is: `https://id.acme.example`. */
  url: string
  /** A browser token, `hf_<environment>_browser_…`: public, and good for nothing but evaluations from its origins. */
  token: string
  /** Where last known answers are kept; `localStorage` when left out, `null` for nowhere. */
  storage?: KeyValueStorage | null
  /**
   * The fingerprint of the root key, from `holdfast flags trust`: only what is signed under it is kept, and given with access
   * away. Left out: the root of the first contact is trusted, and lies in the storage as well.
   */
  trust?: string
  /** Told what was not kept or not given, and why; the console of the browser when left out. */
  onProblem?: OnProblem
  /** How long access has to answer; 5 s when left out. */
  timeoutMs?: number
  /** Instead of the global ones. */
  fetch?: typeof fetch
  eventStream?: OpenEventStream
  page?: Page
}

/** What a page is answered from, and how that is known. */
export interface WebFlagsStatus {
  /** Of what was evaluated, `e3.s1893`; null: there are no answers, or they come without. */
  seq: string | null
  /** `live`: access has answered this page; `storage`: an earlier visit was answered so; `none`: your own defaults count. */
  source: 'live' | 'storage' | 'none'
  /** Answers stay as they are, and may be outdated. */
  isStale: boolean
  /** In one sentence; null: it is not stale. */
  because: string | null
  /** What was refused, to be kept or to be given, and why; null: what was last looked at was good. */
  fault: { code: string; detail: string } | null
  /** The root key that is trusted. Not pinned: it was taken from the first contact; set `trust` to it. */
  trust: { fingerprint: string | null; pinned: boolean }
}

const TIMEOUT_MS = 5_000
const BACK_OFF_FIRST_MS = 1_000
const BACK_OFF_MAX_MS = 60_000
const NOT_REACHED = 'Holdfast has not been reached yet.'
/** Only where changes are not announced. */
const POLL_MS = 60_000

/**
 * An OpenFeature provider for browsers: access evaluates, and this keeps the answers, with its signature. No rule and no
 * other user's answer ever comes here. With access away, the last known answers of this browser go on with the reason
 * `CACHED`, however old they are, and the provider is STALE; with none, or none that access signed for this person, it is in
 * ERROR, and your own defaults count.
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
  #source: WebFlagsStatus['source'] = 'none'
  #because: string | null = NOT_REACHED
  #fault: Refused | null = null
  readonly #isPinned: boolean
  readonly #onProblem: OnProblem
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
    const pin = readPin(options.trust)
    const url = options.url.replace(/\/+$/, '')
    // Bound: a browser's own fetch takes no other `this`.
    this.#asking = { url, token, timeoutMs, fetch: options.fetch ?? ((...asked) => fetch(...asked)) }
    this.#lastKnown = new LastKnown({
      storage: options.storage === undefined ? ownStorage() : (options.storage ?? undefined),
      ...{ url, token, pin },
    })
    this.#isPinned = pin !== undefined
    this.#onProblem = options.onProblem ?? ((sentence) => console.warn(sentence))
    this.#stream = new ChangeStream({
      open: options.eventStream ?? ownEventStream(),
      onChange: (because) => this.#refetch({ because }),
      onLost: (failures) => this.#planIn(backOffMs(failures - 1)),
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

  flagsStatus(): WebFlagsStatus {
    const { fault, detail } = this.#fault ?? {}
    return {
      ...{ seq: this.#evaluations?.number ?? null, source: this.#source },
      ...{ isStale: !this.#isConfirmed, because: this.#isConfirmed ? null : this.#because },
      fault: fault !== undefined && detail !== undefined ? { code: fault, detail } : null,
      trust: { fingerprint: this.#lastKnown.fingerprint, pinned: this.#isPinned },
    }
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
      this.#take(asked)
      return
    }
    const read = await this.#lastKnown.read(personIn(context))
    if (round !== this.#round) return
    const kept = read.outcome === 'known' ? read.evaluations : undefined
    this.#evaluations = kept
    this.#answers = answersIn(kept)
    this.#isConfirmed = false
    this.#source = kept ? 'storage' : 'none'
    const away = asked.outcome === 'same' ? NOT_REACHED : asked.because
    this.#because = read.outcome === 'refused' ? `${away} ${sayRefused(read)}` : away
    this.#note(read.outcome === 'refused' ? read : null, sayRefused)
    this.#plan()
    const message = this.#because
    if (!kept) throw Object.assign(new Error(message), { code: 'PROVIDER_NOT_READY' })
    // OpenFeature calls READY whoever comes back from here; what is not so is said right after it.
    setTimeout(() => this.#list.emit(PROVIDER.stale, { message }))
  }

  async #ask({ etag, because }: { etag: string | undefined; because?: Record<string, unknown> | undefined }) {
    const { signal } = this.#closing
    const keys = await this.#lastKnown.keys()
    return askFlags(this.#asking, { context: this.#context, etag, keys, because, signal })
  }

  #take({ evaluations, stream, offered }: Extract<Asked, { outcome: 'answered' }>): void {
    this.#evaluations = evaluations
    this.#answers = answersIn(evaluations)
    this.#isConfirmed = true
    this.#source = 'live'
    this.#failures = 0
    this.#inactivityMs = stream?.inactivityMs ?? 0
    if (!this.#isLeft) this.#stream.listen(stream?.url)
    this.#plan()
    void this.#keep(offered)
  }

  /** What cannot be kept is an answer all the same: it came from access itself. */
  async #keep(offered: Offered): Promise<void> {
    const kept = await this.#lastKnown.keep(personIn(this.#context), offered)
    if (kept.outcome === 'none') return
    this.#note(kept.outcome === 'refused' ? kept : null, sayNotKept)
    const { fingerprint } = this.#lastKnown
    if (kept.outcome === 'kept' && kept.isFirstContact && fingerprint) this.#onProblem(sayFirstContact(fingerprint))
  }

  /** Said once, until it is another or good again. Of a process of access that lags behind nobody has to hear. */
  #note(refused: Refused | null, say: (refused: Refused) => string): void {
    const isNew = refused !== null && refused.fault !== this.#fault?.fault && refused.fault !== 'older'
    this.#fault = refused
    if (isNew) this.#onProblem(`holdfast: ${say(refused)}`)
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
    if (asked.outcome === 'answered') this.#take(asked)
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
    this.#because = message
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
    if (this.#isConfirmed && this.#stream.isSound) return
    this.#planIn(this.#isConfirmed ? POLL_MS : backOffMs(this.#failures))
  }

  /** Half of it by chance: a hundred thousand browsers do not come back together. */
  #planIn(mostMs: number): void {
    clearTimeout(this.#timer)
    if (this.#closing.signal.aborted || this.#isLeft) return
    const waitMs = mostMs / 2 + (Math.random() * mostMs) / 2
    this.#timer = setTimeout(() => this.#refetch({ isFull: !this.#stream.isOpen }), waitMs)
    const timer: { unref?: () => void } = this.#timer as never
    timer.unref?.()
  }

  #resolve<Value>(key: string, fallback: Value): ResolutionDetails<Value> {
    const answer = this.#answers.get(key)
    if (!answer) {
      return this.#evaluations
        ? failure(fallback, 'FLAG_NOT_FOUND', `There is no flag ${key} for browsers.`)
        : failure(fallback, 'PROVIDER_NOT_READY', `${this.#because ?? NOT_REACHED} Nothing is known from before.`)
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

const sayRefused = ({ fault, detail }: Refused) => `What was kept here is refused (${fault}). ${detail}`
const sayNotKept = ({ fault, detail }: Refused) => `Answers are not kept (${fault}). ${detail}`

const backOffMs = (failures: number) => Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** Math.min(failures, 10))

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
