import type { CompiledFlags } from '../compile-flags.ts'
import type { CompiledFlag, Evaluation } from '../compiled-flag.ts'
import type { FlagContext, FlagMetadata, FlagType, FlagValue } from '../definition.ts'
import { evaluate } from '../evaluate-flag.ts'
import { contractValue, type FailureContract, failureContractOf } from '../failure-contract.ts'
import { type FlagErrorCode, FlagDetails, type FlagReason, FlagRefused, type Origin } from './flag-details.ts'

/** What is answered from: one accepted snapshot, and how it is known. Replaced as a whole. */
export interface Answering extends Origin {
  readonly set: CompiledFlags
  /** Of the flags that want something else than `last-known`. */
  readonly contracts: ReadonlyMap<string, FailureContract>
}

export interface AnswerOptions {
  /** What every question is about besides; what is asked with a question goes before it. */
  context: FlagContext | undefined
  /** Wall clock, milliseconds since 1970, for rules over time. */
  now(): number
  /** Told of each answer that the flags themselves did not give. */
  onFallback(key: string): void
}

/** A value put in a flag's place until it is restored. */
interface Override {
  value: FlagValue
}

const NOTHING: FlagMetadata = Object.freeze({})
const FALLBACK: Origin = Object.freeze({ source: 'fallback', seq: null, confirmation: undefined })
const OVERRIDE: Origin = Object.freeze({ source: 'override', seq: null, confirmation: undefined })

/** Answers from memory alone. It throws for one reason: a flag that says `refuse`. */
export class FlagAnswers {
  readonly #options: AnswerOptions
  readonly #overrides = new Map<string, Override[]>()
  #answering: Answering | undefined
  /** Of the client as a whole: worked out beforehand, because a look at a clock costs more than an answer. */
  isStale = true

  constructor(options: AnswerOptions) {
    this.#options = options
  }

  get answering(): Answering | undefined {
    return this.#answering
  }

  answerFrom(answering: Answering): void {
    this.#answering = answering
  }

  details<Value>(key: string, type: FlagType | undefined, fallback: Value, context?: FlagContext): FlagDetails<Value> {
    const overrides = this.#overrides.size > 0 ? this.#overrides.get(key) : undefined
    if (overrides) return this.#overridden({ key, type, fallback }, overrides.at(-1)!)
    const held = this.#answering
    if (held === undefined) return this.#notReady({ key, type, fallback })
    const flag = held.set.flags.get(key)
    if (flag === undefined) return this.#fallBack({ key, type, fallback }, held.set.notFound(key))
    const contract = held.contracts.size > 0 ? held.contracts.get(key) : undefined
    if (contract !== undefined && this.#isUnknown(contract, held))
      return this.#byContract({ key, type, fallback }, { contract, held, flag })
    const evaluation = this.#evaluate(flag, context)
    const { value } = evaluation
    if (value !== undefined && (type === undefined || typeof value === type))
      return new FlagDetails(evaluation as Evaluation & { value: Value }, held)
    // Switched off, or without a default: the flag itself says that the caller's own counts.
    if (value === undefined && evaluation.errorCode === undefined)
      return new FlagDetails({ ...evaluation, value: fallback }, held)
    if (value === undefined && contract !== undefined)
      return this.#byContract({ key, type, fallback }, { contract, held, flag, evaluation })
    return this.#fallBack({ key, type, fallback }, value === undefined ? evaluation : mismatch(key, type!, evaluation))
  }

  /** Answers so until it is restored; the newest counts. */
  override(key: string, value: FlagValue): () => void {
    const mine = { value }
    const all = this.#overrides.get(key) ?? []
    this.#overrides.set(key, [...all, mine])
    return () => {
      const left = (this.#overrides.get(key) ?? []).filter((each) => each !== mine)
      if (left.length > 0) this.#overrides.set(key, left)
      else this.#overrides.delete(key)
    }
  }

  #isUnknown({ maxAgeMs }: FailureContract, { confirmation }: Answering): boolean {
    if (maxAgeMs === null) return this.isStale
    const ageMs = confirmation?.ageMs() ?? null
    return ageMs === null || ageMs > maxAgeMs
  }

  #evaluate(flag: CompiledFlag, context: FlagContext | undefined): Evaluation {
    const { context: always, now } = this.#options
    const nowMs = flag.usesTime ? now() : 0
    return evaluate(flag, always === undefined ? context : merged(always, context), nowMs)
  }

