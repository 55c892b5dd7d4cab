import { isObject } from './definition.ts'

/** A rule as a form shows it: who gets what, from the top; who is in none of the rules gets `otherwise`. */
export interface PlainTargeting {
  rules: PlainRule[]
  otherwise: PlainOutcome
}

export interface PlainRule {
  match: 'all' | 'any'
  /** None: everybody. */
  conditions: PlainCondition[]
  outcome: PlainOutcome
}

export type PlainCondition =
  /** `values` has none, one or many, as `comparisons` says. */
  { attribute: string; is: Comparison; values: PlainValue[] } | { segment: string; is: 'in' | 'not-in' }

export type PlainValue = string | number | boolean

export type PlainOutcome =
  /** The default variant of the flag. */
  { kind: 'default' } | { kind: 'variant'; variant: string } | PlainSplit

export interface PlainSplit {
  kind: 'split'
  /** The attribute that people are dealt out by; whoever has the same gets the same. */
  by: string
  /** The same people come first in every flag that is dealt out so. Otherwise each flag deals anew. */
  isShared: boolean
  /** Whole numbers; a share is its weight of their sum. */
  shares: PlainShare[]
}

export interface PlainShare {
  variant: string
  weight: number
}

export type Comparison = keyof typeof comparisons

/** Every comparison a form offers: how many values it takes, and how it is said. */
export const comparisons = {
  is: { takes: 'one', says: 'is' },
  'is-not': { takes: 'one', says: 'is not' },
  equals: { takes: 'one', says: 'equals (5 and "5" alike)' },
  differs: { takes: 'one', says: 'does not equal (5 and "5" alike)' },
  'one-of': { takes: 'many', says: 'is one of' },
  'none-of': { takes: 'many', says: 'is none of' },
  contains: { takes: 'one', says: 'contains' },
  'contains-not': { takes: 'one', says: 'does not contain' },
  'starts-with': { takes: 'one', says: 'starts with' },
  'starts-not-with': { takes: 'one', says: 'does not start with' },
  'ends-with': { takes: 'one', says: 'ends with' },
  'ends-not-with': { takes: 'one', says: 'does not end with' },
  less: { takes: 'one', says: 'is less than' },
  'at-most': { takes: 'one', says: 'is at most' },
  greater: { takes: 'one', says: 'is greater than' },
  'at-least': { takes: 'one', says: 'is at least' },
  'version-is': { takes: 'one', says: 'is version' },
  'version-is-not': { takes: 'one', says: 'is not version' },
  'version-below': { takes: 'one', says: 'is a version below' },
  'version-at-most': { takes: 'one', says: 'is at most version' },
  'version-above': { takes: 'one', says: 'is a version above' },
  'version-at-least': { takes: 'one', says: 'is at least version' },
  'version-same-major': { takes: 'one', says: 'has the major version of' },
  'version-same-minor': { takes: 'one', says: 'has the major and minor version of' },
  there: { takes: 'none', says: 'is there' },
  missing: { takes: 'none', says: 'is missing' },
  set: { takes: 'none', says: 'is set' },
  'not-set': { takes: 'none', says: 'is not set' },
} as const satisfies Record<string, { takes: 'none' | 'one' | 'many'; says: string }>

export const TARGETING_KEY = 'targetingKey'
const FLAG_KEY = '$flagd.flagKey'

/** Signs that stand between an attribute and one value. */
const SIGNS = {
  is: '===',
  'is-not': '!==',
  equals: '==',
  differs: '!=',
  less: '<',
  'at-most': '<=',
  greater: '>',
  'at-least': '>=',
  'starts-with': 'starts_with',
  'ends-with': 'ends_with',
} as const satisfies Partial<Record<Comparison, string>>
const VERSION_SIGNS = {
  'version-is': '=',
  'version-is-not': '!=',
  'version-below': '<',
  'version-at-most': '<=',
  'version-above': '>',
  'version-at-least': '>=',
  'version-same-major': '^',
  'version-same-minor': '~',
} as const satisfies Partial<Record<Comparison, string>>
/** Written as the other within `!`. */
const OPPOSITES = {
  'none-of': 'one-of',
  'contains-not': 'contains',
  'starts-not-with': 'starts-with',
  'ends-not-with': 'ends-with',
} as const satisfies Partial<Record<Comparison, Comparison>>

type Json = Record<string, unknown>

/** The rule as flagd reads it; `{}` where everybody gets the default variant. */
export function writeTargeting({ rules, otherwise }: PlainTargeting): Json {
  const last = writeOutcome(otherwise)
  if (rules.length === 0) {
    if (otherwise.kind === 'default') return {}
    return otherwise.kind === 'split' ? (last as Json) : { if: [true, last] }
  }
  const branches = rules.flatMap((rule) => [writeConditions(rule), writeOutcome(rule.outcome)])
  return { if: last === null ? branches : [...branches, last] }
}

