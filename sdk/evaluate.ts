/**
 * What does a flag answer, for whom, and why? Pure and synchronous: it reads no clock, no file and no network, keeps
 * nothing of any context, and runs in a browser as well. The server and the SDK both ask here.
 */
import type { CompiledFlags } from './flags/compile-flags.ts'
import type { Evaluation } from './flags/compiled-flag.ts'
import type { FlagContext, FlagType } from './flags/definition.ts'
import { evaluateKey, typed } from './flags/evaluate-flag.ts'

export { type CheckedDefinition, checkDefinition } from './flags/check-definition.ts'
export { type CompiledFlags, type CompileOptions, compileFlags, type FlagFault } from './flags/compile-flags.ts'
export type { CompiledFlag, ErrorCode, Evaluation, Reason } from './flags/compiled-flag.ts'
export {
  type Definition,
  DefinitionFault,
  type FaultCode,
  type FlagContext,
  type FlagDefinition,
  type FlagMetadata,
  type FlagState,
  type FlagType,
  type FlagValue,
  HASH_KEY,
  type Problem,
} from './flags/definition.ts'
export { evaluate, evaluateKey } from './flags/evaluate-flag.ts'
export {
  CONTRACT_KEYS,
  type ContractProblem,
  contractProblem,
  MAX_AGE_KEY,
  ON_UNKNOWN_KEY,
  ON_UNKNOWN_VALUE_KEY,
} from './flags/failure-contract.ts'
export { type ExplainedStep, type Explanation, explain } from './flags/explain.ts'
export { HASH_BY_DEFAULT, HASHES, type NamedHash } from './flags/hashes.ts'
export type { Bucket } from './flags/rule.ts'
export { isSameJson } from './flags/same-json.ts'

export interface Question {
  key: string
  /** What the caller will do with the value; another type is TYPE_MISMATCH. */
  type: FlagType
  context?: FlagContext
  nowMs: number
}

/**
 * Asks for a value of one type, as OpenFeature does.
 *
 * @example
 * ```ts
 * import { compileFlags, evaluateAs } from '@holdfast/sdk/evaluate'
 *
 * const flags = compileFlags({
 *   flags: {
 *     'new-view': {
 *       state: 'ENABLED',
 *       variants: { on: true, off: false },
 *       defaultVariant: 'off',
 *       targeting: { if: [{ in: [{ var: 'plan' }, ['pro', 'team']] }, 'on'] },
 *     },
 *   },
 * })
 * const context = { targetingKey: 'usr_1', plan: 'pro' }
 * const answer = evaluateAs(flags, { key: 'new-view', type: 'boolean', context, nowMs: Date.now() })
 * console.log(answer.reason) // TARGETING_MATCH
 * ```
 */
export function evaluateAs(flags: CompiledFlags, { key, type, context, nowMs }: Question): Evaluation {
  return typed(evaluateKey(flags, key, context, nowMs), key, type)
}
