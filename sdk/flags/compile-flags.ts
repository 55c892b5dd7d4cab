import { compileFlag } from './compile-flag.ts'
import { wholeAllowance } from './compile-rule.ts'
import { type CompiledFlag, type Evaluation, failure } from './compiled-flag.ts'
import { DefinitionFault, type FlagMetadata, isObject, type Problem } from './definition.ts'
import { isSameJson } from './same-json.ts'

/** All flags of one definition, ready to be asked. */
export interface CompiledFlags {
  readonly flags: ReadonlyMap<string, CompiledFlag>
  /** Of the set. */
  readonly metadata: FlagMetadata
  readonly evaluators: Readonly<Record<string, unknown>>
  /** What could not be compiled, and so answers PARSE_ERROR, or as before. */
  readonly faults: readonly FlagFault[]
  /** Against `previous`: what is new or answers by another rule; and what is gone. */
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  /** Some flag's answer may change with the clock alone. */
  readonly usesTime: boolean
  readonly notFound: (key: string) => Evaluation
}

export interface FlagFault extends Problem {
  key: string
  /** It answers as before its last change. */
  isHeldOver: boolean
}

export interface CompileOptions {
  /** Compiled before this: unchanged flags are taken from there as they are, and what stopped compiling stays as it was. */
  previous?: CompiledFlags
}

/**
 * Compiles a flagd definition, a parsed one, to closures.
 *
 * One broken flag breaks itself alone. With `previous` it goes on answering as before, and `faults` says so; a flag that
 * did not change is the very same object as before. What is handed in must not be written into afterwards.
 *
 * @throws {DefinitionFault} Only when it is no definition at all: there is nothing in it that could be told apart.
 */
export function compileFlags(definition: unknown, { previous }: CompileOptions = {}): CompiledFlags {
  const { flags: sources, evaluators, metadata } = readDefinition(definition)
  const keptMetadata = previous && isSameJson(previous.metadata, metadata) ? previous.metadata : metadata
  const flags = new Map<string, CompiledFlag>()
  const faults: FlagFault[] = []
  const changed: string[] = []
  let usesTime = false
  const allowance = wholeAllowance()
  for (const [key, source] of sources) {
    const before = previous?.flags.get(key)
    const isKept =
      before !== undefined && keptMetadata === previous?.metadata && isUnchanged(before, source, evaluators)
    const flag = isKept
      ? before
      : compileOver(before, source, { key, evaluators, metadata: keptMetadata, allowance, isChecked: false })
    flags.set(key, flag)
    usesTime ||= flag.usesTime
    if (!isKept && !(flag.isHeldOver && before)) changed.push(key)
    if (flag.fault) faults.push({ ...flag.fault, key, isHeldOver: flag.isHeldOver })
  }
  const removed = [...(previous?.flags.keys() ?? [])].filter((key) => !flags.has(key))
  const notFound = (key: string) => failure('FLAG_NOT_FOUND', `There is no flag ${key}.`, keptMetadata)
  return { flags, metadata: keptMetadata, evaluators, faults, changed, removed, usesTime, notFound }
}

/** A held-over flag is tried again each time: what it is kept from may have been mended elsewhere. */
function isUnchanged(before: CompiledFlag, source: unknown, evaluators: Readonly<Record<string, unknown>>): boolean {
  if (before.isHeldOver || !isSameJson(before.source, source)) return false
  if (before.fault) return isSameJson(before.evaluators, evaluators)
  return before.refs.every((name) => isSameJson(before.evaluators[name], evaluators[name]))
}

type Setting = Parameters<typeof compileFlag>[1]

function compileOver(before: CompiledFlag | undefined, source: unknown, setting: Setting): CompiledFlag {
  const { flag } = compileFlag(source, setting)
  const couldAnswer = before !== undefined && (before.isHeldOver || !before.fault)
  // Switched off is switched off: for that no rule is needed.
  if (!flag.fault || !couldAnswer || flag.always?.reason === 'DISABLED') return flag
  return { ...before, fault: flag.fault, isHeldOver: true }
}

interface Read {
  flags: readonly (readonly [string, unknown])[]
  evaluators: Readonly<Record<string, unknown>>
  metadata: FlagMetadata
}

const NO_METADATA: FlagMetadata = Object.freeze({})

/** The daemon's form, a list of flags with their keys, is read as well. */
export function readDefinition(definition: unknown): Read {
  if (!isObject(definition)) throw notADefinition('', 'Write the definition as an object.')
  const { flags, $evaluators, metadata } = definition
  const evaluators = isObject($evaluators) ? $evaluators : {}
  const read = {
    evaluators,
    metadata: isObject(metadata) ? Object.freeze({ ...(metadata as FlagMetadata) }) : NO_METADATA,
  }
  if (isObject(flags)) return { ...read, flags: Object.entries(flags) }
  if (Array.isArray(flags)) return { ...read, flags: flags.map(keyed) }
  throw notADefinition('/flags', 'Put the flags into an object, by their keys.')
}

function keyed(flag: unknown, index: number): readonly [string, unknown] {
  if (isObject(flag) && typeof flag.key === 'string') return [flag.key, flag]
  throw notADefinition(`/flags/${index}`, 'Give every flag of the list a key.')
}

function notADefinition(path: string, message: string): DefinitionFault {
  return new DefinitionFault({ code: 'not_a_definition', path, message })
}