function writeConditions({ match, conditions }: Pick<PlainRule, 'match' | 'conditions'>): unknown {
  const written = conditions.map(writeCondition)
  if (written.length === 0) return true
  return written.length === 1 ? written[0] : { [match === 'all' ? 'and' : 'or']: written }
}

/** Conditions alone: what a segment is made of. */
export function writeSegment(of: Pick<PlainRule, 'match' | 'conditions'>): unknown {
  return writeConditions(of)
}

function writeCondition(condition: PlainCondition): Json {
  if ('segment' in condition) {
    const inside = { $ref: condition.segment }
    return condition.is === 'in' ? inside : { '!': [inside] }
  }
  const { attribute, is, values } = condition
  const opposite = OPPOSITES[is as keyof typeof OPPOSITES]
  if (opposite) return { '!': [writeCondition({ attribute, is: opposite, values })] }
  const read = { var: attribute }
  const [value = ''] = values
  const sign = SIGNS[is as keyof typeof SIGNS]
  if (sign) return { [sign]: [read, value] }
  const versionSign = VERSION_SIGNS[is as keyof typeof VERSION_SIGNS]
  if (versionSign) return { sem_ver: [read, versionSign, value] }
  if (is === 'one-of') return { in: [read, [...values]] }
  if (is === 'contains') return { in: [value, read] }
  if (is === 'there') return { '!==': [read, null] }
  if (is === 'missing') return { '===': [read, null] }
  return { [is === 'set' ? '!!' : '!']: [read] }
}

function writeOutcome(outcome: PlainOutcome): unknown {
  if (outcome.kind === 'default') return null
  if (outcome.kind === 'variant') return outcome.variant
  const { by, isShared, shares } = outcome
  const buckets = shares.map(({ variant, weight }) => [variant, weight])
  if (isShared) return { fractional: [{ var: by }, ...buckets] }
  if (by === TARGETING_KEY) return { fractional: buckets }
  return { fractional: [{ cat: [{ var: FLAG_KEY }, { var: by }] }, ...buckets] }
}

/** undefined: the rule is richer than a form can show, and only its JSON is edited. */
export function readTargeting(targeting: unknown): PlainTargeting | undefined {
  if (targeting === undefined || targeting === null) return { rules: [], otherwise: { kind: 'default' } }
  if (!isObject(targeting)) return undefined
  if (Object.keys(targeting).length === 0) return { rules: [], otherwise: { kind: 'default' } }
  const rules: PlainRule[] = []
  let rest: unknown = targeting
  // An `if` in the place of the last branch goes on where the one before it ends.
  for (;;) {
    const branches = argumentsOf(rest, 'if')
    if (!branches) break
    if (branches.length < 2) return undefined
    for (let index = 0; index + 1 < branches.length; index += 2) {
      const conditions = readConditions(branches[index])
      const outcome = readOutcome(branches[index + 1])
      if (!conditions || !outcome) return undefined
      rules.push({ ...conditions, outcome })
    }
    rest = branches.length % 2 === 1 ? branches.at(-1) : null
  }
  const otherwise = readOutcome(rest)
  if (!otherwise) return undefined
  const [only] = rules
  const isForAll = rules.length === 1 && only!.conditions.length === 0 && otherwise.kind === 'default'
  return isForAll && only!.outcome.kind === 'variant' ? { rules: [], otherwise: only!.outcome } : { rules, otherwise }
}

/** What a segment is made of; undefined: richer. */
export function readSegment(rule: unknown): Pick<PlainRule, 'match' | 'conditions'> | undefined {
  return readConditions(rule)
}

function readConditions(rule: unknown): Pick<PlainRule, 'match' | 'conditions'> | undefined {
  if (rule === true) return { match: 'all', conditions: [] }
  for (const [sign, match] of [
    ['and', 'all'],
    ['or', 'any'],
  ] as const) {
    const parts = argumentsOf(rule, sign)
    if (!parts) continue
    const conditions = parts.map(readCondition)
    if (parts.length === 0 || conditions.includes(undefined)) return undefined
    return { match: parts.length === 1 ? 'all' : match, conditions: conditions as PlainCondition[] }
  }
  const condition = readCondition(rule)
  return condition && { match: 'all', conditions: [condition] }
}

function readCondition(rule: unknown): PlainCondition | undefined {
  if (!isObject(rule)) return undefined
  const { $ref: segment } = rule
  if (typeof segment === 'string' && hasOnly(rule, '$ref')) return { segment, is: 'in' }
  if (hasOnly(rule, '!')) return readNegation(oneOf(rule['!']))
  if (hasOnly(rule, '!!')) return aboutAttribute(oneOf(rule['!!']), 'set')
  const [name = ''] = Object.keys(rule)
  const args = argumentsOf(rule, name)
  return args && (readBetween(name, args) ?? readIn(name, args) ?? readVersion(name, args))
}

