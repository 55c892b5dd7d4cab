import fc from 'fast-check'
import type { FlagContext, FlagDefinition } from '../definition.ts'

/** Flags and contexts as people write them, and now and then as nobody should. */

const NAMES = [
  'plan',
  'country',
  'age',
  'tags',
  'scores',
  'version',
  'email',
  'isBeta',
  'user.name',
  'user.level',
  'gone',
]
const TEXTS = ['pro', 'free', 'US', 'DE', '', '1', '2.5', '2024-05-01', '1.2.3', 'usr_1@example.com']
const VERSIONS = [
  '1.2.3',
  '1.2',
  '2',
  'v2.0.0',
  '1.0.0-rc.1',
  '1.0.0-rc.2+build',
  'none',
  '01.2.3',
  ' 1.2.3',
  '1.2.3.4',
]
const VARIANTS = { on: 'on!', off: 'off!', true: 'yes', false: 'no', '1': 'one' }
/** Far from now, so that a second that passes between two evaluators changes nothing. */
const INSTANTS = [1_000_000_000, 9_000_000_000]

const text = fc.constantFrom(...TEXTS)
const number = fc.oneof(fc.integer({ min: -5, max: 40 }), fc.constantFrom(0.5, 2.5, -0.25))
const name = fc.constantFrom(...NAMES)
const scalar = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 3, arbitrary: number },
  fc.boolean(),
  fc.constant(null),
)
const value = fc.oneof({ weight: 6, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }), fc.constant({}))

export const contexts: fc.Arbitrary<FlagContext> = fc.record(
  {
    targetingKey: fc.oneof(
      { weight: 5, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 12 }) },
      fc.integer(),
    ),
    plan: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('pro', 'free') }, value),
    country: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('US', 'DE') }, value),
    age: fc.oneof({ weight: 4, arbitrary: number }, value),
    tags: fc.oneof({ weight: 4, arbitrary: fc.array(text, { maxLength: 4 }) }, value),
    scores: fc.oneof({ weight: 4, arbitrary: fc.array(number, { maxLength: 4 }) }, value),
    version: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...VERSIONS) }, value),
    email: fc.oneof({ weight: 4, arbitrary: text }, value),
    isBeta: fc.oneof({ weight: 4, arbitrary: fc.boolean() }, value),
    // Nothing falsy but null: below it flagd finds undefined where it interprets, and null where it compiles.
    user: fc.oneof(
      { weight: 4, arbitrary: fc.record({ name: text, level: number }, { requiredKeys: [] }) },
      fc.constantFrom<unknown>(null, 5, 'Ann', ['Ann']),
    ),
    $flagd: fc.constant({ flagKey: 'forged', timestamp: 0 }),
  },
  { requiredKeys: [] },
)

/** How deep rules nest: deep enough that each operator meets each other. */
const DEPTH_MAX = 4

