import { TEXT_LENGTH_MAX } from '../definition.ts'
import {
  type Call,
  eager,
  isRule,
  join,
  joinUnfixed,
  NOT_A_LIST,
  NOT_A_TEXT,
  type Operator,
  type Part,
  partsOf,
  type Run,
  spend,
  TOO_LONG,
} from '../rule.ts'
import { compareVersions } from '../sem-ver.ts'

/** From here on a set is faster than going through the list. */
const SET_FROM = 8
/** How many elements of a list, or characters of a text, are searched for the price of one visit. */
const SEARCHED_AT_ONCE = 16

/** `{"in": ["US", ["US", "CA"]]}`, and `{"in": ["b", "abc"]}`. In nothing there is nothing. */
const isIn: Operator = (written, compiler) => {
  if (isRule(written)) return eager(([item, within], call) => includes(within, item, call))(written, compiler)
  const parts = partsOf(Array.isArray(written) ? written : [written], compiler)
  return join(parts, compiler, ([item, within]) => {
    if (item === undefined || within === undefined) return () => false
    const known = within.constant?.value
    if (Array.isArray(known)) return known.length < SET_FROM ? inFew(item, known) : inSet(item, new Set(known))
    return (data, call) => includes(within.run(data, call), item.run(data, call), call)
  })
}

function inFew({ run }: Part, list: readonly unknown[]): Run {
  return (data, call) => {
    const value = run(data, call)
    for (let index = 0; index < list.length; index += 1) if (list[index] === value) return true
    return false
  }
}

const inSet = (item: Part, set: ReadonlySet<unknown>): Run => {
  const { run } = item
  return (data, call) => set.has(run(data, call))
}

function includes(within: unknown, item: unknown, call: Call): boolean {
  if (!within) return false
  if (typeof within !== 'string' && !Array.isArray(within)) throw NOT_A_LIST
  spend(call, Math.floor(within.length / SEARCHED_AT_ONCE))
  return (within as unknown[]).includes(item)
}

/** Nothing, where there is null: "hello null" greets nobody. */
const cat: Operator = (written, compiler) => {
  if (isRule(written)) return eager((values) => concatenate(values))(written, compiler)
  const parts = partsOf(Array.isArray(written) ? written : [written], compiler)
  return join(parts, compiler, (ready) => {
    if (ready.length !== 2) return (data, call) => concatenate(ready.map((part) => part.run(data, call)))
    const [a, b] = [ready[0]!.run, ready[1]!.run]
    return (data, call) => {
      const [left, right] = [a(data, call), b(data, call)]
      return typeof left === 'string' && typeof right === 'string' ? bounded(left + right) : concatenate([left, right])
    }
  })
}

function concatenate(values: readonly unknown[]): string {
  let text = ''
  for (const value of values) if (value !== null && value !== undefined) text = bounded(`${text}${value}`)
  return text
}

function bounded(text: string): string {
  if (text.length > TEXT_LENGTH_MAX) throw TOO_LONG
  return text
}

/** `{"substr": [text, from, length]}`: a negative `from` counts from the end, a negative `length` leaves as much off. */
const substr = eager(([text, from, length]) => {
  if (typeof text !== 'string') throw NOT_A_TEXT
  const begin = toInteger(from) < 0 ? Math.max(text.length + toInteger(from), 0) : toInteger(from)
  if (length === undefined) return text.slice(begin)
  if ((length as number) < 0) return text.slice(begin, Math.max(text.length + toInteger(length), begin))
  return text.slice(begin, begin + toInteger(length))
})

const toInteger = (value: unknown) => Math.trunc(Number(value)) || 0

/** null, not false, where there are no two texts. */
function edge(test: (text: string, part: string) => boolean): Operator {
  const compare = (a: unknown, b: unknown) => (typeof a === 'string' && typeof b === 'string' ? test(a, b) : null)
  const slowly = eager((values) => (values.length === 2 ? compare(values[0], values[1]) : null), joinUnfixed)
  return (written, compiler) => {
    if (!Array.isArray(written) || written.length !== 2) return slowly(written, compiler)
    return joinUnfixed(partsOf(written, compiler), compiler, ([text, part]) => {
      const [a, b] = [text!.run, part!.run]
      return (data, call) => compare(a(data, call), b(data, call))
    })
  }
}

/** `{"sem_ver": [version, ">=", "2.1.0"]}`; null where something is no version. */
const semVer = eager(
  (values) => (values.length === 3 ? compareVersions(values[0], values[1], values[2]) : null),
  joinUnfixed,
)

export const texts: Record<string, Operator> = {
  in: isIn,
  cat,
  substr,
  starts_with: edge((text, part) => text.startsWith(part)),
  ends_with: edge((text, part) => text.endsWith(part)),
  sem_ver: semVer,
}
