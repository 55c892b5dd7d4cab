import { compileTracedRule, wholeAllowance } from './compile-rule.ts'
import type { CompiledFlag, Evaluation } from './compiled-flag.ts'
import { BUDGET, type FlagContext, HASH_KEY } from './definition.ts'
import { runRule } from './evaluate-flag.ts'
import type { Bucket, Run, Trace, TracedRule, TracedStep } from './rule.ts'
import { describeStep } from './say-step.ts'

/** One rule that was looked at, in the order of looking; `depth` says which belongs to which. */
export interface ExplainedStep {
  /** A JSON pointer to the rule. */
  path: string
  depth: number
  operator: string
  /** What it came to, and undefined when it failed. */
  value: unknown
  /** For people: `plan is "free"`, `"free" is not in ["pro"]`. */
  says: string
  error: string | undefined
  /** Of a `fractional`: where its key fell. */
  bucket: Bucket | undefined
}

export interface Explanation {
  key: string
  evaluation: Evaluation
  /** One sentence: why this answer. */
  because: string
  steps: readonly ExplainedStep[]
  /** There were more steps than are told. */
  isCut: boolean
}

/** More than a person reads; a rule over a long list has a step for each element. */
const STEPS_MAX = 500

const tracedRuns = new WeakMap<CompiledFlag, Run>()

/** Carries the rule out once more, by the same closures, and writes down what each was asked and said. */
export function explain(flag: CompiledFlag, context: FlagContext | undefined, nowMs: number): Explanation {
  const { key, always } = flag
  if (always) return { key, evaluation: always, because: whyAlways(flag, always), steps: [], isCut: false }
  const trace = new Steps()
  const call = { root: context ?? {}, nowMs, budget: BUDGET, trace }
  const evaluation = runRule(flag, tracedRunOf(flag), call)
  return { key, evaluation, because: whyNow(flag, evaluation), steps: trace.told(), isCut: trace.isCut }
}

function tracedRunOf(flag: CompiledFlag): Run {
  const known = tracedRuns.get(flag)
  if (known) return known
  const hashName = Object.hasOwn(flag.metadata, HASH_KEY) ? flag.metadata[HASH_KEY] : undefined
  const run = compileTracedRule(flag.source.targeting, {
    flagKey: flag.key,
    evaluators: flag.evaluators,
    hashName,
    allowance: wholeAllowance(),
    isChecked: false,
  })
  tracedRuns.set(flag, run)
  return run
}

export interface Step extends ExplainedStep {
  rule: Record<string, unknown>
  argument: number | undefined
}

class Steps implements Trace {
  readonly #steps: Step[] = []
  /** Those that have begun and not ended. */
  readonly #open: Step[] = []
  isCut = false

  begin(operator: string, { path, rule, argument }: TracedRule): TracedStep {
    const about = { path, depth: this.#open.length, operator, rule, argument }
    const step: Step = { ...about, value: undefined, says: '', error: undefined, bucket: undefined }
    this.#open.push(step)
    if (this.#steps.length < STEPS_MAX) this.#steps.push(step)
    else this.isCut = true
    return step
  }

  end(): void {
    this.#open.pop()
  }

  bucket(bucket: Bucket): void {
    const step = this.#open.at(-1)
    if (step) step.bucket = bucket
  }

  told(): ExplainedStep[] {
    return this.#steps.map((step, index) => {
      const { rule: _rule, argument: _argument, ...told } = step
      return { ...told, says: describeStep(step, this.#below(step, index)) }
    })
  }

  /** Those that it looked at itself. */
  #below(step: Step, index: number): Step[] {
    const after = this.#steps.slice(index + 1)
    const end = after.findIndex(({ depth }) => depth <= step.depth)
    return after.slice(0, end === -1 ? after.length : end).filter(({ depth }) => depth === step.depth + 1)
  }
}

function whyAlways(flag: CompiledFlag, { reason, variant, errorMessage }: Evaluation): string {
  if (reason === 'DISABLED') return 'The flag is disabled, so the default of the code counts.'
  if (errorMessage) return errorMessage
  if (reason === 'STATIC') return `The flag has no rule, so everybody gets its default variant ${variant}.`
  if (reason === 'TARGETING_MATCH') return `The rule gives everybody ${variant}.`
  return variant === undefined
    ? 'Neither a rule nor a default variant gives an answer, so the default of the code counts.'
    : `The rule of ${flag.key} gives nobody a variant, so the default variant ${variant} counts.`
}

function whyNow(flag: CompiledFlag, { reason, variant, errorMessage }: Evaluation): string {
  const held = flag.isHeldOver ? ' The flag answers as before its last change, which has a fault.' : ''
  if (errorMessage) return `${errorMessage}${held}`
  if (reason === 'TARGETING_MATCH') return `The rule gives ${variant}.${held}`
  if (variant === undefined)
    return `The rule gives no variant and there is no default, so the code's own counts.${held}`
  return `The rule gives no variant, so the default variant ${variant} counts.${held}`
}
