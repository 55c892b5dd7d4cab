import type { FlagContext } from '../definition.ts'

/**
 * Where Holdfast does not answer as @openfeature/flagd-core 4.0.1 does, all of it. Each is proven by its example; those
 * that a rule can be written around have `inFlagd`, which says in flagd's words what we mean. The oracle test asks flagd
 * the rule so written, and then nothing may differ.
 */
export interface Difference {
  name: string
  reason: string
  /** The whole definition, or the flag `f` alone with its rule. */
  definition?: Record<string, unknown>
  rule?: unknown
  context?: FlagContext
  ours: Outcome
  theirs: Outcome
  inFlagd?(operator: string, args: unknown): Record<string, unknown> | undefined
}

/** A variant, or how it ended without one; `refuses` is flagd throwing the whole definition away. */
export type Outcome = string

const isOperation = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0

const flag = { state: 'ENABLED', variants: { on: 'on!', off: 'off!' }, defaultVariant: 'off' }
/** A text of 2 to the number of elements. */
const doubled = { reduce: [{ var: 'list' }, { cat: [{ var: 'accumulator' }, { var: 'accumulator' }] }, 'x'] }
/** What is looked at becomes a variant, so that an example shows what an operator said. */
const asVariant = (rule: unknown) => ({ if: [rule, 'on', 'off'] })

/** Without the shared variable; but there a default does not stand in for null, as it does where flagd compiles. */
function interpreted(rule: Record<string, unknown>): Record<string, unknown> {
  const [, otherwise] = Array.isArray(rule.var) ? rule.var : []
  return { if: [true, otherwise === undefined ? rule : { if: [{ '===': [rule, null] }, otherwise, rule] }] }
}

