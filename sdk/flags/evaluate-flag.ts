import { ofRule } from './compile-flag.ts'
import type { CompiledFlags } from './compile-flags.ts'
import { type CompiledFlag, type Evaluation, failure } from './compiled-flag.ts'
import { BUDGET, type FlagContext, type FlagType } from './definition.ts'
import type { Call, Run } from './rule.ts'

const NOBODY: FlagContext = Object.freeze({})

/** In flagd's order: switched off, unusable, no rule, the rule's answer, the default. */
export function evaluate(flag: CompiledFlag, context: FlagContext | undefined, nowMs: number): Evaluation {
  return flag.always ?? runRule(flag, flag.run, { root: context ?? NOBODY, nowMs, budget: BUDGET, trace: undefined })
}

export function runRule(flag: CompiledFlag, run: Run, call: Call): Evaluation {
  let said: unknown
  try {
    said = run(call.root, call)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return failure(
      'GENERAL',
      `The rule of flag ${flag.key} cannot be carried out with this context: ${why}.`,
      flag.metadata,
    )
  }
  return ofRule(said, flag)
}

export function evaluateKey(
  flags: CompiledFlags,
  key: string,
  context: FlagContext | undefined,
  nowMs: number,
): Evaluation {
  const flag = flags.flags.get(key)
  return flag ? evaluate(flag, context, nowMs) : flags.notFound(key)
}

/** An answer that is not of the type that was asked for is none. */
export function typed(evaluation: Evaluation, key: string, type: FlagType): Evaluation {
  const { value } = evaluation
  if (value === undefined || typeof value === type) return evaluation
  const message = `Flag ${key} is asked for as ${type}, and its value is a ${typeof value}.`
  return failure('TYPE_MISMATCH', message, evaluation.flagMetadata)
}
