import {
  type CompiledFlags,
  compileFlags,
  type Definition,
  type Explanation,
  explain,
  type FlagDefinition,
} from '@holdfast/sdk/evaluate'
import type { Context } from './context.ts'

/**
 * What flags answer for one context, and why: by the very evaluator that access and the SDK have, in this browser. So an
 * answer follows what is typed, and what is not saved yet can be tried too.
 */
export function tryFlags(compiled: CompiledFlags, { context, nowMs }: Asked): Explanation[] {
  return [...compiled.flags.values()].map((flag) => explain(flag, context, nowMs))
}

/** One of them, or as it stands in a form and is not saved; under its own key, as who falls into which share depends on it. */
export function tryOne(definition: Definition, flag: { key: string; definition: FlagDefinition }, asked: Asked) {
  const [told] = tryFlags(compileFlags({ ...definition, flags: { [flag.key]: flag.definition } }), asked)
  return told!
}

interface Asked {
  context: Context
  nowMs: number
}