  #byContract<Value>(question: Question<Value>, { contract, held, flag, evaluation }: ByContract): FlagDetails<Value> {
    const { key, type, fallback } = question
    this.#options.onFallback(key)
    if (contract.onUnknown === 'refuse')
      throw new FlagRefused(key, { seq: held.seq, ageMs: held.confirmation?.ageMs() ?? null })
    const value = contractValue(contract, type ?? 'object') ?? contract.value
    const isOfType = type === undefined || typeof value === type
    const { errorCode, errorMessage, reason = 'STALE' as FlagReason } = evaluation ?? {}
    const { seq, confirmation } = held
    return new FlagDetails(
      {
        ...{ value: (isOfType ? value : fallback) as Value, variant: undefined, flagMetadata: flag.metadata },
        ...{ reason, errorCode, errorMessage },
      },
      { source: 'fallback', seq, confirmation },
    )
  }

  #notReady<Value>(question: Question<Value>): FlagDetails<Value> {
    const errorMessage = `Flag ${question.key} is not known: access has not been reached yet, and nothing is kept from before.`
    return this.#fallBack(question, { errorCode: 'PROVIDER_NOT_READY', errorMessage, flagMetadata: NOTHING })
  }

  #fallBack<Value>(
    { key, fallback }: Question<Value>,
    { errorCode, errorMessage, flagMetadata }: Failure,
  ): FlagDetails<Value> {
    this.#options.onFallback(key)
    const origin = this.#answering
    return new FlagDetails(
      { value: fallback, variant: undefined, reason: 'ERROR', errorCode, errorMessage, flagMetadata },
      origin ? { source: 'fallback', seq: origin.seq, confirmation: origin.confirmation } : FALLBACK,
    )
  }

  #overridden<Value>({ key, type, fallback }: Question<Value>, { value }: Override): FlagDetails<Value> {
    const isOfType = type === undefined || typeof value === type
    if (!isOfType) return this.#fallBack({ key, type, fallback }, mismatch(key, type, { value, flagMetadata: NOTHING }))
    return new FlagDetails(
      {
        ...{ value: value as Value, variant: undefined, reason: 'STATIC', flagMetadata: NOTHING },
        ...{ errorCode: undefined, errorMessage: undefined },
      },
      OVERRIDE,
    )
  }
}

/** What is asked with a question goes before what is always so. */
function merged(always: FlagContext, context: FlagContext | undefined): FlagContext {
  try {
    return context === undefined ? always : { ...always, ...context }
  } catch {
    // An attribute that throws when it is read. The rule meets it again, if it asks for it, and answers GENERAL.
    return context!
  }
}

interface Question<Value> {
  key: string
  type: FlagType | undefined
  fallback: Value
}

interface ByContract {
  contract: FailureContract
  held: Answering
  flag: CompiledFlag
  evaluation?: Evaluation
}

interface Failure {
  errorCode: FlagErrorCode | undefined
  errorMessage: string | undefined
  flagMetadata: FlagMetadata
}

function mismatch(
  key: string,
  type: FlagType,
  { value, flagMetadata }: { value: FlagValue | undefined; flagMetadata: FlagMetadata },
): Failure {
  const errorMessage = `Flag ${key} is asked for as ${type}, and its value is a ${typeof value}.`
  return { errorCode: 'TYPE_MISMATCH', errorMessage, flagMetadata }
}

/** Those of a set that are not `last-known`: most flags have none, and an answer then asks for none. */
export function contractsOf({ flags }: CompiledFlags): Map<string, FailureContract> {
  const contracts = new Map<string, FailureContract>()
  for (const [key, { metadata }] of flags) {
    const contract = failureContractOf(metadata)
    if (contract.onUnknown !== 'last-known') contracts.set(key, contract)
  }
  return contracts
}
