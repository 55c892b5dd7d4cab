import { isObject } from './definition.ts'

/** More of a list, or of conditions in a row, are counted instead of said. */
const LISTED_MAX = 10
/** Deeper than this nobody follows; the rest is named as what it is. */
const DEPTH_MAX = 8
/** A longer name or text is cut. */
const WORD_LENGTH_MAX = 60
const SIMPLE_WORD = /^[\p{L}\p{N}_$@][\p{L}\p{M}\p{N}_$@.:/+-]*$/u
/** A text that looks like something else wears quotes. */
const OTHER_THAN_TEXT = /^(?:true|false|null|[+-]?\d.*|and|or|not|its?|the|otherwise|for)$/

/** Where a rule stands: how deep, and whether `var` reads from an element of a list. */
interface Place {
  depth: number
  isInside: boolean
}
const TOP: Place = { depth: 0, isInside: false }
const below = ({ depth, isInside }: Place): Place => ({ depth: depth + 1, isInside })
const insideOf = ({ depth }: Place): Place => ({ depth: depth + 1, isInside: true })

/** A rule as a condition: "plan is pro and country is one of US, CA". */
export function sayTest(rule: unknown): string {
  return test(rule, TOP)
}

/** A rule as a value: "plan", "the greatest of a and 3". */
export function sayValue(rule: unknown): string {
  return value(rule, TOP)
}

/** The one operator of a rule and its list of arguments; none for what is no rule. */
export function operation(rule: unknown): { name: string | undefined; args: readonly unknown[] | undefined } {
  if (!isObject(rule)) return { name: undefined, args: undefined }
  const [name] = Object.keys(rule)
  const written = name === undefined ? undefined : rule[name]
  return { name, args: Array.isArray(written) ? written : undefined }
}

/** The path that a bare `var` reads. */
export function attributeName(rule: unknown): string | undefined {
  if (!isObject(rule) || !Object.hasOwn(rule, 'var')) return undefined
  const path = Array.isArray(rule.var) ? (rule.var.length === 1 ? rule.var[0] : undefined) : rule.var
  return typeof path === 'string' && path !== '' ? path : undefined
}

/** A text as it stands, or in quotes where it could be taken for something else. */
export function word(text: string): string {
  const shown = text.length > WORD_LENGTH_MAX ? `${text.slice(0, WORD_LENGTH_MAX)}…` : text
  return SIMPLE_WORD.test(text) && !OTHER_THAN_TEXT.test(text) && shown === text ? text : JSON.stringify(shown)
}

type Say = (args: readonly unknown[], place: Place) => string | undefined

/** How a condition is said, and how its contrary. */
const tests: ReadonlyMap<string, readonly [yes: Say, no: Say]> = new Map<string, readonly [Say, Say]>([
  ['===', [same('is', 'is missing'), same('is not', 'is there')]],
  ['!==', [same('is not', 'is there'), same('is', 'is missing')]],
  ['==', [alike('is', 'equals'), alike('is not', 'does not equal')]],
  ['!=', [alike('is not', 'does not equal'), alike('is', 'equals')]],
  ['<', [ordered('is less than', 'is greater than'), ordered('is not less than', 'is not greater than')]],
  ['<=', [ordered('is at most', 'is at least'), ordered('is not at most', 'is not at least')]],
  ['>', [ordered('is greater than', 'is less than'), ordered('is not greater than', 'is not less than')]],
  ['>=', [ordered('is at least', 'is at most'), ordered('is not at least', 'is not at most')]],
  ['in', [contained('is one of', 'contains'), contained('is none of', 'does not contain')]],
  ['starts_with', [between('starts with'), between('does not start with')]],
  ['ends_with', [between('ends with'), between('does not end with')]],
  ['sem_ver', [version(''), version('not ')]],
  ['some', [elements('for one of', ''), elements('for none of', '')]],
  ['none', [elements('for none of', ''), elements('for one of', '')]],
  ['all', [elements('for every one of', ''), elements('not for every one of', ', or there is none')]],
  ['missing', [names('at least one is missing of'), names('none is missing of')]],
])

function test(rule: unknown, place: Place): string {
  if (!isObject(rule)) return isConstantSo(rule) ? 'anybody' : 'nobody'
  const { name = '', args = [] } = operation(rule)
  if (place.depth >= DEPTH_MAX) return 'more than can be said here holds'
  if (name === 'and' || name === 'or') return joined(name, args, place)
  if (name === '!') return denied(only(rule['!']), place)
  if (name === '!!') return test(only(rule['!!']), below(place))
  if (name === '$ref') return `in segment ${word(String(rule.$ref))}`
  return tests.get(name)?.[0](args, place) ?? `${value(rule, place)} is set`
}

/** As JSONLogic takes it: an empty list is no. */
const isConstantSo = (rule: unknown) => (Array.isArray(rule) ? rule.length > 0 : Boolean(rule))

