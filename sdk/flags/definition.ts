/** A flagd definition, as https://flagd.dev/schema/v0/flags.json has it. Everything of ours lies in `metadata`, flat. */
export interface Definition {
  flags: Record<string, FlagDefinition>
  /** Rules that flags refer to by `{"$ref": "name"}`. */
  $evaluators?: Record<string, unknown>
  metadata?: FlagMetadata
}

export interface FlagDefinition {
  state: FlagState
  /** All boolean, all string, all number or all object. */
  variants: Record<string, unknown>
  /** None, or null: the caller's own default. */
  defaultVariant?: string | null
  /** JSONLogic; none, or `{}`: the default variant for everybody. */
  targeting?: unknown
  metadata?: FlagMetadata
}

export type FlagState = 'ENABLED' | 'DISABLED'
export type FlagType = 'boolean' | 'string' | 'number' | 'object'
export type FlagValue = boolean | string | number | { readonly [key: string]: unknown }
export type FlagMetadata = Readonly<Record<string, string | number | boolean>>

/** What is asked about: `targetingKey`, and whatever else the rules look at. */
export type FlagContext = Readonly<Record<string, unknown>>

/** Which of the named hashes a flag deals its users out by; flat, as metadata may not be nested. */
export const HASH_KEY = 'holdfast.hash'

/** Nested deeper than anybody reads; compiling and evaluating recurse as deep, and must never use up a stack. */
export const DEPTH_MAX = 100
/** Operators and literals of one flag, its `$ref`s written out: a list of fifty thousand ids fits, a `$ref` that doubles itself does not. */
export const PARTS_MAX = 100_000
/** Visits of one evaluation, some ten milliseconds: a rule runs inside somebody's request. As many to compute what is fixed. */
export const BUDGET = 1_000_000
/** Of all flags of one definition together, some two seconds: whoever compiles it serves others meanwhile. */
export const SET_PARTS_MAX = 2_000_000
export const SET_BUDGET = 10_000_000
/** The longest list that a rule may make: one that doubles itself ends here, and not with the memory. */
export const LIST_LENGTH_MAX = 100_000
/** The longest text that a rule may make, for the same reason. */
export const TEXT_LENGTH_MAX = 1_000_000

/** Why a flag, or a whole definition, cannot be used: stable, for tests and programs. */
export type FaultCode =
  | 'not_a_definition'
  | 'not_a_flag'
  | 'bad_key'
  | 'bad_state'
  | 'bad_variants'
  | 'mixed_variants'
  | 'unknown_default_variant'
  | 'unknown_variant'
  | 'bad_targeting'
  | 'bad_metadata'
  | 'bad_contract'
  | 'unknown_operator'
  | 'several_operators'
  | 'bad_arguments'
  | 'never_computable'
  | 'bad_weight'
  | 'unknown_ref'
  | 'ref_cycle'
  | 'unknown_hash'
  | 'too_deep'
  | 'too_large'

/** What is wrong, where (a JSON pointer into the definition), and what to do. */
export interface Problem {
  code: FaultCode
  path: string
  message: string
}

/** Thrown while one flag is compiled, and caught there: it breaks that flag alone. */
export class DefinitionFault extends Error {
  override readonly name = 'DefinitionFault'
  readonly code: FaultCode
  readonly path: string

  constructor({ code, path, message }: Problem) {
    super(message)
    this.code = code
    this.path = path
  }

  get problem(): Problem {
    return { code: this.code, path: this.path, message: this.message }
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A JSON pointer, RFC 6901. */
export function pointer(steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
