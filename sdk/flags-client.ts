import type { FlagsEvent } from './contract.ts'
import type { FlagContext, FlagType, FlagValue } from './flags/definition.ts'
import { FlagAnswers } from './flags/client/flag-answers.ts'
import type { FlagDetails, FlagSource } from './flags/client/flag-details.ts'
import { FlagReports, type ReportedFault } from './flags/client/flag-reports.ts'
import type { Fetched } from './flags/client/fetch-snapshot.ts'
import { HeldFlags } from './flags/client/held-flags.ts'
import { type FlagEvents, Listeners } from './flags/client/listeners.ts'
import { SnapshotFollower } from './flags/client/snapshot-follower.ts'
import { sayNumber } from './flags/snapshot.ts'
import type { OnProblem } from './stamp.ts'

/** What the flags of this process are answered from, and how that is known. */
export interface FlagsStatus {
  /** The number of the snapshot, `e3.s1893`; null: there is none, and every answer is the caller's own. */
  seq: string | null
  source: FlagSource
  /** Since access last confirmed that number as the newest; null: that is not known. */
  ageMs: number | null
  /** Flags in it. */
  count: number
  /** Answers stay as they are, and may be outdated. */
  isStale: boolean
  /** In one sentence; null: it is not stale. */
  because: string | null
  /** What was offered and not taken, and why. */
  fault: { code: string; detail: string } | null
  /** Flags that do not compile: they answer as before their last change, or `PARSE_ERROR`. */
  flagFaults: { key: string; code: string; detail: string; isHeldOver: boolean }[]
  /** The root key that is trusted. Not pinned: it was taken from the first contact; set `trust` to it. */
  trust: { fingerprint: string | null; pinned: boolean }
}

/** A value put in a flag's place; restored by `using`, or by hand. */
export interface FlagOverride extends Disposable {
  restore(): void
}

/**
 * Answers about flags, from memory: synchronous, without network, whatever the state of access. Nothing here throws, but
 * for a flag whose failure contract is `refuse`: that throws `FlagRefused`.
 */
export interface Flags {
  boolean(key: string, fallback: boolean, context?: FlagContext): boolean
  string(key: string, fallback: string, context?: FlagContext): string
  number(key: string, fallback: number, context?: FlagContext): number
  /** The value is frozen, and shared by all who are given it. */
  object<Value extends object>(key: string, fallback: Value, context?: FlagContext): Value
  /** The answer with its reason, where it comes from, and how old that is. The type is the fallback's. */
  details<Value extends FlagValue>(key: string, fallback: Value, context?: FlagContext): FlagDetails<Widened<Value>>
  /** For the app's own tests: answers so, whatever the flag says, until it is restored. The newest counts. */
  override(key: string, value: FlagValue): FlagOverride
  status(): FlagsStatus
  /** Returns what ends it. */
  on<Event extends keyof FlagEvents>(event: Event, listener: (news: FlagEvents[Event]) => void): () => void
  /** True as soon as there is something to answer from; false when there is nothing after so long. */
  ready(timeoutMs: number): Promise<boolean>
}

/** `false` as a fallback asks for a boolean, not for `false`. */
type Widened<Value> = Value extends boolean
  ? boolean
  : Value extends string
    ? string
    : Value extends number
      ? number
      : Value

export interface FlagsOptions {
  url: string
  key: string
  fetch: typeof fetch
  dataDir: string
  environment: string
  installationId: string | null
  trust: string | undefined
  bootstrap: string | undefined
  context: FlagContext | undefined
  now(): number
  /** Milliseconds on a clock that nobody can set; `performance.now` when left out. */
  elapsedMs?: () => number
  onProblem: OnProblem
  /** What an operator knows this process by; undefined: access is told nothing. */
  instance: string | undefined
}

/** Access confirms every two seconds: fifteen times in a row it did not. */
const STALE_MS = 30_000
const LOOK_EVERY_MS = 1_000

