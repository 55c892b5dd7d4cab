import { type CompiledRule, compileRule } from './compile-rule.ts'
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
  variants: ReadonlyMap<string, FlagValue>
  defaultVariant: string | undefined
}

/** Only what flagd would refuse too: that variants are of one type is asked when a flag is saved. */
function readShape(source: unknown, key: string): Shape {
  const refuse = (code: FaultCode, message: string, ...at: string[]): never => {
    throw new DefinitionFault({ code, message, path: pointer(['flags', key, ...at]) })
  }
  if (!isObject(source)) return refuse('not_a_flag', 'Write the flag as an object.')
  const { state, variants, defaultVariant } = source
  if (state !== 'ENABLED' && state !== 'DISABLED')
    return refuse('bad_state', 'Set state to ENABLED or DISABLED.', 'state')
  if (typeof variants !== 'object' || variants === null)
    return refuse('bad_variants', 'Write the variants as an object.', 'variants')
  const byName = new Map<string, FlagValue>()
  for (const name of Object.keys(variants))
    byName.set(name, frozenCopy((variants as FlagDefinition['variants'])[name]) as FlagValue)
  // flagd takes the empty text for none.
  if (!defaultVariant)
    return { source: source as unknown as FlagDefinition, state, variants: byName, defaultVariant: undefined }
  if (typeof defaultVariant !== 'string' || !byName.has(defaultVariant))
    return refuse('unknown_default_variant', `Set defaultVariant to one of the variants, or to null.`, 'defaultVariant')
  return { source: source as unknown as FlagDefinition, state, variants: byName, defaultVariant }
}

function compileShape(shape: Shape, metadata: FlagMetadata, setting: FlagSetting) {
  const { rule, fault } = ruleOf(shape.source, metadata, setting)
  const { state, variants, defaultVariant } = shape
  const byDefault = (reason: 'STATIC' | 'DEFAULT') =>
    defaultVariant === undefined
      ? answer('DEFAULT', metadata)
      : answer(reason, metadata, { value: variants.get(defaultVariant), variant: defaultVariant })
  const otherwise = byDefault('DEFAULT')
  const matches = new Map<string, Evaluation>()
  const alwaysOf = (): Evaluation | undefined => {
    // Switched off is switched off, also with a broken rule.
    if (state === 'DISABLED') return answer('DISABLED', metadata)
    if (fault) return parseError(setting.key, fault, metadata)
    if (!rule) return byDefault('STATIC')
    return rule.constant && ofRule(rule.constant.value, { key: setting.key, variants, matches, otherwise, metadata })
  }
  const flag: CompiledFlag = {
    ...named(setting, shape.source, metadata),
    ...{ state, variants, defaultVariant, fault, otherwise, matches },
    ...describe(rule, alwaysOf()),
  }
  return { flag, advice: rule?.advice ?? [] }
}

function describe(rule: CompiledRule | undefined, always: Evaluation | undefined) {
  const isStatic = always !== undefined
  return {
    always,
    isStatic,
    usesTime: !isStatic && (rule?.usesTime ?? false),
    reads: isStatic || !rule ? [] : rule.reads,
    readsAnything: !isStatic && (rule?.readsAnything ?? false),
    refs: rule?.refs ?? [],
    run: rule?.run ?? nothing,
    isHeldOver: false,
  }
}

const nothing = () => null

/** A fault of the rule alone: the flag can still be switched off. */
function ruleOf(source: FlagDefinition, metadata: FlagMetadata, { key, evaluators }: FlagSetting) {
  const { targeting } = source
  const isThere = Boolean(targeting) && Object.keys(targeting as object).length > 0
  if (!isThere) return { rule: undefined, fault: undefined }
  try {
    const hashName = Object.hasOwn(metadata, HASH_KEY) ? metadata[HASH_KEY] : undefined
    return { rule: compileRule(targeting, { flagKey: key, evaluators, hashName }), fault: undefined }
  } catch (cause) {
    if (!(cause instanceof DefinitionFault)) throw cause
    return { rule: undefined, fault: cause.problem }
  }
}

/** What a rule said becomes an answer: its text is the name of the variant. */
export function ofRule(
  said: unknown,
  flag: Pick<CompiledFlag, 'key' | 'variants' | 'matches' | 'otherwise' | 'metadata'>,
): Evaluation {
  if (said === null || said === undefined) return flag.otherwise
  const variant = typeof said === 'string' ? said : textOf(said)
  return flag.matches.get(variant) ?? firstMatch(variant, flag)
}

/** Made when it is first given, once for each variant. */
function firstMatch(
  variant: string,
  flag: Pick<CompiledFlag, 'key' | 'variants' | 'matches' | 'metadata'>,
): Evaluation {
  const { key, variants, matches, metadata } = flag
  const value = variants.get(variant)
  if (value === undefined)
    return failure(
      'GENERAL',
      `The rule of flag ${key} says ${shortened(variant)}, which is none of its variants.`,
      metadata,
    )
  const made = answer('TARGETING_MATCH', metadata, { value, variant })
  matches.set(variant, made)
  return made
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
  return {
    ...named(setting, source as FlagDefinition, metadata),
    ...{ state: 'ENABLED', variants: new Map(), defaultVariant: undefined, fault },
    ...{ otherwise: answer('DEFAULT', metadata), matches: new Map() },
    ...describe(undefined, parseError(setting.key, fault, metadata)),
  }
}

const named = ({ key, evaluators }: FlagSetting, source: FlagDefinition, metadata: FlagMetadata) => ({
  ...{ key, evaluators, source, metadata },
})

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