function readNegation(inner: unknown): PlainCondition | undefined {
  const bare = aboutAttribute(inner, 'not-set')
  if (bare) return bare
  const condition = readCondition(inner)
  if (!condition) return undefined
  if ('segment' in condition) return condition.is === 'in' ? { ...condition, is: 'not-in' } : undefined
  const [opposite] = Object.entries(OPPOSITES).find(([, positive]) => positive === condition.is) ?? []
  return opposite === undefined ? undefined : { ...condition, is: opposite as Comparison }
}

const aboutAttribute = (rule: unknown, is: Comparison): PlainCondition | undefined => {
  const attribute = attributeOf(rule)
  return attribute === undefined ? undefined : { attribute, is, values: [] }
}

function readBetween(name: string, [left, value, ...more]: readonly unknown[]): PlainCondition | undefined {
  const attribute = attributeOf(left)
  if (attribute === undefined || more.length > 0) return undefined
  if (value === null) {
    if (name === '===') return { attribute, is: 'missing', values: [] }
    return name === '!==' ? { attribute, is: 'there', values: [] } : undefined
  }
  const [is] = Object.entries(SIGNS).find(([, sign]) => sign === name) ?? []
  return is !== undefined && isPlainValue(value) ? { attribute, is: is as Comparison, values: [value] } : undefined
}

function readIn(name: string, [item, within, ...more]: readonly unknown[]): PlainCondition | undefined {
  if (name !== 'in' || more.length > 0) return undefined
  const [attribute, container] = [attributeOf(item), attributeOf(within)]
  if (attribute !== undefined && Array.isArray(within) && within.every(isPlainValue))
    return { attribute, is: 'one-of', values: [...within] }
  if (container !== undefined && isPlainValue(item)) return { attribute: container, is: 'contains', values: [item] }
  return undefined
}

function readVersion(name: string, [left, sign, version, ...more]: readonly unknown[]): PlainCondition | undefined {
  const attribute = attributeOf(left)
  if (name !== 'sem_ver' || attribute === undefined || more.length > 0 || !isPlainValue(version)) return undefined
  const [is] = Object.entries(VERSION_SIGNS).find(([, each]) => each === sign) ?? []
  return is === undefined ? undefined : { attribute, is: is as Comparison, values: [version] }
}

function readOutcome(rule: unknown): PlainOutcome | undefined {
  if (rule === null || rule === undefined) return { kind: 'default' }
  if (isPlainValue(rule)) return { kind: 'variant', variant: String(rule) }
  const buckets = argumentsOf(rule, 'fractional')
  if (!buckets || buckets.length === 0) return undefined
  const by = readBy(buckets[0])
  const shares = (by ? buckets.slice(1) : buckets).map(readShare)
  if (shares.length === 0 || shares.includes(undefined)) return undefined
  return { kind: 'split', ...(by ?? { by: TARGETING_KEY, isShared: false }), shares: shares as PlainShare[] }
}

function readBy(rule: unknown): Pick<PlainSplit, 'by' | 'isShared'> | undefined {
  const attribute = attributeOf(rule)
  if (attribute !== undefined) return { by: attribute, isShared: true }
  const [flagKey, key, ...more] = argumentsOf(rule, 'cat') ?? []
  const by = attributeOf(key)
  // Of the targeting key, the short form says nearly the same and deals otherwise: that stays JSON.
  const isOurs = attributeOf(flagKey) === FLAG_KEY && by !== undefined && by !== TARGETING_KEY && more.length === 0
  return isOurs ? { by, isShared: false } : undefined
}

function readShare(bucket: unknown): PlainShare | undefined {
  if (!Array.isArray(bucket) || bucket.length === 0 || bucket.length > 2) return undefined
  const [variant, weight = 1] = bucket as unknown[]
  if (!isPlainValue(variant) || !Number.isSafeInteger(weight) || (weight as number) < 0) return undefined
  return { variant: String(variant), weight: weight as number }
}

const isPlainValue = (value: unknown): value is PlainValue =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)

const hasOnly = (rule: Json, name: string) => Object.hasOwn(rule, name) && Object.keys(rule).length === 1

/** The list that stands behind the one operator. */
function argumentsOf(rule: unknown, name: string): readonly unknown[] | undefined {
  if (!isObject(rule) || !hasOnly(rule, name)) return undefined
  const args = rule[name]
  return Array.isArray(args) ? args : undefined
}

/** `{"!": x}` and `{"!": [x]}` are one. */
function oneOf(written: unknown): unknown {
  return Array.isArray(written) ? (written.length === 1 ? written[0] : undefined) : written
}

/** The attribute that a `var` reads, if it reads one and has no value to stand in for it. */
function attributeOf(rule: unknown): string | undefined {
  if (!isObject(rule) || !hasOnly(rule, 'var')) return undefined
  const path = oneOf(rule.var)
  return typeof path === 'string' && path !== '' ? path : undefined
}
