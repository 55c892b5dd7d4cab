import { type Allowance, type CompiledRule, compileRule } from './compile-rule.ts'
import { answer, type CompiledFlag, type Evaluation, failure } from './compiled-flag.ts'
import {
  DefinitionFault,
  DEPTH_MAX,
  type FaultCode,
  type FlagDefinition,
  type FlagMetadata,
  type FlagState,
  type FlagValue,
  HASH_KEY,
  isObject,
  type Problem,
  pointer,
} from './definition.ts'

export interface FlagSetting {
  key: string
  evaluators: Readonly<Record<string, unknown>>
  /** Of the set. */
  metadata: FlagMetadata
  allowance: Allowance
  /** Whether what flagd would answer and nobody could mean is to be told as well. */
  isChecked: boolean
}

/** Never throws: what is wrong with a flag is its `fault`, and it answers PARSE_ERROR. */
export function compileFlag(source: unknown, setting: FlagSetting): { flag: CompiledFlag; advice: readonly Problem[] } {
  const metadata = mergedMetadata(source, setting.metadata)
  try {
    const shape = readShape(source, setting.key)
    return compileShape(shape, metadata, setting)
  } catch (cause) {
    if (!(cause instanceof DefinitionFault)) throw cause
    return { flag: brokenFlag(source, cause.problem, metadata, setting), advice: [] }
  }
}

interface Shape {
  source: FlagDefinition
  state: FlagState
  defaultVariant: string | undefined
}

/** Only what flagd would refuse too: that variants are of one type is asked when a flag is saved. */
function readShape(source: unknown, key: string): Shape {
  if (!isObject(source)) throw faultOf('not_a_flag', 'Write the flag as an object.', [key])
  const { state, variants, defaultVariant } = source
  if (state !== 'ENABLED' && state !== 'DISABLED')
    throw faultOf('bad_state', 'Set state to ENABLED or DISABLED.', [key, 'state'])
  if (typeof variants !== 'object' || variants === null)
    throw faultOf('bad_variants', 'Write the variants as an object.', [key, 'variants'])
  // flagd takes the empty text for none.
  const name = defaultVariant || undefined
  if (name !== undefined && (typeof name !== 'string' || !Object.hasOwn(variants, name))) {
    const place = [key, 'defaultVariant']
    throw faultOf('unknown_default_variant', 'Set defaultVariant to one of the variants, or to null.', place)
  }
  return { source: source as unknown as FlagDefinition, state, defaultVariant: name }
}

function faultOf(code: FaultCode, message: string, steps: readonly string[]): DefinitionFault {
  return new DefinitionFault({ code, message, path: pointer(['flags', ...steps]) })
}

function compileShape(shape: Shape, metadata: FlagMetadata, setting: FlagSetting) {
  const { source, state, defaultVariant } = shape
  const { rule, fault } = ruleOf(source, metadata, setting)
  const matches = new Map<string, Evaluation>()
  for (const variant of Object.keys(source.variants)) {
    const value = frozenCopy(source.variants[variant]) as FlagValue
    matches.set(variant, answer('TARGETING_MATCH', metadata, value, variant))
  }
  const found = defaultVariant === undefined ? undefined : matches.get(defaultVariant)
  const otherwise = answer('DEFAULT', metadata, found?.value, found?.variant)
  const bare = { source, state, defaultVariant, metadata, fault, otherwise, matches }
  const always = alwaysOf(bare, rule, setting.key)
  return { flag: assemble(bare, always, rule, setting), advice: rule?.advice ?? [] }
}

type Bare = Shape & Pick<CompiledFlag, 'metadata' | 'fault' | 'otherwise' | 'matches'>

/** The answer that needs no rule to be carried out. */
function alwaysOf(bare: Bare, rule: CompiledRule | undefined, key: string): Evaluation | undefined {
  const { state, fault, metadata, otherwise } = bare
  // Switched off is switched off, also with a broken rule.
  if (state === 'DISABLED') return answer('DISABLED', metadata)
  if (fault) return parseError(key, fault, metadata)
  if (rule) return rule.constant && ofRule(rule.constant.value, { ...bare, key })
  const { value, variant } = otherwise
  return variant === undefined ? otherwise : answer('STATIC', metadata, value, variant)
}

