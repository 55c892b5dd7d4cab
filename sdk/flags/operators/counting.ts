import {
  type Compiler,
  eager,
  isRule,
  join,
  NOT_A_LIST,
  NOT_A_NUMBER,
  numberOf,
  type Operator,
  type Part,
  partsOf,
  TOO_FEW,
} from '../rule.ts'

interface Arithmetic {
  /** Fewer make no sense. */
  least: number
  /** Of no number at all, and of one. */
  none: number
  one(number: number): number
  two(a: number, b: number): number
  /** Whether one value that is no list will do, where a rule was to compute the list. */
  takesOne: boolean
  isDivision?: true
}

/**
 * Texts that are numbers are taken as numbers, null as 0. What comes out as no number is a fault of the evaluation, and
 * what is written as none a fault of the flag: it would fail for everybody.
 */
function arithmetic(kind: Arithmetic): Operator {
  return (written, compiler) => {
    if (isRule(written)) return overComputedList(kind, compiler.part(written), compiler)
    const list = Array.isArray(written) ? written : [written]
    if (list.length < kind.least) compiler.refuse('bad_arguments', `Give it at least ${kind.least} numbers.`)
    return join(partsOf(list, compiler), compiler, (parts) => {
      for (const [index, part] of parts.entries()) checkConstant(part, kind, index, compiler)
      return (data, call) => {
        let total = kind.none
        for (let index = 0; index < parts.length; index += 1) {
          const value = parts[index]!.run(data, call)
          total = index === 0 ? numberOf(value) : step(kind, total, value)
        }
        return checked(parts.length === 1 ? kind.one(total) : total)
      }
    })
  }
}

function step(kind: Arithmetic, total: number, value: unknown): number {
  const number = numberOf(value)
  if (kind.isDivision && number === 0) throw NOT_A_NUMBER
  return kind.two(total, number)
}

/** A list of which nothing is fixed yet is looked at when it is computed as a whole. */
function checkConstant(part: Part, kind: Arithmetic, index: number, compiler: Compiler): void {
  if (!part.constant) return
  const { value } = part.constant
  const number = typeof value === 'object' && value !== null ? Number.NaN : Number(value)
  if (Number.isNaN(number))
    compiler.refuse('never_computable', `Write a number in the place of ${JSON.stringify(value)}.`)
  const isZero = number === 0 && typeof value !== 'boolean' && value !== null
  if (kind.isDivision && isZero && index > 0) compiler.refuse('never_computable', 'Divide by something other than 0.')
}

function overComputedList(kind: Arithmetic, part: Part, compiler: Compiler): Part {
  return join([part], compiler, ([list]) => (data, call) => {
    const value = list!.run(data, call)
    if (!Array.isArray(value)) {
      if (kind.takesOne) return checked(kind.one(numberOf(value)))
      throw NOT_A_LIST
    }
    if (value.length < kind.least) throw TOO_FEW
    const [first, ...rest] = value
    const total = value.length === 0 ? kind.none : numberOf(first)
    return checked(
      value.length === 1 ? kind.one(total) : rest.reduce<number>((sum, each) => step(kind, sum, each), total),
    )
  })
}

function checked(number: number): number {
  if (Number.isNaN(number)) throw NOT_A_NUMBER
  return number
}

function inverse(number: number): number {
  if (number === 0) throw NOT_A_NUMBER
  return 1 / number
}

/** The greatest or the least; of numbers alone, since "10" is less than "9" for texts. */
function extreme(pick: (a: number, b: number) => number): Operator {
  return eager((values) => {
    if (values.length === 0) throw TOO_FEW
    let best = values[0] as number
    for (const value of values) {
      if (typeof value !== 'number') throw NOT_A_NUMBER
      best = pick(best, value)
    }
    return best
  })
}

const itself = (number: number) => number
export const counting: Record<string, Operator> = {
  '+': arithmetic({ least: 0, none: 0, one: itself, two: (a, b) => a + b, takesOne: true }),
  '-': arithmetic({ least: 1, none: 0, one: (a) => -a, two: (a, b) => a - b, takesOne: true }),
  '*': arithmetic({ least: 0, none: 1, one: itself, two: (a, b) => a * b, takesOne: false }),
  '/': arithmetic({ least: 1, none: 1, one: inverse, two: (a, b) => a / b, takesOne: false, isDivision: true }),
  '%': arithmetic({ least: 2, none: 0, one: itself, two: (a, b) => a % b, takesOne: false }),
  max: extreme((a, b) => (b > a ? b : a)),
  min: extreme((a, b) => (b < a ? b : a)),
}