export const differences: readonly Difference[] = [
  {
    name: 'a key is hashed as UTF-8',
    reason:
      'flagd-core hashes UTF-16 units, where flagd itself, in Go, and every other language hash bytes: half of all users with an umlaut in their key would be dealt out otherwise here than there.',
    rule: { fractional: [{ var: 'name' }, ['on', 50], ['off', 50]] },
    context: { name: 'Łukasz' },
    ours: 'off',
    theirs: 'on',
  },
  {
    name: 'only own properties are read',
    reason: 'What a prototype brings was not told by the caller, and nobody may come by it.',
    rule: asVariant({ '===': [{ var: 'constructor.name' }, 'Object'] }),
    ours: 'off',
    theirs: 'on',
  },
  {
    name: 'a flag that is not one breaks itself alone',
    reason: 'flagd throws the whole definition away, and with it every answer that was right.',
    definition: { flags: { f: flag, g: { ...flag, state: 'ON' } } },
    ours: 'off',
    theirs: 'refuses',
  },
  {
    name: 'a default variant that does not exist breaks its flag alone',
    reason: 'As above.',
    definition: { flags: { f: flag, g: { ...flag, defaultVariant: 'none' } } },
    ours: 'off',
    theirs: 'refuses',
  },
  {
    name: 'flags may come as a list',
    reason: "The daemon's form is read as well; flagd-core takes the place in the list for the key.",
    definition: { flags: [{ ...flag, key: 'f' }] },
    ours: 'off',
    theirs: 'FLAG_NOT_FOUND',
  },
  {
    name: "flagd's own operators work within map, filter, some, all, none and reduce",
    reason: 'flagd-core looks there for its logger, does not find it and throws.',
    rule: asVariant({ some: [{ var: 'tags' }, { starts_with: [{ var: '' }, 'b'] }] }),
    context: { tags: ['beta'] },
    ours: 'on',
    theirs: 'GENERAL',
  },
  {
    name: '`../` in a path is a name like any other',
    reason: "json-logic-engine climbs out of an element with it; neither JSONLogic nor flagd's schema knows that.",
    rule: asVariant({ some: [[1], { '===': [{ var: '../../plan' }, 'pro'] }] }),
    context: { plan: 'pro' },
    ours: 'off',
    theirs: 'on',
  },
  {
    name: "operators that flagd's schema does not have do not exist",
    reason:
      'json-logic-engine brings ??, try, throw, val, exists, length, keys and others; no other flagd would know them.',
    rule: { '??': [{ var: 'plan' }, 'on'] },
    ours: 'PARSE_ERROR',
    theirs: 'on',
  },
  {
    name: 'a shared rule may refer to any other',
    reason: 'flagd replaces text once, in the order of writing: a reference to a rule that was written before is lost.',
    definition: {
      flags: { f: { ...flag, targeting: asVariant({ $ref: 'second' }) } },
      $evaluators: { first: { '==': [{ var: 'plan' }, 'pro'] }, second: { '!': [{ $ref: 'first' }] } },
    },
    ours: 'on',
    theirs: 'PARSE_ERROR',
  },
  {
    name: '$ref means something in a rule only',
    reason: 'flagd replaces text, also within the value of a variant.',
    definition: {
      flags: { f: { ...flag, variants: { on: 'on!', off: { $ref: 'shared' } } } },
      $evaluators: { shared: 'text' },
    },
    ours: 'TYPE_MISMATCH',
    theirs: 'off',
  },
  {
    name: 'what would fail for everybody is told when the flag is compiled',
    reason: 'flagd finds it when somebody comes by: GENERAL, or nothing at all, where it ought to be PARSE_ERROR.',
    rule: { if: [{ var: 'gone' }, { nope: 1 }] },
    ours: 'PARSE_ERROR',
    theirs: 'off',
  },
  {
    name: 'a filter that lets nothing through is compiled like any other',
    reason:
      'As above: flagd does not look at its list beforehand, and finds what fails for everybody when somebody comes by.',
    rule: { filter: [{ map: [['pro'], { '*': [{ var: '' }, 2] }] }, null] },
    ours: 'PARSE_ERROR',
    theirs: 'GENERAL',
    inFlagd: (operator, args) => {
      if (operator !== 'filter' || !Array.isArray(args) || isOperation(args[1]) || args[1]) return undefined
      return { filter: [args[0], { '!==': [{ var: '' }, { var: '' }] }] }
    },
  },
  {
    name: 'what could not be done for anybody is refused, also where flagd has nothing to do',
    reason: 'As above: of a list and no rule for its elements flagd makes an empty list, if the list is missing too.',
    rule: asVariant({ '!': [{ map: [] }] }),
    ours: 'PARSE_ERROR',
    theirs: 'on',
  },
  {
    name: 'an object without a name for its operator is no value',
    reason: 'As above: flagd takes `{"": 1}` for a value where it stands alone, and for an operator elsewhere.',
    rule: { '': 1 },
    ours: 'PARSE_ERROR',
    theirs: 'GENERAL',
  },
  {
    name: 'variants are an object',
    reason: 'flagd-core takes a text for its letters.',
    definition: { flags: { f: { ...flag, variants: 'text', defaultVariant: '0' } } },
    ours: 'PARSE_ERROR',
    theirs: '0',
  },
  {
    name: 'a flag may be pinned to another hash',
    reason: 'So that no upgrade moves anybody; flagd has changed its hash twice, and knows no pin.',
    definition: {
      flags: {
        f: {
          ...flag,
          targeting: { fractional: [{ var: 'name' }, ['on', 50], ['off', 50]] },
          metadata: { 'holdfast.hash': 'flagd-v1' },
        },
      },
    },
    context: { name: 'jack' },
    ours: 'on',
    theirs: 'off',
  },
  {
    name: 'what never changes is computed as what does',
    reason:
      'flagd-core interprets it while it compiles, by rules of its own: here `some` goes through the letters of a text.',
    rule: asVariant({ some: ['pro', { '===': [{ var: '' }, 'p'] }] }),
    ours: 'PARSE_ERROR',
    theirs: 'on',
  },
  {
    name: 'a quotient may be infinite, also one that never changes',
    reason: 'As above: interpreted it fails, compiled it does not.',
    rule: asVariant({ '>': [{ '/': [1e308, 1e-10] }, 1] }),
    ours: 'on',
    theirs: 'PARSE_ERROR',
  },
  {
    name: 'what a reduction starts with may be read from the context',
    reason: 'As above: flagd-core looks at the list and the rule alone to tell whether it ever changes.',
    rule: asVariant({
      '===': [{ reduce: [[1], { '+': [{ var: 'current' }, { var: 'accumulator' }] }, { var: 'age' }] }, 42],
    }),
    context: { age: 41 },
    ours: 'on',
    theirs: 'off',
  },
  {
    name: 'the least number for missing_some may be computed',
    reason:
      'flagd-core answers with that number in the place of the list: once more the variable that two sides share.',
    rule: asVariant({ in: ['phone', { missing_some: [{ var: 'least' }, ['phone']] }] }),
    context: { least: 1 },
    ours: 'on',
    theirs: 'GENERAL',
  },
  {
    name: 'the names for missing_some are a list',
    reason: 'flagd-core takes a text for its letters.',
    rule: asVariant({ in: ['x', { missing_some: [1, 'x'] }] }),
    ours: 'GENERAL',
    theirs: 'on',
  },
  {
    name: 'the empty path is all there is, and never missing',
    reason: 'flagd-core says so too when it is asked for three names or more.',
    rule: asVariant({ '!': [{ missing: [''] }] }),
    ours: 'on',
    theirs: 'off',
  },
  {
    name: 'arguments of what is carried out step by step are written as a list',
    reason: 'As above: a computed list fails in flagd for whoever comes by.',
    rule: { and: { var: 'list' } },
    ours: 'PARSE_ERROR',
    theirs: 'GENERAL',
  },
  {
    name: 'a rule has limits',
    reason: "A rule may be nested, be large and go through lists only so far: it runs inside somebody else's process.",
    rule: asVariant({ '===': [{ substr: [doubled, 0, 1] }, 'x'] }),
    context: { list: Array.from({ length: 21 }, () => 1) },
    ours: 'GENERAL',
    theirs: 'on',
  },
  {
    name: 'all of nothing is not so',
    reason:
      'flagd-core says yes when the list is missing, and no when it is empty; JSONLogic says no to both. What is missing must open no door.',
    rule: asVariant({ all: [{ var: 'gone' }, { '===': [{ var: '' }, 1] }] }),
    ours: 'off',
    theirs: 'on',
    inFlagd: (operator, args) => {
      if (operator !== 'all' || !Array.isArray(args)) return undefined
      const [list, rule] = args
      return { all: [{ if: [{ in: [list, [null, false, 0, '']] }, [], list] }, rule] }
    },
  },
  {
    name: 'cat writes nothing for null',
    reason:
      'So does JSONLogic, and so does flagd-core where it interprets; where it compiles it writes "null" or throws.',
    rule: asVariant({ '===': [{ cat: ['a', { var: 'gone' }] }, 'a'] }),
    ours: 'on',
    theirs: 'off',
    inFlagd: (operator, args) => {
      if (operator !== 'cat') return undefined
      const orNothing = (arg: unknown) => (isOperation(arg) ? { if: [{ '===': [arg, null] }, '', arg] } : (arg ?? ''))
      return { cat: Array.isArray(args) ? args.map(orNothing) : orNothing(args) }
    },
  },
  {
    name: 'a list is empty or it is not, also one that never changes',
    reason: 'What never changes flagd-core interprets, and there `!` and `!!` look at the first element of a list.',
    rule: asVariant({ '!': [{ merge: [[null]] }] }),
    ours: 'off',
    theirs: 'on',
    inFlagd: (operator, args) => {
      if (operator !== '!' && operator !== '!!') return undefined
      const value = Array.isArray(args) ? (args[0] ?? null) : args
      return { if: operator === '!' ? [value, false, true] : [value, true, false] }
    },
  },
  {
    name: 'an `if` without an else means what one with `null` means',
    reason:
      'flagd-core interprets it where it compiles the other, and the two disagree: of a text, `some` goes through the letters in one and fails in the other.',
    rule: { if: [{ some: [{ var: 'plan' }, { '===': [{ var: '' }, 'p'] }] }, 'on'] },
    context: { plan: 'pro' },
    ours: 'GENERAL',
    theirs: 'on',
    inFlagd: (operator, args) =>
      operator === 'if' && Array.isArray(args) && args.length === 2 ? { if: [...args, null] } : undefined,
  },
  {
    name: 'a comparison says the same whichever side an attribute stands on',
    reason:
      'flagd-core compiles both sides to code that shares one variable; with an attribute on the right it no longer sees the left one, and compares without the check that it makes the other way round.',
    rule: asVariant({ '==': [0, { var: 'gone' }] }),
    ours: 'on',
    theirs: 'off',
    inFlagd: (operator, args) => {
      if (!['==', '!=', '<', '<=', '>', '>='].includes(operator) || !Array.isArray(args)) return undefined
      return { [operator]: args.map((arg, index) => (index > 0 && isOperation(arg) ? interpreted(arg) : arg)) }
    },
  },
]

/** The rule, from the innermost out, so that flagd takes it as we do. */
export function inFlagdsWords(rule: unknown): unknown {
  if (Array.isArray(rule)) return rule.map(inFlagdsWords)
  if (!isOperation(rule)) return rule
  const [operator] = Object.keys(rule)
  if (operator === '$ref') return rule
  const written: unknown = { [operator!]: inFlagdsWords(rule[operator!]) }
  let said = written
  for (const { inFlagd } of differences) {
    const [name] = Object.keys(said as object)
    const next = name === operator ? inFlagd?.(operator!, (said as Record<string, unknown>)[operator!]) : undefined
    if (next) said = next
  }
  return said
}
