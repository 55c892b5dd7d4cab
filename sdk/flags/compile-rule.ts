import {
  BUDGET,
  DEPTH_MAX,
  DefinitionFault,
  type FaultCode,
  PARTS_MAX,
  type Problem,
  pointer,
  SET_BUDGET,
  SET_PARTS_MAX,
} from './definition.ts'
import { HASH_BY_DEFAULT, HASHES, type NamedHash } from './hashes.ts'
import { OPERATORS } from './operators/index.ts'
import { type Call, type Compiler, constantPart, isRule, join, type Part, type Run } from './rule.ts'

export interface RuleSetting {
  flagKey: string
  evaluators: Readonly<Record<string, unknown>>
  /** What the flag is pinned to; undefined: nothing. */
  hashName: unknown
  allowance: Allowance
  /** Whether `advice` is asked for. */
  isChecked: boolean
}

/** What is left for all flags of one definition; a flag that finds too little of it is too large. */
export interface Allowance {
  parts: number
  visits: number
}

export const wholeAllowance = (): Allowance => ({ parts: SET_PARTS_MAX, visits: SET_BUDGET })

export interface CompiledRule {
  run: Run
  /** Computed already: the same answer for everybody, at any time. */
  constant: { readonly value: unknown } | undefined
  /** The attributes of the context that the answer may depend on. */
  reads: readonly string[]
  readsAnything: boolean
  usesTime: boolean
  /** The `$evaluators` it is made of. */
  refs: readonly string[]
  /** What is refused on save, and answered as flagd answers it when it is only read. */
  advice: readonly Problem[]
}

/** Compiles a rule to closures: no code is made of text, so that it runs where `eval` is forbidden. */
export function compileRule(rule: unknown, setting: RuleSetting): CompiledRule {
  return new RuleCompiler(setting, false).compile(rule)
}

/** The same closures, each of which tells the trace of a call what it did. */
export function compileTracedRule(rule: unknown, setting: RuleSetting): Run {
  return new RuleCompiler(setting, true).compile(rule).run
}

class RuleCompiler implements Compiler {
  readonly flagKey: string
  readonly isChecked: boolean
  isInside = false
  count = 0
  readonly #setting: RuleSetting
  readonly #isTraced: boolean
  readonly #reads: string[] = []
  readonly #refs: string[] = []
  readonly #refsOpen: string[] = []
  readonly #advice: Problem[] = []
  /** One for all that is computed beforehand. */
  readonly #call: Call
  #usesTime = false
  #readsAnything = false
  #steps: (string | number)[]
  #depth = 0

  constructor(setting: RuleSetting, isTraced: boolean) {
    this.flagKey = setting.flagKey
    this.isChecked = setting.isChecked
    this.#setting = setting
    this.#isTraced = isTraced
    this.#steps = ['flags', setting.flagKey, 'targeting']
    this.#call = { root: {}, nowMs: 0, budget: Math.min(BUDGET, setting.allowance.visits), trace: undefined }
  }

