import type { ErrorCode as EvaluationErrorCode, Reason as EvaluationReason } from '../compiled-flag.ts'
import type { FlagMetadata, FlagValue } from '../definition.ts'

/**
 * Where an answer comes from. `live`: access has confirmed this number since the process started. `disk`: kept from
 * before. `bootstrap`: shipped with the app. `fallback`: from the caller, or from the flag's failure contract. `override`:
 * set by the app's own test.
 */
export type FlagSource = 'live' | 'disk' | 'bootstrap' | 'fallback' | 'override'

/** As OpenFeature names them. `STALE`: not known any more, and answered as the flag's failure contract says. */
export type FlagReason = EvaluationReason | 'STALE'

/** `PROVIDER_NOT_READY`: there has never been a snapshot here. */
export type FlagErrorCode = EvaluationErrorCode | 'PROVIDER_NOT_READY'

/** When access last confirmed a number as the newest. `ageMs` grows with a clock that cannot be set. */
export interface Confirmation {
  ageMs(): number | null
}

/** What all answers of one moment have in common. */
export interface Origin {
  readonly source: FlagSource
  readonly seq: string | null
  readonly confirmation: Confirmation | undefined
}

export interface Said<Value> {
  value: Value
  variant: string | undefined
  reason: FlagReason
  errorCode: FlagErrorCode | undefined
  errorMessage: string | undefined
  flagMetadata: FlagMetadata
}

/**
 * An answer, and how it is known. It holds what the flag says to everybody and what all answers of the moment share: an
 * answer costs one small object.
 */
export class FlagDetails<Value = FlagValue> {
  readonly #said: Said<Value>
  readonly #origin: Origin

  constructor(said: Said<Value>, origin: Origin) {
    this.#said = said
    this.#origin = origin
  }

  get value(): Value {
    return this.#said.value
  }

  /** Undefined: the flag has said none, and the value is the caller's, or the contract's. */
  get variant(): string | undefined {
    return this.#said.variant
  }

  get reason(): FlagReason {
    return this.#said.reason
  }

  get source(): FlagSource {
    return this.#origin.source
  }

  /** The number of the snapshot it comes from, `e3.s1893`; null: from none. */
  get seq(): string | null {
    return this.#origin.seq
  }

  /**
   * How long ago access confirmed this number as the newest; null: that is not known. Read when it is asked for: a look at
   * the clock costs more than an answer.
   */
  get ageMs(): number | null {
    return this.#origin.confirmation?.ageMs() ?? null
  }

  get errorCode(): FlagErrorCode | undefined {
    return this.#said.errorCode
  }

  get errorMessage(): string | undefined {
    return this.#said.errorMessage
  }

  /** What is written beside the flag, and beside its set. */
  get flagMetadata(): FlagMetadata {
    return this.#said.flagMetadata
  }

  toJSON(): Record<string, unknown> {
    const { value, variant, reason, source, seq, ageMs, errorCode, errorMessage } = this
    return { value, variant, reason, source, seq, ageMs, errorCode, errorMessage }
  }

  /** As `console.log` shows it. */
  [Symbol.for('nodejs.util.inspect.custom')](): Record<string, unknown> {
    return this.toJSON()
  }
}

/**
 * Thrown for a flag with the failure contract `refuse`, and for no other: its answer is not known at this moment, and it
 * would rather have none than a wrong one.
 *
 * @example
 * ```ts
 * import { FlagRefused, Holdfast } from '@holdfast/sdk'
 *
 * await using holdfast = new Holdfast({
 *   url: process.env.HOLDFAST_URL!,
 *   key: process.env.HOLDFAST_KEY!,
 *   dataDir: './holdfast-sdk',
 * })
 * try {
 *   console.log(holdfast.flags.boolean('reverse-charge', false)) // false
 * } catch (error) {
 *   if (!(error instanceof FlagRefused)) throw error
 *   console.log(error.key, error.ageMs) // answer 503, and try again later
 * }
 * ```
 */
export class FlagRefused extends Error {
  override readonly name = 'FlagRefused'
  readonly code = 'flags.refused'
  readonly key: string
  /** The number that is held. */
  readonly seq: string | null
  /** Since it was confirmed; null: that is not known. */
  readonly ageMs: number | null

  constructor(key: string, { seq, ageMs }: { seq: string | null; ageMs: number | null }) {
    const age =
      ageMs === null ? 'nobody knows when it was last confirmed' : `confirmed ${Math.round(ageMs / 1000)} s ago`
    super(`Flag ${key} refuses to answer from what may be outdated: ${seq ?? 'no number'} is held, ${age}.`)
    this.key = key
    this.seq = seq
    this.ageMs = ageMs
  }
}
