import type { FaultCode, FlagContext } from './definition.ts'
import type { NamedHash } from './hashes.ts'

/** One evaluation: what was asked, when, and how much of its budget is left. */
export interface Call {
  readonly root: FlagContext
  readonly nowMs: number
  budget: number
  readonly trace: Trace | undefined
}

/** A compiled rule. `data` is the context, or within `map` and its kin the element. */
export type Run = (data: unknown, call: Call) => unknown

export interface Part {
  readonly run: Run
  /** It reads nothing that could change: it is computed once, when the flag is compiled. */
  readonly isFixed: boolean
  /** The same, if it is the body of a `map` over a list that is fixed. */
  readonly isFixedInside: boolean
  /** Computed, or written so. */
  readonly constant?: { readonly value: unknown }
}

/** What an operator is handed to compile its arguments with. */
export interface Compiler {
  readonly flagKey: string
  /** Within the body of `map` and its kin, where the element is all there is to read. */
  readonly isInside: boolean
  /** One argument; `at` is its number, left out when the argument stands there without a list. */
  part(rule: unknown, at?: number): Part
  /** The body of a `map`. */
  inside(rule: unknown, at: number): Part
  /** Computes what is fixed. */
  settle(part: Part, at?: number): Part
  refuse(code: FaultCode, message: string): never
  /** The hash that this flag is pinned to. */
  hash(): NamedHash
  /** Notes that the answer depends on this attribute of the context; '' is all of it. */
  reads(attribute: string): void
  readsTime(): void
  /** Whether the flag is about to be saved. */
  readonly isChecked: boolean
  /** Notes what is refused when the flag is saved, and answers as flagd does when it is only read. */
  advise(code: FaultCode, message: string, at?: number): void
  /** How many parts were compiled so far. */
  readonly count: number
  /** Counts parts that are not compiled one by one. */
  counted(parts: number): void
}

export type Operator = (written: unknown, compiler: Compiler) => Part

/** What an explanation collects. */
export interface Trace {
  begin(operator: string, about: TracedRule): TracedStep
  end(): void
  bucket(bucket: Bucket): void
}
export interface TracedRule {
  path: string
  rule: Record<string, unknown>
  argument: number | undefined
}
export interface TracedStep {
  value: unknown
  error: string | undefined
}

/** Where a `fractional` put somebody. */
export interface Bucket {
  /** What was hashed; without a key of its own, the targeting key. */
  by: unknown
  position: number
  total: number
  weights: readonly number[]
  variants: readonly unknown[]
  /** Which of them; -1: none. */
  chosen: number
}

/** A rule that could not be carried out with these values. flagd answers GENERAL, and so do we. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
}

// Made once: with its stack each costs more than the whole evaluation, and a rule that always fails fails on every request.
export const NOT_A_NUMBER = new RuleError('something that is not a number is used as one')
export const NOT_A_LIST = new RuleError('something that is not a list is used as one')
export const NOT_A_TEXT = new RuleError('something that is not a text is used as one')
export const TOO_FEW = new RuleError('there are too few values to compute with')
export const TOO_LONG = new RuleError('the rule makes a text or a list that is too long')
export const TOO_NESTED = new RuleError('reduce must not gather lists or objects within lists or objects')
export const TOO_MUCH_WORK = new RuleError('the rule goes through more elements than one evaluation may')

export function spend(call: Call, visits: number): void {
  call.budget -= visits
  if (call.budget < 0) throw TOO_MUCH_WORK
}

/** An object with a key stands for an operator; everything else for itself. */
export function isRule(written: unknown): written is Record<string, unknown> {
  return typeof written === 'object' && written !== null && !Array.isArray(written)
}

export const constantPart = (value: unknown): Part => new Constant(value)

/** A value that is written there. A rule has more of them than of anything else, and few are ever run. */
class Constant implements Part {
  readonly isFixed = true
  readonly isFixedInside = true
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }

  get constant(): { readonly value: unknown } {
    return this
  }

  get run(): Run {
    const { value } = this
    return () => value
  }
}

export function partsOf(written: readonly unknown[], compiler: Compiler): Part[] {
  const parts = new Array<Part>(written.length)
  for (let index = 0; index < written.length; index += 1) parts[index] = compiler.part(written[index], index)
  return parts
}

/** As fixed as all of its parts; those that are, in one that is not, are computed now. */
export function join(parts: readonly Part[], compiler: Compiler, make: (parts: readonly Part[]) => Run): Part {
  let isFixed = true
  let isFixedInside = true
  for (const part of parts) {
    isFixed &&= part.isFixed
    isFixedInside &&= part.isFixedInside
  }
  return { run: make(isFixed ? parts : settled(parts, compiler)), isFixed, isFixedInside }
}

function settled(parts: readonly Part[], compiler: Compiler): readonly Part[] {
  const isReady = parts.every((part) => !part.isFixed || part.constant !== undefined)
  return isReady ? parts : parts.map((part, index) => compiler.settle(part, index))
}

/** The same for what depends on more than its parts, and is never computed beforehand. */
export function joinUnfixed(parts: readonly Part[], compiler: Compiler, make: (parts: readonly Part[]) => Run): Part {
  return { run: make(settled(parts, compiler)), isFixed: false, isFixedInside: false }
}

type Apply = (values: readonly unknown[], call: Call, data: unknown) => unknown

/**
 * An operator that looks at all of its arguments: written as a list, as one value, or computed as a list by a rule
 * (`{"max": {"var": "scores"}}`).
 */
export function eager(apply: Apply, together: typeof join = join): Operator {
  return (written, compiler) => {
    if (isRule(written)) {
      return together([compiler.part(written)], compiler, ([list]) => (data, call) => {
        const value = list!.run(data, call)
        return apply(Array.isArray(value) ? value : [value], call, data)
      })
    }
    const parts = partsOf(Array.isArray(written) ? written : [written], compiler)
    return together(parts, compiler, (ready) => (data, call) => apply(valuesOf(ready, data, call), call, data))
  }
}

export function valuesOf(parts: readonly Part[], data: unknown, call: Call): unknown[] {
  const values = new Array<unknown>(parts.length)
  for (let index = 0; index < parts.length; index += 1) values[index] = parts[index]!.run(data, call)
  return values
}

/** JSONLogic's: an empty list, and an empty object, are no. */
export function isTruthy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value)
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Map || value instanceof Set) return value.size > 0
  const prototype = Object.getPrototypeOf(value)
  return (prototype !== Object.prototype && prototype !== null) || Object.keys(value).length > 0
}

export function numberOf(value: unknown): number {
  if (typeof value === 'object' && value !== null) throw NOT_A_NUMBER
  const number = Number(value)
  if (Number.isNaN(number)) throw NOT_A_NUMBER
  return number
}