/** One literal, so that all flags are of one shape to whoever reads them a million times. */
function assemble(
  bare: Bare,
  always: Evaluation | undefined,
  rule: CompiledRule | undefined,
  { key, evaluators }: FlagSetting,
): CompiledFlag {
  const { source, state, defaultVariant, metadata, fault, otherwise, matches } = bare
  const isStatic = always !== undefined
  return {
    key,
    state,
    defaultVariant,
    metadata,
    isStatic,
    usesTime: !isStatic && rule !== undefined && rule.usesTime,
    reads: isStatic || !rule ? NOTHING : rule.reads,
    readsAnything: !isStatic && rule !== undefined && rule.readsAnything,
    fault,
    isHeldOver: false,
    source,
    evaluators,
    refs: rule?.refs ?? NOTHING,
    always,
    run: rule?.run ?? nothing,
    otherwise,
    matches,
  }
}

const NOTHING: readonly string[] = Object.freeze([])
const nothing = () => null

/** A fault of the rule alone: the flag can still be switched off. */
function ruleOf(
  source: FlagDefinition,
  metadata: FlagMetadata,
  { key, evaluators, allowance, isChecked }: FlagSetting,
) {
  const { targeting } = source
  const isThere = Boolean(targeting) && Object.keys(targeting as object).length > 0
  if (!isThere) return { rule: undefined, fault: undefined }
  try {
    const hashName = Object.hasOwn(metadata, HASH_KEY) ? metadata[HASH_KEY] : undefined
    return {
      rule: compileRule(targeting, { flagKey: key, evaluators, hashName, allowance, isChecked }),
      fault: undefined,
    }
  } catch (cause) {
    if (!(cause instanceof DefinitionFault)) throw cause
    return { rule: undefined, fault: cause.problem }
  }
}

/** What a rule said becomes an answer: its text is the name of the variant. */
export function ofRule(
  said: unknown,
  flag: Pick<CompiledFlag, 'key' | 'matches' | 'otherwise' | 'metadata'>,
): Evaluation {
  if (said === null || said === undefined) return flag.otherwise
  const variant = typeof said === 'string' ? said : textOf(said)
  const found = flag.matches.get(variant)
  if (found?.value !== undefined) return found
  const { key, metadata } = flag
  return failure(
    'GENERAL',
    `The rule of flag ${key} says ${shortened(variant)}, which is none of its variants.`,
    metadata,
  )
}

/** An object of the caller may refuse to become a text. */
function textOf(said: unknown): string {
  try {
    return String(said)
  } catch {
    return typeof said
  }
}

const SHOWN_MAX = 100
const shortened = (text: string) => JSON.stringify(text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text)

function parseError(key: string, { path, message }: Problem, metadata: FlagMetadata): Evaluation {
  return failure('PARSE_ERROR', `Flag ${key} cannot be used. At ${path}: ${message}`, metadata)
}

function brokenFlag(source: unknown, fault: Problem, metadata: FlagMetadata, setting: FlagSetting): CompiledFlag {
  const otherwise = answer('DEFAULT', metadata)
  const bare = {
    source: source as FlagDefinition,
    state: 'ENABLED' as const,
    defaultVariant: undefined,
    metadata,
    fault,
  }
  const always = parseError(setting.key, fault, metadata)
  return assemble({ ...bare, otherwise, matches: new Map() }, always, undefined, setting)
}

/** Key by key, and what the flag says counts. */
function mergedMetadata(source: unknown, ofSet: FlagMetadata): FlagMetadata {
  const own = isObject(source) && isObject(source.metadata) ? source.metadata : undefined
  return own ? Object.freeze({ ...ofSet, ...own } as FlagMetadata) : ofSet
}

/** Everybody gets the same object: whoever writes into it must not change what the next one reads. */
function frozenCopy(value: unknown, depthLeft = DEPTH_MAX): unknown {
  if (typeof value !== 'object' || value === null || depthLeft === 0) return value
  if (Array.isArray(value)) return Object.freeze(value.map((each) => frozenCopy(each, depthLeft - 1)))
  const entries = Object.entries(value).map(([key, each]) => [key, frozenCopy(each, depthLeft - 1)])
  return Object.freeze(Object.fromEntries(entries))
}
