import type { Step } from './explain.ts'
import { isRule, isTruthy } from './rule.ts'

const SHOWN_MAX = 80

/** One step in words. `below` are the steps it looked at itself. */
export function describeStep(step: Step, below: readonly Step[]): string {
  if (step.error !== undefined) return `${step.operator} fails: ${step.error}`
  const say = sayings.get(step.operator)
  return say ? say(step, below) : `${step.operator} gives ${show(step.value)}`
}

type Say = (step: Step, below: readonly Step[]) => string

const sayings: ReadonlyMap<string, Say> = new Map<string, Say>([
  ['var', sayVar],
  ['if', sayIf],
  ['and', (step) => (step.value ? 'all of them hold' : 'not all of them hold')],
  ['or', (step) => (step.value ? 'one of them holds' : 'none of them holds')],
  ['!', (step, below) => `${argument(step, below, 0)} is ${step.value ? 'not so' : 'so'}`],
  ['==', between('equals', 'does not equal')],
  ['===', between('equals', 'does not equal')],
  ['!=', between('differs from', 'does not differ from')],
  ['!==', between('differs from', 'does not differ from')],
  ['<', between('is less than', 'is not less than')],
  ['<=', between('is at most', 'is more than')],
  ['>', between('is greater than', 'is not greater than')],
  ['>=', between('is at least', 'is less than')],
  ['in', between('is in', 'is not in')],
  ['starts_with', between('starts with', 'does not start with')],
  ['ends_with', between('ends with', 'does not end with')],
  ['sem_ver', saySemVer],
  ['fractional', sayFractional],
])

function between(yes: string, no: string): Say {
  return (step, below) => {
    const [a, b] = [argument(step, below, 0), argument(step, below, 1)]
    if (step.value === null) return `${a} cannot be compared with ${b}`
    return `${a} ${step.value ? yes : no} ${b}`
  }
}

function sayVar(step: Step): string {
  const written = step.rule.var
  const path = Array.isArray(written) ? written[0] : written
  const name =
    path === '' || path === null || path === undefined ? 'all of it' : typeof path === 'object' ? 'what it names' : path
  return step.value === null ? `${name} is not there` : `${name} is ${show(step.value)}`
}

/** Which condition decided, counted from 1. */
function sayIf(step: Step, below: readonly Step[]): string {
  const args = step.rule.if
  const gives = show(step.value)
  if (!Array.isArray(args)) return `if gives ${gives}`
  for (let index = 0; index + 1 < args.length; index += 2) {
    const seen = below.find((one) => one.argument === index)
    // Computed when the flag was compiled: it has no step of its own.
    if (!seen && isRule(args[index])) return `if gives ${gives}`
    if (isTruthy(seen ? seen.value : args[index])) return `condition ${index / 2 + 1} is met, so ${gives}`
  }
  return `no condition is met, so ${gives}`
}

function saySemVer(step: Step, below: readonly Step[]): string {
  const [a, sign, b] = [0, 1, 2].map((index) => argument(step, below, index))
  if (step.value === null) return `${a} or ${b} is no version`
  return `${a} ${sign?.replaceAll('"', '')} ${b} is ${step.value ? 'so' : 'not so'}`
}

function sayFractional({ bucket, value }: Step): string {
  if (!bucket) return 'there is no key to deal out by, or the buckets are not as they must be: no variant'
  const { by, position, total, weights, chosen } = bucket
  const place = `${show(by)} falls on ${Math.floor(position)} of ${total}`
  if (chosen < 0) return `${place}, which is in no bucket`
  const from = weights.slice(0, chosen).reduce((sum, weight) => sum + weight, 0)
  return `${place}, which is in ${show(value)} (${from} to ${from + weights[chosen]! - 1})`
}

/** What an argument was: as it came out, or as it is written there. */
function argument(step: Step, below: readonly Step[], index: number): string {
  const written = step.rule[step.operator]
  const each = Array.isArray(written) ? written[index] : written
  if (!isRule(each)) return show(each)
  const seen = below.find((one) => one.argument === (Array.isArray(written) ? index : undefined))
  if (!seen) return show(each)
  return seen.operator === 'var' ? sayShort(seen) : show(seen.value)
}

/** `plan "free"` rather than `plan is "free"`, inside another sentence. */
function sayShort(step: Step): string {
  const written = step.rule.var
  const path = Array.isArray(written) ? written[0] : written
  return typeof path === 'string' && path !== '' ? `${path} ${show(step.value)}` : show(step.value)
}

function show(value: unknown): string {
  const text = textOf(value)
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}

/** What a caller put into the context need not be JSON. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value
  } catch {
    return typeof value
  }
}
