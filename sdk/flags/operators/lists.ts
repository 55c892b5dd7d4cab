import { LIST_LENGTH_MAX } from '../definition.ts'
import {
  type Call,
  type Compiler,
  eager,
  isTruthy,
  NOT_A_LIST,
  type Operator,
  type Part,
  type Run,
  spend,
  TOO_FEW,
  TOO_LONG,
  TOO_NESTED,
} from '../rule.ts'
import { listed } from './deciding.ts'

type Visit = (element: unknown) => unknown

/** `{"some": [list, rule]}`: within the rule, `var` reads of the element. A list that is not there is empty. */
function overElements(apply: (list: readonly unknown[], visit: Visit) => unknown): Operator {
  return (written, compiler) => {
    const [list, rule] = listAndRule(written, compiler)
    const source = compiler.part(list, 0)
    const before = compiler.count
    const body = compiler.inside(rule, 1)
    const weight = 1 + compiler.count - before
    const isFixed = source.isFixed && body.isFixedInside
    const from = isFixed ? source : compiler.settle(source, 0)
    const each = isFixed ? body : compiler.settle(body, 1)
    const run: Run = (data, call) =>
      apply(elementsOf(from, data, call), (element) => {
        spend(call, weight)
        return each.run(element, call)
      })
    return { run, isFixed, isFixedInside: source.isFixedInside && body.isFixedInside }
  }
}

function listAndRule(written: unknown, compiler: Compiler): readonly unknown[] {
  const args = listed(written, compiler)
  if (args.length < 2) compiler.refuse('bad_arguments', 'Give it a list and a rule for its elements.')
  return args
}

function elementsOf(source: Part, data: unknown, call: Call): readonly unknown[] {
  const list = source.run(data, call)
  if (!list) return []
  if (!Array.isArray(list)) throw NOT_A_LIST
  return list
}

/** `{"reduce": [list, rule, start]}`: within the rule there are `current` and `accumulator`. */
const reduce: Operator = (written, compiler) => {
  const args = listAndRule(written, compiler)
  const source = compiler.part(args[0], 0)
  const before = compiler.count
  const body = compiler.inside(args[1], 1)
  const weight = 1 + compiler.count - before
  const start = args.length > 2 ? compiler.part(args[2], 2) : undefined
  const isFixed = source.isFixed && body.isFixedInside && (start?.isFixed ?? true)
  const [from, each] = isFixed ? [source, body] : [compiler.settle(source, 0), compiler.settle(body, 1)]
  const first = start && (isFixed ? start : compiler.settle(start, 2))
  const run: Run = (data, call) => {
    const list = elementsOf(from, data, call)
    if (!first && list.length === 0) throw TOO_FEW
    let accumulator = first ? flat(first.run(data, call), call) : list[0]
    for (let index = first ? 0 : 1; index < list.length; index += 1) {
      spend(call, weight)
      accumulator = flat(each.run({ accumulator, current: list[index] }, call), call)
    }
    return accumulator
  }
  const isFixedInside = source.isFixedInside && body.isFixedInside && (start?.isFixedInside ?? true)
  return { run, isFixed, isFixedInside }
}

/** As flagd bounds it: what grows with every element must not grow in depth too. */
function flat(value: unknown, call: Call): unknown {
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.values(value)
  spend(call, inner.length)
  if (inner.some((each) => typeof each === 'object' && each !== null)) throw TOO_NESTED
  return value
}

/** Lists one after the other; what is no list counts as one of itself. */
const merge = eager((values, call) => {
  const merged: unknown[] = []
  for (const value of values) {
    const list = Array.isArray(value) ? value : [value]
    if (merged.length + list.length > LIST_LENGTH_MAX) throw TOO_LONG
    spend(call, list.length)
    for (const each of list) merged.push(each)
  }
  return merged
})

export const lists: Record<string, Operator> = {
  map: overElements((list, visit) => list.map((each) => visit(each))),
  filter: overElements((list, visit) => list.filter((each) => isTruthy(visit(each)))),
  // Of nothing, "all" is not said: a list that is missing must open no door.
  all: overElements((list, visit) => list.length > 0 && list.every((each) => isTruthy(visit(each)))),
  none: overElements((list, visit) => !list.some((each) => isTruthy(visit(each)))),
  some: overElements((list, visit) => list.some((each) => isTruthy(visit(each)))),
  reduce,
  merge,
}