const kinds = fc.letrec<Record<'any' | 'test' | 'count' | 'words' | 'list' | 'inner', unknown>>((tie) => {
  const leaf = fc.oneof(
    fc.record({ var: name }),
    fc.record({ var: fc.tuple(name, scalar) }),
    fc.record({ var: fc.tuple(name) }),
    scalar,
  )
  const rule = (maker: fc.Arbitrary<unknown>) => fc.oneof({ maxDepth: DEPTH_MAX, depthSize: 'small' }, leaf, maker)
  const [any, test, count, words, list] = [tie('any'), tie('test'), tie('count'), tie('words'), tie('list')]
  const on = (operator: string, args: fc.Arbitrary<unknown>) => args.map((written) => ({ [operator]: written }))
  const listOf = (each: fc.Arbitrary<unknown>, minLength: number, maxLength: number) =>
    fc.array(each, { minLength, maxLength })
  const comparison = fc.constantFrom('==', '===', '!=', '!==', '>', '>=', '<', '<=')
  const tests = fc.oneof(
    fc.tuple(comparison, any, leaf).map(([sign, a, b]) => ({ [sign]: [a, b] })),
    fc.tuple(fc.constantFrom('<', '<='), count, leaf, leaf).map(([sign, ...args]) => ({ [sign]: args })),
    on('in', fc.tuple(words, fc.oneof(list, words))),
    fc.tuple(fc.constantFrom('and', 'or'), listOf(test, 1, 3)).map(([each, args]) => ({ [each]: args })),
    fc.tuple(fc.constantFrom('!', '!!'), fc.oneof(any, fc.tuple(any))).map(([each, args]) => ({ [each]: args })),
    fc.tuple(fc.constantFrom('starts_with', 'ends_with'), words, words).map(([each, a, b]) => ({ [each]: [a, b] })),
    on(
      'sem_ver',
      fc.tuple(
        fc.oneof(fc.record({ var: fc.constant('version') }), fc.constantFrom(...VERSIONS), any),
        fc.constantFrom('=', '!=', '<', '<=', '>', '>=', '^', '~', '=='),
        fc.constantFrom(...VERSIONS),
      ),
    ),
    fc
      .tuple(comparison, fc.constantFrom(...INSTANTS))
      .map(([sign, instant]) => ({ [sign]: [{ var: '$flagd.timestamp' }, instant] })),
    fc
      .tuple(fc.constantFrom('some', 'all', 'none'), list, tie('inner'))
      .map(([each, over, inner]) => ({ [each]: [over, inner] })),
    on('missing_some', fc.tuple(fc.integer({ min: 0, max: 3 }), listOf(name, 1, 3))),
  )
  const counts = fc.oneof(
    fc.tuple(fc.constantFrom('+', '-', '*', '/', '%'), listOf(count, 2, 3)).map(([sign, args]) => ({ [sign]: args })),
    fc.tuple(fc.constantFrom('+', '-'), fc.tuple(count)).map(([sign, args]) => ({ [sign]: args })),
    fc
      .tuple(fc.constantFrom('max', 'min'), fc.oneof(list, listOf(count, 1, 3)))
      .map(([each, args]) => ({ [each]: args })),
    list.map((over) => ({ reduce: [over, { '+': [{ var: 'current' }, { var: 'accumulator' }] }, 0] })),
    number,
  )
  return {
    any: rule(fc.oneof(tests, counts, words, list)),
    test: rule(tests),
    count: rule(counts),
    words: rule(
      fc.oneof(
        on('cat', fc.oneof(listOf(fc.oneof(words, count), 1, 3), fc.record({ var: name }))),
        on('substr', fc.tuple(words, fc.integer({ min: -4, max: 4 }))),
        on('substr', fc.tuple(words, fc.integer({ min: -4, max: 4 }), fc.integer({ min: -3, max: 4 }))),
        fc.constant({ var: '$flagd.flagKey' }),
        text,
      ),
    ),
    list: fc.oneof(
      { maxDepth: DEPTH_MAX, depthSize: 'small' },
      fc.array(scalar, { maxLength: 10 }),
      fc.record({ var: name }),
      fc.constantFrom({ var: 'tags' }, { var: 'scores' }),
      on('merge', listOf(list, 1, 3)),
      on('missing', listOf(name, 0, 3)),
      fc
        .tuple(fc.constantFrom('map', 'filter'), list, tie('inner'))
        .map(([each, over, inner]) => ({ [each]: [over, inner] })),
    ),
    inner: fc.oneof(
      fc.record({ var: fc.constant('') }),
      fc.tuple(comparison, scalar).map(([sign, against]) => ({ [sign]: [{ var: '' }, against] })),
      fc.constantFrom(
        { '*': [{ var: '' }, 2] },
        { cat: [{ var: '' }, '!'] },
        { var: 'name' },
        { in: [{ var: '' }, ['1', 2]] },
      ),
      scalar,
    ),
  }
})

const weight = fc.oneof(
  { weight: 6, arbitrary: fc.nat(100) },
  fc.constantFrom<unknown>(-5, 0, 2_147_483_647, 1.5, '50', { '-': [{ var: 'age' }, 10] }),
)
const outcome = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<unknown>('on', 'off', true, false, 1) },
  fc.constantFrom<unknown>(null, 'nobody', { var: 'plan' }),
)
const bucket = fc.oneof({ weight: 5, arbitrary: fc.tuple(outcome, weight) }, fc.tuple(outcome))
const dealt = fc.oneof(
  fc.array(bucket, { minLength: 1, maxLength: 4 }),
  fc
    .tuple(fc.oneof(fc.record({ var: name }), kinds.words), fc.array(bucket, { minLength: 1, maxLength: 4 }))
    .map(([by, buckets]) => [by, ...buckets]),
)
const fractional = dealt.map((written) => ({ fractional: written }))
const branch = fc.oneof({ weight: 3, arbitrary: outcome }, fractional)

export const rules: fc.Arbitrary<unknown> = fc.oneof(
  fc.tuple(kinds.test, branch, branch).map((args) => ({ if: args })),
  fc.tuple(kinds.test, branch).map((args) => ({ if: args })),
  fc.tuple(kinds.test, branch, kinds.test, branch, branch).map((args) => ({ if: args })),
  fc.tuple(fc.record({ $ref: fc.constantFrom('shared', 'other') }), branch, branch).map((args) => ({ if: args })),
  fractional,
  kinds.any,
)

export const evaluators: fc.Arbitrary<Record<string, unknown>> = fc.record({ shared: kinds.test, other: kinds.test })

const metadata = fc.dictionary(fc.constantFrom('owner', 'version', 'isOld'), fc.oneof(text, number, fc.boolean()))

export const flags: fc.Arbitrary<FlagDefinition> = fc.record(
  {
    state: fc.oneof({ weight: 9, arbitrary: fc.constant('ENABLED' as const) }, fc.constant('DISABLED' as const)),
    variants: fc.constant(VARIANTS),
    defaultVariant: fc.constantFrom('on', 'off', null, ''),
    targeting: fc.oneof({ weight: 9, arbitrary: rules }, fc.constant({}), fc.constant(null)),
    metadata,
  },
  { requiredKeys: ['state', 'variants'] },
)

export const setMetadata = metadata
