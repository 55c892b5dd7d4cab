import { type Compiler, isTruthy, join, type Operator, type Part, partsOf, type Run } from '../rule.ts'

/** What is carried out one after the other wants its arguments as a list that is written there. */
export function listed(written: unknown, compiler: Compiler): readonly unknown[] {
  if (Array.isArray(written)) return written
  return compiler.refuse('bad_arguments', 'Write the arguments as a list.')
}

/** `{"if": [condition, then, condition, then, …, else]}`; without an `else` it is null. */
const decide: Operator = (written, compiler) => {
  const parts = partsOf(listed(written, compiler), compiler)
  return join(parts, compiler, (ready) => {
    if (ready.length === 0) return () => null
    if (ready.length === 1) return ready[0]!.run
    if (ready.length <= 3) return twoWays(ready)
    return manyWays(ready)
  })
}

function twoWays([condition, then, otherwise]: readonly Part[]): Run {
  const [test, yes] = [condition!.run, then!.run]
  const no = otherwise?.run ?? (() => null)
  return (data, call) => {
    const value = test(data, call)
    return value === true || (value !== false && isTruthy(value)) ? yes(data, call) : no(data, call)
  }
}

function manyWays(parts: readonly Part[]): Run {
  return (data, call) => {
    let index = 0
    for (; index + 1 < parts.length; index += 2) {
      if (isTruthy(parts[index]!.run(data, call))) return parts[index + 1]!.run(data, call)
    }
    return index < parts.length ? parts[index]!.run(data, call) : null
  }
}

/** The first value that is as looked for, or the last one. */
function firstThat(isWanted: (value: unknown) => boolean): Operator {
  return (written, compiler) =>
    join(partsOf(listed(written, compiler), compiler), compiler, (parts) => (data, call) => {
      let value: unknown = null
      for (let index = 0; index < parts.length; index += 1) {
        value = parts[index]!.run(data, call)
        if (isWanted(value)) return value
      }
      return value
    })
}

/** `{"!": [x]}` and `{"!": x}`. */
function judge(answer: (value: unknown) => boolean): Operator {
  return (written, compiler) => {
    const parts = Array.isArray(written) ? partsOf(written, compiler) : [compiler.part(written)]
    return join(
      parts,
      compiler,
      ([first]) =>
        (data, call) =>
          answer(first?.run(data, call)),
    )
  }
}

export const deciding: Record<string, Operator> = {
  if: decide,
  and: firstThat((value) => !isTruthy(value)),
  or: firstThat(isTruthy),
  '!': judge((value) => !isTruthy(value)),
  '!!': judge(isTruthy),
}
