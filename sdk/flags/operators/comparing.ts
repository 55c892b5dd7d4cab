import { join, numberOf, type Operator, type Part, partsOf, type Run } from '../rule.ts'
import { listed } from './deciding.ts'

type Test = (a: unknown, b: unknown) => boolean

/** Two texts are compared as they stand, and so is null with a text or null; everything else as numbers. */
const isTextOrNull = (value: unknown) => typeof value === 'string' || value === null

function loosely(test: Test): Test {
  return (a, b) => (isTextOrNull(a) && isTextOrNull(b) ? test(a, b) : test(numberOf(a), numberOf(b)))
}

const isSame: Test = (a, b) => a === b
const isOther: Test = (a, b) => a !== b

/** With three arguments "between": `{"<": [1, x, 5]}`. */
function comparison(test: Test): Operator {
  return (written, compiler) => {
    const parts = partsOf(listed(written, compiler), compiler)
    if (parts.length < 2) compiler.refuse('bad_arguments', 'Give the comparison two values.')
    return join(parts, compiler, (ready) => (ready.length === 2 ? compareTwo(ready, test) : compareAll(ready, test)))
  }
}

function compareTwo([left, right]: readonly Part[], test: Test): Run {
  const [a, b] = [left!.run, right!.run]
  return (data, call) => test(a(data, call), b(data, call))
}

function compareAll(parts: readonly Part[], test: Test): Run {
  return (data, call) => {
    let previous = parts[0]!.run(data, call)
    for (let index = 1; index < parts.length; index += 1) {
      const current = parts[index]!.run(data, call)
      if (!test(previous, current)) return false
      previous = carried(previous, current)
    }
    return true
  }
}

/** What the next value is compared with: once null has stood for 0, or 0 for null, it stays so. */
function carried(previous: unknown, current: unknown): unknown {
  if (isTextOrNull(previous) && isTextOrNull(current)) return current
  if (previous === null && !current) return null
  return current === null && !previous ? 0 : current
}

export const comparing: Record<string, Operator> = {
  '==': comparison(loosely(isSame)),
  '!=': comparison(loosely(isOther)),
  '===': comparison(isSame),
  '!==': comparison(isOther),
  '<': comparison(loosely((a, b) => (a as number) < (b as number))),
  '<=': comparison(loosely((a, b) => (a as number) <= (b as number))),
  '>': comparison(loosely((a, b) => (a as number) > (b as number))),
  '>=': comparison(loosely((a, b) => (a as number) >= (b as number))),
}