function denied(rule: unknown, place: Place): string {
  if (!isObject(rule)) return isConstantSo(rule) ? 'nobody' : 'anybody'
  const { name = '', args = [] } = operation(rule)
  if (name === '$ref') return `not in segment ${word(String(rule.$ref))}`
  if (name === '!') return test(only(rule['!']), below(place))
  if (name === '!!') return denied(only(rule['!!']), below(place))
  if (name === 'and' || name === 'or') return `not (${joined(name, args, below(place))})`
  return tests.get(name)?.[1](args, place) ?? `${value(rule, place)} is not set`
}

function joined(sign: 'and' | 'or', args: readonly unknown[], place: Place): string {
  if (args.length === 0) return 'nobody'
  const said = args.slice(0, LISTED_MAX).map((each) => {
    const { name } = operation(each)
    const text = test(each, below(place))
    return (name === 'and' || name === 'or') && name !== sign ? `(${text})` : text
  })
  const more = args.length - LISTED_MAX
  return [...said, ...(more > 0 ? [`${more} more conditions`] : [])].join(` ${sign} `)
}

const isConstant = (rule: unknown) => !isObject(rule)

/** Whichever side the attribute stands on, it is named first. */
function sides([left, right]: readonly unknown[]): readonly [unknown, unknown] {
  return isConstant(left) && !isConstant(right) ? [right, left] : [left, right]
}

function same(is: string, ofNull: string): Say {
  return (args, place) => {
    if (args.length !== 2) return undefined
    const [left, right] = sides(args)
    return right === null ? `${value(left, place)} ${ofNull}` : `${value(left, place)} ${is} ${object(right, place)}`
  }
}

/** A text that is no number is the same as itself alone, also loosely. */
function alike(is: string, equals: string): Say {
  return (args, place) => {
    if (args.length !== 2) return undefined
    const [left, right] = sides(args)
    const isPlain = typeof right === 'string' && right.trim() !== '' && Number.isNaN(Number(right))
    return `${value(left, place)} ${isPlain ? is : equals} ${object(right, place)}`
  }
}

function ordered(says: string, turned: string): Say {
  return (args, place) => {
    const [first, second, third] = args
    if (args.length === 2) {
      if (isTime(first) && typeof second === 'number') return `the time ${says} ${instant(second)}`
      if (isTime(second) && typeof first === 'number') return `the time ${turned} ${instant(first)}`
      const isTurned = isConstant(first) && !isConstant(second)
      return isTurned
        ? `${value(second, place)} ${turned} ${object(first, place)}`
        : `${value(first, place)} ${says} ${object(second, place)}`
    }
    // "between": each is compared with the one behind it.
    if (args.length !== 3 || says.includes(' not ')) return undefined
    return `${value(second, place)} ${turned} ${object(first, place)} and ${says} ${object(third, place)}`
  }
}

const isTime = (rule: unknown) => attributeName(rule) === '$flagd.timestamp'
/** Seconds of the epoch that are a time at all; others stay numbers. */
function instant(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000Z', 'Z')
}

function contained(ofList: string, ofText: string): Say {
  return (args, place) => {
    if (args.length !== 2) return undefined
    const [item, within] = args
    if (Array.isArray(within)) return `${value(item, place)} ${ofList} ${list(within, place)}`
    return `${value(within, place)} ${ofText} ${object(item, place)}`
  }
}

function between(says: string): Say {
  return ([left, right, ...more], place) =>
    right === undefined || more.length > 0 ? undefined : `${value(left, place)} ${says} ${object(right, place)}`
}

const VERSION_WORDS: ReadonlyMap<unknown, string> = new Map([
  ['=', 'version'],
  ['!=', 'a version other than'],
  ['<', 'a version below'],
  ['<=', 'at most version'],
  ['>', 'a version above'],
  ['>=', 'at least version'],
  ['^', 'of the same major version as'],
  ['~', 'of the same major and minor version as'],
])

function version(not: string): Say {
  return ([left, sign, right, ...more], place) => {
    const says = VERSION_WORDS.get(sign)
    if (says === undefined || right === undefined || more.length > 0) return undefined
    const against = typeof right === 'string' ? right.slice(0, WORD_LENGTH_MAX) : object(right, place)
    return `${value(left, place)} is ${not}${says} ${against}`
  }
}

function elements(quantity: string, addition: string): Say {
  return ([over, rule, ...more], place) => {
    if (rule === undefined || more.length > 0) return undefined
    return `${quantity} ${value(over, below(place))} (${test(rule, insideOf(place))})${addition}`
  }
}

function names(says: string): Say {
  return (args, place) =>
    args.length > 0 && args.every((name) => typeof name === 'string') ? `${says} ${list(args, place)}` : undefined
}

function only(written: unknown): unknown {
  return Array.isArray(written) ? (written[0] ?? null) : written
}

/** Behind a comparison, an attribute must not be taken for a text. */
function object(rule: unknown, place: Place): string {
  return attributeName(rule) === undefined ? value(rule, place) : `the value of ${value(rule, place)}`
}

