import { compileFlag, type FlagSetting } from './compile-flag.ts'
import { type Allowance, wholeAllowance } from './compile-rule.ts'
import { readDefinition } from './compile-flags.ts'
import type { CompiledFlag } from './compiled-flag.ts'
import {
  DefinitionFault,
  type FaultCode,
  type FlagMetadata,
  type FlagType,
  HASH_KEY,
  isObject,
  type Problem,
  pointer,
} from './definition.ts'
import { CONTRACT_KEYS, type ContractProblem, contractProblem } from './failure-contract.ts'
import { HASHES } from './hashes.ts'
import { resultsOf } from './results-of.ts'

export interface CheckedDefinition {
  /** With any of these it is not saved. In the order of the definition. */
  problems: readonly Problem[]
  /** There were more than are told. */
  isCut: boolean
}

/** More at once help nobody. */
const PROBLEMS_MAX = 100
/** As long as a key may be in a URL and in a log line without being cut. */
const KEY_LENGTH_MAX = 200

/**
 * The strict way, for saving and importing: whatever could not work, or would work for nobody, is told with its place and
 * what to do. What is delivered is read leniently (`compileFlags`): there a fault breaks one flag and no more.
 */
export function checkDefinition(definition: unknown): CheckedDefinition {
  const problems = [...problemsOf(definition)]
  return { problems: problems.slice(0, PROBLEMS_MAX), isCut: problems.length > PROBLEMS_MAX }
}

function* problemsOf(definition: unknown): Generator<Problem> {
  let read: ReturnType<typeof readDefinition>
  try {
    read = readDefinition(definition)
  } catch (cause) {
    if (!(cause instanceof DefinitionFault)) throw cause
    yield cause.problem
    return
  }
  yield* ofMetadata((definition as Record<string, unknown>).metadata, ['metadata'])
  yield* ofContract(contractProblem(read.metadata), ['metadata'])
  const allowance = wholeAllowance()
  yield* ofEvaluators(definition as Record<string, unknown>, read.evaluators, allowance)
  const seen = new Set<string>()
  for (const [key, source] of read.flags) {
    if (seen.has(key)) yield problem('bad_key', `Keep one flag with the key ${key}.`, ['flags', key])
    seen.add(key)
    yield* ofFlag(key, source, { ...read, allowance, isChecked: true })
  }
}

function* ofFlag(key: string, source: unknown, setting: Omit<FlagSetting, 'key'>): Generator<Problem> {
  const here = ['flags', key]
  if (key === '' || key.length > KEY_LENGTH_MAX)
    yield problem('bad_key', `Give the flag a key of 1 to ${KEY_LENGTH_MAX} characters.`, here)
  const { flag, advice } = compileFlag(source, { key, ...setting })
  yield* flag.fault ? [flag.fault] : advice
  if (!isObject(source)) return
  yield* ofVariants(source.variants, [...here, 'variants'])
  yield* ofMetadata(source.metadata, [...here, 'metadata'])
  yield* ofContract(ownContractProblem(source, setting.metadata), [...here, 'metadata'])
  const { targeting } = source
  if (targeting !== undefined && targeting !== null && !isObject(targeting))
    yield problem('bad_targeting', 'Write the targeting as a rule: an object with one operator.', [
      ...here,
      'targeting',
    ])
  if (!flag.fault) yield* ofResults(flag, [...here, 'targeting'])
}

/** A branch that names no variant would answer its users with an error. */
function* ofResults(flag: CompiledFlag, here: readonly string[]): Generator<Problem> {
  for (const result of resultsOf(flag.source.targeting, flag.evaluators)) {
    if (result === null || flag.matches.has(String(result))) continue
    const names = [...flag.matches.keys()].slice(0, 10).join(', ')
    yield problem('unknown_variant', `Use one of the variants (${names}): ${JSON.stringify(result)} is none.`, here)
  }
}

function* ofVariants(variants: unknown, here: readonly string[]): Generator<Problem> {
  // What is no object at all was told with the flag.
  if (!isObject(variants)) {
    if (Array.isArray(variants)) yield problem('bad_variants', 'Write the variants as an object.', here)
    return
  }
  const entries = Object.entries(variants)
  if (entries.length === 0) yield problem('bad_variants', 'Give the flag at least one variant.', here)
  for (const [name, value] of entries) {
    if (name === '') yield problem('bad_variants', 'Give every variant a name.', here)
    if (!isValue(value))
      yield problem('bad_variants', 'Use a boolean, a text, a number or an object as the value.', [...here, name])
  }
  const types = new Set(entries.map(([, value]) => typeof value))
  if (types.size > 1)
    yield problem('mixed_variants', `Give all variants values of one type: here are ${[...types].join(', ')}.`, here)
}

const isValue = (value: unknown) =>
  isObject(value) || typeof value === 'boolean' || typeof value === 'string' || Number.isFinite(value)

function* ofMetadata(metadata: unknown, here: readonly string[]): Generator<Problem> {
  if (metadata === undefined) return
  if (!isObject(metadata)) {
    yield problem('bad_metadata', 'Write the metadata as an object.', here)
    return
  }
  for (const [name, value] of Object.entries(metadata)) {
    if (!['string', 'number', 'boolean'].includes(typeof value))
      yield problem('bad_metadata', 'Use a text, a number or a boolean; flagd and OFREP know no others.', [
        ...here,
        name,
      ])
  }
  const hash = Object.hasOwn(metadata, HASH_KEY) ? metadata[HASH_KEY] : undefined
  if (hash !== undefined && !HASHES.has(String(hash)))
    yield problem('unknown_hash', `Use one of ${[...HASHES.keys()].join(', ')}.`, [...here, HASH_KEY])
}

/**
 * Of a flag that says something of an outage itself, with what it leaves to its set. One that leaves everything to a set of
 * flags of many types is right, whatever the value there: those of another type give the caller's own default.
 */
function ownContractProblem(source: Record<string, unknown>, ofSet: FlagMetadata): ContractProblem | undefined {
  const { metadata: own, variants } = source
  if (!isObject(own) || !CONTRACT_KEYS.some((name) => Object.hasOwn(own, name))) return undefined
  const [type] = isObject(variants) ? Object.values(variants).map((value) => typeof value as FlagType) : []
  const found = contractProblem({ ...ofSet, ...(own as FlagMetadata) }, type)
  // What the set says wrong is told there, once.
  const isOfSet = found && !Object.hasOwn(own, found.name) && contractProblem(ofSet)?.name === found.name
  return isOfSet ? undefined : found
}

function* ofContract(found: ContractProblem | undefined, here: readonly string[]): Generator<Problem> {
  if (found) yield problem('bad_contract', found.message, [...here, found.name])
}

/** Each is compiled by itself too, so that a fault in one that nobody uses yet is told. */
function* ofEvaluators(
  definition: Record<string, unknown>,
  evaluators: Readonly<Record<string, unknown>>,
  allowance: Allowance,
): Generator<Problem> {
  const { $evaluators } = definition
  if ($evaluators !== undefined && !isObject($evaluators))
    yield problem('not_a_definition', 'Write $evaluators as an object.', ['$evaluators'])
  for (const name of Object.keys(evaluators)) {
    const source = { state: 'ENABLED', variants: { on: true }, targeting: { $ref: name } }
    const { flag, advice } = compileFlag(source, { key: '', evaluators, metadata: {}, allowance, isChecked: true })
    yield* flag.fault ? [flag.fault] : advice
  }
}

function problem(code: FaultCode, message: string, path: readonly string[]): Problem {
  return { code, message, path: pointer(path) }
}