/** What `holdfast.flags` is: the answers, and their delivery. */
export class FlagsClient implements Flags {
  readonly #options: FlagsOptions
  readonly #answers: FlagAnswers
  readonly #held: HeldFlags
  readonly #follower: SnapshotFollower
  readonly #reports: FlagReports | undefined
  readonly #listeners: Listeners
  readonly #timer: NodeJS.Timeout
  /** What was offered, judged and not taken: only something else is worth fetching. */
  #refusedDigest: string | undefined
  #because: string | null = null

  constructor(options: FlagsOptions) {
    this.#options = options
    const { url, key, fetch: fetcher, now, onProblem, instance } = options
    this.#answers = new FlagAnswers({
      ...{ context: options.context, now },
      onFallback: (flag) => this.#reports?.count(flag),
    })
    this.#listeners = new Listeners(onProblem)
    this.#held = new HeldFlags({ ...options, elapsedMs: options.elapsedMs ?? (() => performance.now()) }, this.#answers)
    this.#reports =
      instance === undefined
        ? undefined
        : new FlagReports({ url, key, fetch: fetcher, instance, standing: () => this.#standing() })
    this.#follower = new SnapshotFollower({
      ...{ url, key, fetch: fetcher, etag: () => this.#held.digest },
      onFetched: (fetched) => this.#onFetched(fetched),
    })
    this.#because = this.#whyStale()
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
    this.#reports?.hurry()
    this.#follower.want()
  }

  boolean(key: string, fallback: boolean, context?: FlagContext): boolean {
    return this.#answers.details(key, 'boolean', fallback, context).value
  }

  string(key: string, fallback: string, context?: FlagContext): string {
    return this.#answers.details(key, 'string', fallback, context).value
  }

  number(key: string, fallback: number, context?: FlagContext): number {
    return this.#answers.details(key, 'number', fallback, context).value
  }

  object<Value extends object>(key: string, fallback: Value, context?: FlagContext): Value {
    return this.#answers.details(key, 'object', fallback, context).value
  }

  details<Value extends FlagValue>(key: string, fallback: Value, context?: FlagContext): FlagDetails<Widened<Value>> {
    return this.#answers.details(key, typeOf(fallback), fallback as Widened<Value>, context)
  }

  override(key: string, value: FlagValue): FlagOverride {
    const restore = this.#answers.override(key, value)
    return { restore, [Symbol.dispose]: restore }
  }

  status(): FlagsStatus {
    const { body, source, fault, trust } = this.#held
    return {
      ...{ seq: body ? sayNumber(body) : null, source, ageMs: this.#held.ageMs(), count: body?.count ?? 0 },
      ...{ isStale: this.#because !== null, because: this.#because },
      fault: fault ? { code: fault.code, detail: fault.detail } : null,
      flagFaults: this.#flagFaults(),
      trust: { fingerprint: trust.fingerprint, pinned: trust.pinned },
    }
  }

  on<Event extends keyof FlagEvents>(event: Event, listener: (news: FlagEvents[Event]) => void): () => void {
    return this.#listeners.on(event, listener)
  }

  async ready(timeoutMs: number): Promise<boolean> {
    if (this.#answers.answering) return true
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, timeoutMs)
    const end = this.on('changed', () => resolve())
    await promise
    clearTimeout(timer)
    end()
    return this.#answers.answering !== undefined
  }

  /** The feed is open anew: what was announced before may have been missed. */
  onFeed(): void {
    this.#follower.wantNow()
  }

  /** The feed says which number is the newest. */
  announce({ digest, epoch, seq, age_ms: ageMs }: FlagsEvent): void {
    const { body, digest: held } = this.#held
    if (digest === held) this.#confirm(ageMs)
    // A process of access that has not read the newest yet; the next word of the feed is another's, or later.
    const isOlder = body !== undefined && (epoch < body.epoch || (epoch === body.epoch && seq < body.seq))
    if (digest !== held && !isOlder && digest !== this.#refusedDigest) this.#follower.want()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#follower[Symbol.asyncDispose]()
    await this.#reports?.[Symbol.asyncDispose]()
    await this.#held.flush()
  }

  #confirm(ageMs: number | null): void {
    this.#held.confirm(ageMs)
    this.#look()
  }

  #onFetched(fetched: Fetched): boolean {
    if (fetched.outcome === 'away') {
      if (fetched.sentence !== undefined) this.#options.onProblem(fetched.sentence)
      return false
    }
    if (fetched.outcome === 'same') {
      this.#confirm(fetched.ageMs)
      return true
    }
    const before = this.#held.digest
    const offered = this.#held.offer(fetched.text, 'live', fetched.ageMs)
    if (offered.outcome === 'refused') return this.#onRefused(fetched.text)
    this.#refusedDigest = undefined
    if (this.#held.digest !== before) this.#onChanged()
    this.#look()
    return true
  }

  /** Asked again in a while only where it may have been the way that was at fault. */
  #onRefused(text: string): boolean {
    const { fault } = this.#held
    this.#refusedDigest = fault && fault.code !== 'unreadable' ? digestIn(text) : undefined
    if (fault) this.#options.onProblem(`Flags that access offered are not taken (${fault.code}). ${fault.detail}`)
    this.#reports?.hurry()
    this.#look()
    return this.#refusedDigest !== undefined
  }

  #onChanged(): void {
    const { set, seq } = this.#answers.answering!
    const { changed, removed } = set
    for (const { key, code, message } of set.faults)
      this.#options.onProblem(`Flag ${key} does not compile (${code}): ${message}`)
    this.#reports?.hurry()
    this.#listeners.tell('changed', { seq: seq!, changed, removed })
  }

  /** Sees whether answers may be outdated by now, and says so when that has changed. */
  #look(): void {
    const before = this.#because
    this.#because = this.#whyStale()
    if ((before === null) === (this.#because === null)) return
    this.#reports?.hurry()
    if (this.#because !== null) this.#listeners.tell('stale', { because: this.#because })
    else this.#listeners.tell('fresh', { seq: this.#answers.answering!.seq! })
  }

  #whyStale(): string | null {
    const because = this.#reasonToDoubt()
    this.#answers.isStale = because !== null
    return because
  }

  #reasonToDoubt(): string | null {
    const { body, source, fault } = this.#held
    if (fault) return fault.detail
    if (!body) return 'Access has not been reached yet, and nothing is kept from before.'
    if (source !== 'live') return `Access has not confirmed ${sayNumber(body)} since this process started.`
    const ageMs = this.#held.ageMs() ?? Number.POSITIVE_INFINITY
    if (ageMs <= STALE_MS) return null
    return `Access has not confirmed ${sayNumber(body)} for ${Math.round(ageMs / 1000)} s.`
  }

  #flagFaults(): FlagsStatus['flagFaults'] {
    const faults = this.#answers.answering?.set.faults ?? []
    return faults.map(({ key, code, message, isHeldOver }) => ({ key, code, detail: message, isHeldOver }))
  }

  #standing() {
    const { body, source, fault, holds, trust } = this.#held
    const faults: ReportedFault[] = [
      ...(fault ? [{ code: fault.code, detail: fault.detail, missing: fault.missing }] : []),
      ...this.#flagFaults().map(({ key, code, detail }) => ({ code, detail: `flag ${key}: ${detail}` })),
    ]
    const { epoch = 0, seq = 0 } = body ?? {}
    return {
      ...{ epoch, seq, source, age_ms: this.#held.ageMs(), faults },
      key_list_number: trust.keyListNumber || null,
      ...(holds && { holds }),
    }
  }
}

export function typeOf(value: unknown): FlagType | undefined {
  const type = typeof value
  return type === 'boolean' || type === 'string' || type === 'number' || type === 'object' ? type : undefined
}

/** As its first line claims. It is compared with what the feed announces, and nothing is believed of it. */
function digestIn(text: string): string | undefined {
  try {
    const { digest } = JSON.parse(text.slice(0, text.indexOf('\n'))) as { digest?: unknown }
    return typeof digest === 'string' ? digest : undefined
  } catch {
    return undefined
  }
}