const values: ReadonlyMap<string, Say> = new Map<string, Say>([
  ['+', row('the sum of')],
  ['*', row('the product of')],
  ['-', (args, place) => (args.length === 1 ? `minus ${value(args[0], below(place))}` : chain('minus')(args, place))],
  ['/', chain('divided by')],
  ['%', chain('modulo')],
  ['max', row('the greatest of')],
  ['min', row('the least of')],
  ['merge', row('the elements of')],
  ['cat', row('the text put together of')],
  ['missing', row('those missing of')],
  ['missing_some', sayMissingSome],
  ['substr', saySubstring],
  ['map', sayOver((over, body) => `each of ${over} made into ${body}`, value)],
  ['filter', sayOver((over, body) => `those of ${over} for which ${body}`, test)],
  ['reduce', sayReduction],
  ['if', sayChoice],
  ['and', row('the first that is not set, or else the last, of')],
  ['or', row('the first that is set, or else the last, of')],
])

function value(rule: unknown, place: Place): string {
  if (typeof rule === 'string') return word(rule)
  if (Array.isArray(rule)) return `(${list(rule, place)})`
  if (!isObject(rule)) return JSON.stringify(rule) ?? 'null'
  if (place.depth >= DEPTH_MAX) return 'more than can be said here'
  const { name = '', args } = operation(rule)
  if (name === 'var') return attribute(rule.var, place)
  if (name === '$ref') return `what segment ${word(String(rule.$ref))} gives`
  if (name === 'fractional') return 'a share dealt out'
  const whole = args ?? (isObject(rule[name]) ? undefined : [rule[name]])
  const said = whole && values.get(name)?.(whole, place)
  if (said !== undefined) return said
  if (tests.has(name) || name === '!' || name === '!!') {
    // What a computed list comes to cannot be said one by one.
    if (whole && (name.startsWith('!') || tests.get(name)![0](whole, place) !== undefined))
      return `whether ${test(rule, place)}`
  }
  return whole ? `${name} of ${list(whole, place)}` : `${name} of ${value(rule[name], below(place))}`
}

function attribute(written: unknown, place: Place): string {
  const [path, ...instead] = Array.isArray(written) ? written : [written]
  const name = pathName(path, place)
  if (instead.length === 0 || instead[0] === null) return name
  return `${name} (or ${value(instead[0], below(place))} where it is missing)`
}

function pathName(path: unknown, place: Place): string {
  if (isObject(path)) return `the attribute named by ${value(path, below(place))}`
  if (path === '' || path === null || path === undefined) return place.isInside ? 'it' : 'the whole context'
  if (path === '$flagd.timestamp' && !place.isInside) return 'the time in seconds'
  if (path === '$flagd.flagKey' && !place.isInside) return 'the key of the flag'
  return place.isInside ? `its ${word(String(path))}` : word(String(path))
}

function list(args: readonly unknown[], place: Place): string {
  if (args.length === 0) return 'nothing'
  const said = args.slice(0, LISTED_MAX).map((each) => value(each, below(place)))
  const more = args.length - LISTED_MAX
  return more > 0 ? `${said.join(', ')} and ${more} more` : said.join(', ')
}

function row(says: string): Say {
  return (args, place) => `${says} (${list(args, place)})`
}

function chain(says: string): Say {
  return (args, place) => {
    const shown = args.slice(0, LISTED_MAX).map((each) => value(each, below(place)))
    if (args.length > LISTED_MAX) shown.push(`${args.length - LISTED_MAX} more`)
    return `(${shown.join(` ${says} `)})`
  }
}

function sayMissingSome([least, of]: readonly unknown[], place: Place): string | undefined {
  if (!Array.isArray(of)) return undefined
  return `those missing of (${list(of, place)}) unless at least ${value(least, below(place))} are there`
}

function saySubstring([text, from, length]: readonly unknown[], place: Place): string | undefined {
  if (from === undefined) return undefined
  const end = length === undefined ? '' : ` for ${value(length, below(place))} characters`
  return `the part of ${value(text, below(place))} from place ${value(from, below(place))}${end}`
}

function sayOver(say: (over: string, body: string) => string, sayBody: (rule: unknown, place: Place) => string): Say {
  return ([over, rule], place) =>
    rule === undefined ? undefined : `(${say(value(over, below(place)), sayBody(rule, insideOf(place)))})`
}

function sayReduction([over, rule, start]: readonly unknown[], place: Place): string | undefined {
  if (rule === undefined) return undefined
  const from = start === undefined ? '' : `, beginning with ${value(start, below(place))}`
  return `(${value(over, below(place))} gathered one by one by ${value(rule, insideOf(place))}${from})`
}

function sayChoice(args: readonly unknown[], place: Place): string {
  if (args.length === 0) return 'null'
  const said: string[] = []
  const pairs = args.slice(0, LISTED_MAX * 2)
  for (let index = 0; index + 1 < pairs.length; index += 2)
    said.push(`${value(pairs[index + 1], below(place))} for ${test(pairs[index], below(place))}`)
  const rest = args.length % 2 === 1 ? args.at(-1) : null
  const more = args.length > pairs.length ? ['and so on'] : []
  return `(${[...said, ...more, `otherwise ${value(rest, below(place))}`].join('; ')})`
}
