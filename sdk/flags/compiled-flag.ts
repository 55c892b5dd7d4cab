import type { FlagDefinition, FlagMetadata, FlagState, FlagValue, Problem } from './definition.ts'
import type { Run } from './rule.ts'

/** As OpenFeature and flagd name them. */
export type Reason = 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'DISABLED' | 'ERROR'
export type ErrorCode = 'FLAG_NOT_FOUND' | 'PARSE_ERROR' | 'TYPE_MISMATCH' | 'GENERAL'

/** What a flag answers. Frozen, and shared by all who get the same answer. */
export interface Evaluation {
  /** undefined: the caller's own default counts. */
  readonly value: FlagValue | undefined
  readonly variant: string | undefined
  readonly reason: Reason
  readonly errorCode: ErrorCode | undefined
  readonly errorMessage: string | undefined
  /** Of the flag and its set; where both say something, the flag. */
  readonly flagMetadata: FlagMetadata
}

/** A flag, ready to be asked. */
export interface CompiledFlag {
  readonly key: string
  readonly state: FlagState
  readonly defaultVariant: string | undefined
  readonly metadata: FlagMetadata
  /** The same answer whatever the context and the time. */
  readonly isStatic: boolean
  /** Its answer may change with the clock alone: it must not be remembered, and "not modified" not be said of it. */
  readonly usesTime: boolean
  /** The attributes of the context that the answer may depend on. */
  readonly reads: readonly string[]
  /** It computes what it reads, or takes the context as a whole: `reads` is not all of it. */
  readonly readsAnything: boolean
  /** Why it cannot be used as it is written. */
  readonly fault: Problem | undefined
  /** It answers as before its last change, because that has a fault. */
  readonly isHeldOver: boolean
  /** As it was written; what `explain` reads. */
  readonly source: FlagDefinition
  /** The `$evaluators` it was compiled with. */
  readonly evaluators: Readonly<Record<string, unknown>>
  readonly refs: readonly string[]
  /** The answer that needs no rule. */
  readonly always: Evaluation | undefined
  readonly run: Run
  /** When the rule says null. */
  readonly otherwise: Evaluation
  /** What is answered when the rule says the name of a variant. */
  readonly matches: ReadonlyMap<string, Evaluation>
}

export function answer(reason: Reason, flagMetadata: FlagMetadata, value?: FlagValue, variant?: string): Evaluation {
  return Object.freeze({ value, variant, reason, errorCode: undefined, errorMessage: undefined, flagMetadata })
}

export function failure(errorCode: ErrorCode, errorMessage: string, flagMetadata: FlagMetadata): Evaluation {
  return Object.freeze({ value: undefined, variant: undefined, reason: 'ERROR', errorCode, errorMessage, flagMetadata })
}