  compile(rule: unknown): CompiledRule {
    const { run, constant } = this.settle(this.part(rule))
    const about = { readsAnything: this.#readsAnything, usesTime: this.#usesTime, advice: this.#advice }
    return { run, constant, reads: this.#reads, refs: this.#refs, ...about }
  }

  part(rule: unknown, at?: number): Part {
    if (typeof rule !== 'object' || rule === null) {
      this.counted(1)
      return constantPart(rule)
    }
    const { length } = this.#steps
    if (at !== undefined) this.#steps.push(at)
    this.#depth += 1
    if (this.#depth > DEPTH_MAX) this.refuse('too_deep', `Nest it less deep: at most ${DEPTH_MAX} levels.`)
    const part = isRule(rule) ? this.#operation(rule, at) : this.#list(rule as readonly unknown[])
    this.#depth -= 1
    this.#steps.length = length
    return part
  }

  inside(rule: unknown, at: number): Part {
    const wasInside = this.isInside
    this.isInside = true
    const part = this.part(rule, at)
    this.isInside = wasInside
    return part
  }

  settle(part: Part, at?: number): Part {
    if (!part.isFixed || part.constant) return part
    const { budget } = this.#call
    try {
      return { ...part, constant: { value: part.run(undefined, this.#call) } }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      return this.#refuseAt('never_computable', `Change this: it fails for everybody, because ${why}.`, at)
    } finally {
      this.#setting.allowance.visits -= budget - this.#call.budget
    }
  }

  refuse(code: FaultCode, message: string): never {
    return this.#refuseAt(code, message)
  }

  advise(code: FaultCode, message: string, at?: number): void {
    this.#advice.push({ code, message, path: pointer(at === undefined ? this.#steps : [...this.#steps, at]) })
  }

  hash(): NamedHash {
    const { hashName } = this.#setting
    const hash = HASHES.get(hashName === undefined ? HASH_BY_DEFAULT : String(hashName))
    if (hash) return hash
    const known = [...HASHES.keys()].join(', ')
    return this.refuse('unknown_hash', `Update the SDK, or use one of ${known}: ${String(hashName)} is not known here.`)
  }

  reads(attribute: string): void {
    if (attribute === '') this.#readsAnything = true
    else if (!this.#reads.includes(attribute)) this.#reads.push(attribute)
  }

  readsTime(): void {
    this.#usesTime = true
  }

  #list(list: readonly unknown[]): Part {
    const isPlain = list.every((each) => typeof each !== 'object' || each === null)
    if (!isPlain) return this.#listOfParts(list)
    this.counted(1 + list.length)
    return constantPart(list)
  }

  #listOfParts(list: readonly unknown[]): Part {
    this.counted(1)
    const parts = list.map((each, index) => this.part(each, index))
    if (parts.every((part) => part.constant)) return constantPart(parts.map((part) => part.constant!.value))
    return join(parts, this, (ready) => (data, call) => ready.map((part) => part.run(data, call)))
  }

  #operation(rule: Record<string, unknown>, at: number | undefined): Part {
    this.counted(1)
    const names = Object.keys(rule)
    const name = names[0]
    if (name === undefined) return constantPart(rule)
    if (names.length > 1) this.refuse('several_operators', `Keep one operator in each object: ${name} or ${names[1]}.`)
    if (name === '$ref') return this.#reference(rule[name], at)
    const operator = OPERATORS.get(name)
    if (!operator) return this.refuse('unknown_operator', `Use an operator that exists: there is no ${name}.`)
    const path = this.#isTraced ? pointer(this.#steps) : ''
    this.#steps.push(name)
    const part = operator(rule[name], this)
    return this.#isTraced ? { ...part, run: traced(part.run, name, { path, rule, argument: at }) } : part
  }

  /** A macro, as in flagd: the shared rule stands in the place of the reference. */
  #reference(name: unknown, at: number | undefined): Part {
    const { evaluators } = this.#setting
    if (typeof name !== 'string' || !Object.hasOwn(evaluators, name))
      return this.refuse('unknown_ref', `Add ${JSON.stringify(name)} to $evaluators, or refer to one that is there.`)
    if (this.#refsOpen.includes(name))
      return this.refuse('ref_cycle', `Break the circle: ${[...this.#refsOpen, name].join(' → ')}.`)
    if (!this.#refs.includes(name)) this.#refs.push(name)
    this.#refsOpen.push(name)
    const steps = this.#steps
    this.#steps = ['$evaluators', name]
    const rule = evaluators[name]
    const isOperation = isRule(rule)
    const part = isOperation ? this.#operation(rule, at) : this.part(rule)
    this.#steps = steps
    this.#refsOpen.pop()
    return part
  }

  counted(parts: number): void {
    const { allowance } = this.#setting
    this.count += parts
    allowance.parts -= parts
    if (allowance.parts < 0)
      this.refuse('too_large', `Make the definition smaller: all flags together have more than ${SET_PARTS_MAX} parts.`)
    if (this.count > PARTS_MAX) this.refuse('too_large', `Make it smaller: at most ${PARTS_MAX} operators and values.`)
  }

  #refuseAt(code: FaultCode, message: string, at?: number): never {
    const path = pointer(at === undefined ? this.#steps : [...this.#steps, at])
    throw new DefinitionFault({ code, path, message })
  }
}

function traced(run: Run, operator: string, about: Parameters<NonNullable<Call['trace']>['begin']>[1]): Run {
  return (data, call) => {
    const { trace } = call
    if (!trace) return run(data, call)
    const step = trace.begin(operator, about)
    try {
      step.value = run(data, call)
      return step.value
    } catch (error) {
      step.error = error instanceof Error ? error.message : String(error)
      throw error
    } finally {
      trace.end()
    }
  }
}
