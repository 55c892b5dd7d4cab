import { type FlagDefinition, isObject } from './definition.ts'
import { attributeName, operation, sayTest, sayValue, word } from './say-test.ts'

/** What a flag does, in one sentence: "for plan is pro: 25 % on, 75 % off, sticky by targetingKey; otherwise off". */
export function sayRule(flag: FlagDefinition): string {
  return cut(sayRules(flag).join('; '), SENTENCE_LENGTH_MAX)
}

/** Longer than this nobody reads it as a sentence. */
const SENTENCE_LENGTH_MAX = 1_000
/** Branches said; the rest are counted. */
const BRANCHES_MAX = 30

/** The same, a branch a line. */
export function sayRules({ state, targeting, defaultVariant }: FlagDefinition): string[] {
  if (state === 'DISABLED') return ['switched off: the default of the code for everybody']
  const otherwise = defaultVariant ? word(defaultVariant) : CODE_DEFAULT
  if (!targeting || Object.keys(targeting).length === 0) return [`${otherwise} for everybody`]
  return branchesOf(targeting, otherwise, 0)
}

const CODE_DEFAULT = 'the default of the code'
/** Deeper than a sentence can be followed. */
const DEPTH_MAX = 4

interface Branch {
  test: unknown
  gives: unknown
}

function branchesOf(rule: unknown, otherwise: string, depth: number): string[] {
  const { branches, rest } = unfold(rule)
  const said: string[] = []
  for (const { test, gives } of branches.slice(0, BRANCHES_MAX)) {
    const outcome = sayOutcome(gives, otherwise, depth)
    if (test === true) return [...said, said.length === 0 ? `${outcome} for everybody` : `otherwise ${outcome}`]
    said.push(`for ${sayTest(test)}: ${outcome}`)
  }
  const more = branches.length - BRANCHES_MAX
  if (more > 0) said.push(`and ${more} more branches`)
  const last = sayOutcome(rest, otherwise, depth)
  if (said.length > 0) return [...said, `otherwise ${last}`]
  return [isObject(rest) ? last : `${last} for everybody`]
}

/** The branches of an `if`, also of one that stands in the place of another's last. */
function unfold(rule: unknown): { branches: Branch[]; rest: unknown } {
  const branches: Branch[] = []
  let rest = rule
  for (;;) {
    const { name, args } = operation(rest)
    if (name !== 'if' || !args || args.length === 0) return { branches, rest }
    for (let index = 0; index + 1 < args.length; index += 2)
      branches.push({ test: args[index], gives: args[index + 1] })
    rest = args.length % 2 === 1 ? args.at(-1) : null
  }
}

function sayOutcome(rule: unknown, otherwise: string, depth: number): string {
  if (rule === null || rule === undefined) return otherwise
  if (typeof rule !== 'object') return word(String(rule))
  const { name, args } = operation(rule)
  if (name === 'fractional') return saySplit(args, rule, otherwise)
  if (name === '$ref') return `what segment ${word(String((rule as { $ref: unknown }).$ref))} gives`
  if (name === 'if' && depth < DEPTH_MAX) return `(${branchesOf(rule, otherwise, depth + 1).join('; ')})`
  return `the variant named by ${sayValue(rule)}`
}

/** "25 % on, 75 % off, sticky by targetingKey". */
function saySplit(args: readonly unknown[] | undefined, rule: unknown, otherwise: string): string {
  if (!args || args.length === 0) return `dealt out as ${sayValue((rule as { fractional: unknown }).fractional)} says`
  const hasKey = !Array.isArray(args[0])
  const buckets = (hasKey ? args.slice(1) : args).filter(Array.isArray) as unknown[][]
  const sticky = hasKey ? sayKey(args[0]) : 'sticky by targetingKey'
  if (buckets.length === 0) return `dealt out as ${sayValue(args[0])} says`
  return `${sayShares(buckets, otherwise)}, ${sticky}`
}

function sayShares(buckets: readonly unknown[][], otherwise: string): string {
  const weights = buckets.map((bucket) => (bucket.length > 1 ? bucket[1] : 1))
  const isKnown = weights.every((weight) => typeof weight === 'number')
  const total = isKnown ? (weights as number[]).reduce((sum, weight) => sum + Math.max(0, weight), 0) : 0
  const shares = buckets.slice(0, BRANCHES_MAX).map(([variant], index) => {
    const name = sayOutcome(variant, otherwise, DEPTH_MAX)
    const weight = weights[index]
    if (!isKnown) return `${name} with weight ${sayValue(weight)}`
    return `${sayPercent(Math.max(0, weight as number), total)} ${name}`
  })
  const more = buckets.length - BRANCHES_MAX
  return more > 0 ? `${shares.join(', ')} and ${more} more` : shares.join(', ')
}

/** `12.5 %`; of nothing, nothing. */
export function sayPercent(weight: number, total: number): string {
  if (total === 0) return '0 %'
  const percent = (weight / total) * 100
  const rounded = Number(percent.toFixed(3))
  // Somebody may be in it, and somebody outside.
  if (rounded === 0 && weight > 0) return 'under 0.001 %'
  if (rounded === 100 && weight < total) return 'over 99.999 %'
  return `${rounded} %`
}

function sayKey(by: unknown): string {
  const { name, args } = operation(by)
  const [first, second, ...more] = name === 'cat' ? (args ?? []) : []
  const isPerFlag = attributeName(first) === '$flagd.flagKey' && more.length === 0
  const own = isPerFlag ? attributeName(second) : undefined
  if (own !== undefined) return `sticky by ${word(own)}`
  const shared = attributeName(by)
  return shared === undefined ? `sticky by ${sayValue(by)}` : `sticky by ${word(shared)}, alike in all flags dealt so`
}

const cut = (text: string, lengthMax: number) => (text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text)

/** What a segment asks: "plan is pro and country is one of US, CA". */
export function saySegment(rule: unknown): string {
  return cut(sayTest(rule), SENTENCE_LENGTH_MAX)
}
