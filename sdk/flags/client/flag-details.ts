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

/** An answer, and how it is known. */
export class FlagDetails<Value = FlagValue> {
  readonly value: Value
  /** Undefined: the flag has said none, and the value is the caller's, or the contract's. */
  readonly variant: string | undefined
  readonly reason: FlagReason
  readonly source: FlagSource
  /** The number of the snapshot it comes from, `e3.s1893`; null: from none. */
  readonly seq: string | null
  readonly errorCode: FlagErrorCode | undefined
  readonly errorMessage: string | undefined
  readonly flagMetadata: FlagMetadata
  readonly #confirmation: Confirmation | undefined

  constructor(said: Said<Value>, { source, seq, confirmation }: Origin) {
    this.value = said.value
    this.variant = said.variant
    this.reason = said.reason
    this.source = source
    this.seq = seq
    this.errorCode = said.errorCode
    this.errorMessage = said.errorMessage
    this.flagMetadata = said.flagMetadata
    this.#confirmation = confirmation
  }

  /**
   * How long ago access confirmed this number as the newest; null: that is not known. Read when it is asked for: a look at
   * the clock costs more than an answer.
   */
  get ageMs(): number | null {
    return this.#confirmation?.ageMs() ?? null
  }

  toJSON(): Record<string, unknown> {
    const { value, variant, reason, source, seq, ageMs, errorCode, errorMessage } = this
    return { value, variant, reason, source, seq, ageMs, errorCode, errorMessage }
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
