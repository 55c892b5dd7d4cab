import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FlagDefinition } from './definition.ts'
import { writeTargeting } from './plain-rule.ts'
import { resultsOf } from './results-of.ts'
import { sayFlagChange } from './say-change.ts'
import { sayRule, sayRules, saySegment } from './say-rule.ts'
import { evaluators, flags } from './testing/definitions.ts'
import { plainTargetings } from './testing/plain-targetings.ts'

const flag = (targeting?: unknown, more: Partial<FlagDefinition> = {}): FlagDefinition => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  ...(targeting !== undefined && { targeting }),
  ...more,
})
const half = {
  fractional: [
    ['on', 1],
    ['off', 1],
  ],
}

test('a rule is one sentence', () => {
  const plan = { '===': [{ var: 'plan' }, 'pro'] }
  const country = { in: [{ var: 'country' }, ['US', 'CA']] }
  const cases: [FlagDefinition, string][] = [
    [flag(), 'off for everybody'],
    [flag({}), 'off for everybody'],
    [flag(undefined, { defaultVariant: null }), 'the default of the code for everybody'],
    [flag(plan, { state: 'DISABLED' }), 'switched off: the default of the code for everybody'],
    [
      flag({
        if: [
          { and: [plan, country] },
          {
            fractional: [
              ['on', 25],
              ['off', 75],
            ],
          },
        ],
      }),
      'for plan is pro and country is one of US, CA: 25 % on, 75 % off, sticky by targetingKey; otherwise off',
    ],
    [flag({ if: [true, 'on'] }), 'on for everybody'],
    [
      flag({ if: [plan, 'on', country, null, 'on'] }),
      'for plan is pro: on; for country is one of US, CA: off; otherwise on',
    ],
    [
      flag({ if: [plan, 'on', { if: [country, 'on'] }] }),
      'for plan is pro: on; for country is one of US, CA: on; otherwise off',
    ],
    [
      flag({ if: [plan, { if: [country, 'on'] }, 'on'] }),
      'for plan is pro: (for country is one of US, CA: on; otherwise off); otherwise on',
    ],
    [flag(half), '50 % on, 50 % off, sticky by targetingKey'],
    [
      flag({ fractional: [{ var: 'org' }, ['on', 1], ['off', 2]] }),
      '33.333 % on, 66.667 % off, sticky by org, alike in all flags dealt so',
    ],
    [
      flag({ fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'org' }] }, ['on', 1], [null, 999_999_999]] }),
      'under 0.001 % on, over 99.999 % off, sticky by org',
    ],
    [
      flag({
        fractional: [
          ['on', { var: 'w' }],
          ['off', 5],
        ],
      }),
      'on with weight w, off with weight 5, sticky by targetingKey',
    ],
    [flag({ fractional: [['on', 0]] }), '0 % on, sticky by targetingKey'],
    [flag(country), 'the variant named by whether country is one of US, CA'],
    [flag({ var: 'plan' }), 'the variant named by plan'],
    [flag({ $ref: 'beta' }), 'what segment beta gives'],
    [
      flag({ if: [plan, { cat: ['o', { var: 'x' }] }] }),
      'for plan is pro: the variant named by the text put together of (o, x); otherwise off',
    ],
    [flag({ if: [plan, 'a, b'] }), 'for plan is pro: "a, b"; otherwise off'],
  ]
  for (const [definition, sentence] of cases) assert.equal(sayRule(definition), sentence)
})

test('every operator of the schema is said in words', () => {
  const a = { var: 'a' }
  const cases: [unknown, string][] = [
    [{ '==': [a, 'x'] }, 'a is x'],
    [{ '==': [a, '5'] }, 'a equals "5"'],
    [{ '==': ['x', a] }, 'a is x'],
    [{ '!=': [a, 5] }, 'a does not equal 5'],
    [{ '===': [a, null] }, 'a is missing'],
    [{ '!==': [a, null] }, 'a is there'],
    [{ '!': [{ '===': [a, null] }] }, 'a is there'],
    [{ '===': [a, { var: 'b' }] }, 'a is the value of b'],
    [{ '===': [a, 'true'] }, 'a is "true"'],
    [{ '<': [a, 5] }, 'a is less than 5'],
    [{ '<': [5, a] }, 'a is greater than 5'],
    [{ '!': { '<=': [a, 5] } }, 'a is not at most 5'],
    [{ '<': [1, a, 5] }, 'a is greater than 1 and is less than 5'],
    [{ '<=': [1, a, 5] }, 'a is at least 1 and is at most 5'],
    [{ '>': [a, 5] }, 'a is greater than 5'],
    [{ '>=': [5, a] }, 'a is at most 5'],
    [{ '>=': [{ var: '$flagd.timestamp' }, 1_800_000_000] }, 'the time is at least 2027-01-15T08:00:00Z'],
    [{ in: [a, ['x', 1]] }, 'a is one of x, 1'],
    [{ '!': [{ in: [a, ['x']] }] }, 'a is none of x'],
    [{ in: ['x', a] }, 'a contains x'],
    [{ in: [a, { var: 'b' }] }, 'b contains the value of a'],
    [{ starts_with: [a, 'x'] }, 'a starts with x'],
    [{ '!': { ends_with: [a, '@acme.test'] } }, 'a does not end with @acme.test'],
    [{ sem_ver: [a, '>=', '2.0.0'] }, 'a is at least version 2.0.0'],
    [{ '!': { sem_ver: [a, '^', '2.0.0'] } }, 'a is not of the same major version as 2.0.0'],
    [{ or: [a, { and: [a, { '!': a }] }] }, 'a is set or (a is set and a is not set)'],
    [{ '!': { and: [a, { var: 'b' }] } }, 'not (a is set and b is set)'],
    [{ '!!': [a] }, 'a is set'],
    [{ $ref: 'beta' }, 'in segment beta'],
    [{ '!': { $ref: 'beta' } }, 'not in segment beta'],
    [{ '===': [{ var: ['plan', 'free'] }, 'free'] }, 'plan (or free where it is missing) is free'],
    [{ missing: ['a', 'b'] }, 'at least one is missing of a, b'],
    [{ '!': { missing: ['a'] } }, 'none is missing of a'],
    [{ missing_some: [1, ['a', 'b']] }, 'those missing of (a, b) unless at least 1 are there is set'],
    [{ '==': [{ '%': [a, 2] }, 0] }, '(a modulo 2) equals 0'],
    [{ '>': [{ '+': [a, { '*': [2, { var: 'b' }] }] }, 3] }, 'the sum of (a, the product of (2, b)) is greater than 3'],
    [{ '<': [{ '-': [a] }, { '/': [a, 2] }] }, 'minus a is less than (a divided by 2)'],
    [{ '<': [{ max: [a, 1] }, { min: [a, 2] }] }, 'the greatest of (a, 1) is less than the least of (a, 2)'],
    [{ in: ['x', { merge: [a, ['y']] }] }, 'the elements of (a, (y)) contains x'],
    [{ '===': [{ substr: [a, -3, 2] }, 'x'] }, 'the part of a from place -3 for 2 characters is x'],
    [{ some: [a, { '===': [{ var: '' }, 'x'] }] }, 'for one of a (it is x)'],
    [{ none: [a, { '===': [{ var: 'k' }, 'x'] }] }, 'for none of a (its k is x)'],
    [{ all: [a, { var: '' }] }, 'for every one of a (it is set)'],
    [{ '!': { all: [a, { var: '' }] } }, 'not for every one of a (it is set), or there is none'],
    [{ in: [1, { map: [a, { '+': [{ var: '' }, 1] }] }] }, '(each of a made into the sum of (it, 1)) contains 1'],
    [{ filter: [a, { '>': [{ var: '' }, 1] }] }, '(those of a for which it is greater than 1) is set'],
    [
      { '>': [{ reduce: [a, { '+': [{ var: 'current' }, { var: 'accumulator' }] }, 0] }, 1] },
      '(a gathered one by one by the sum of (its current, its accumulator), beginning with 0) is greater than 1',
    ],
    [{ '===': [{ if: [a, 1, 2] }, 1] }, '(1 for a is set; otherwise 2) is 1'],
    [{ '===': [{ cat: ['x', a] }, 'xy'] }, 'the text put together of (x, a) is xy'],
    [
      { in: [a, Array.from({ length: 12 }, (_, index) => index)] },
      'a is one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more',
    ],
    [true, 'anybody'],
    [false, 'nobody'],
  ]
  for (const [rule, sentence] of cases) assert.equal(saySegment(rule), sentence)
})

test('every rule has a sentence, which names each variant that it may give', () => {
  fc.assert(
    fc.property(flags, evaluators, (definition, $evaluators) => {
      const sentence = sayRules(definition).join('; ')
      assert.ok(sentence.length > 0 && sayRule(definition).length <= 1_001)
      assert.doesNotMatch(sentence, /undefined|\[object|NaN/)
      // Behind `true` nobody comes, and what a segment gives is said there.
      const written = JSON.stringify(definition.targeting) ?? ''
      if (definition.state === 'DISABLED' || /\$ref|[[,]true,/.test(written)) return
      for (const result of resultsOf(definition.targeting, $evaluators)) {
        if (typeof result === 'string' && result !== '')
          assert.ok(sentence.includes(result), `${result} in: ${sentence}`)
      }
    }),
    { numRuns: 3_000 },
  )
})

test('two rules of a form that differ are not said alike', () => {
  fc.assert(
    fc.property(plainTargetings, plainTargetings, (one, other) => {
      const [a, b] = [writeTargeting(one), writeTargeting(other)]
      if (sayRules(flag(a)).join() === sayRules(flag(b)).join()) assert.equal(meaning(a), meaning(b))
    }),
    { numRuns: 2_000 },
  )
})

/** What is left out of a sentence: weights that stand for the same share, and the two ways to say the default variant. */
function meaning(targeting: unknown): string {
  const shares = (buckets: unknown[]) => {
    const own = buckets.filter(Array.isArray) as [string, number][]
    const total = own.reduce((sum, [, weight]) => sum + weight, 0) || 1
    return buckets.map((each) =>
      Array.isArray(each) ? [each[0], Math.round(((each[1] as number) / total) * 1e6)] : each,
    )
  }
  const text = JSON.stringify(targeting, (name, value: unknown) =>
    name === 'fractional' ? shares(value as unknown[]) : value,
  )
  return text.replaceAll('null', '"off"').replace(',"off"]}', ']}').replace('{"if":[true]}', '{}')
}

test('a rule as large as it may be is said in one short sentence', () => {
  const ids = Array.from({ length: 50_000 }, (_, index) => `usr_${index}`)
  assert.match(sayRule(flag({ if: [{ in: [{ var: 'id' }, ids] }, 'on'] })), /usr_9 and 49990 more: on; otherwise off$/)
  let deep: unknown = { var: 'a' }
  for (let depth = 0; depth < 99; depth += 1) deep = { and: [deep, { or: [deep, { var: 'b' }] }] }
  assert.ok(sayRule(flag({ if: [deep, 'on'] })).length <= 1_001)
})

test('a change is said a line each', () => {
  const ten = {
    if: [
      { $ref: 'beta' },
      {
        fractional: [
          ['on', 10],
          ['off', 90],
        ],
      },
    ],
  }
  const more = {
    if: [
      { $ref: 'beta' },
      {
        fractional: [
          ['on', 25],
          ['off', 75],
        ],
      },
    ],
  }
  const cases: [FlagDefinition | undefined, FlagDefinition | undefined, string[]][] = [
    [flag(), flag(), []],
    [flag(), flag(undefined, { defaultVariant: 'on' }), ['default variant: off → on']],
    [flag(), flag(undefined, { state: 'DISABLED' }), ['switched off']],
    [
      flag(ten),
      flag(more),
      ['rule 1: 10 % on, 90 % off, sticky by targetingKey → 25 % on, 75 % off, sticky by targetingKey'],
    ],
    [flag(), flag(more), ['rule added: for in segment beta: 25 % on, 75 % off, sticky by targetingKey']],
    [
      flag(ten),
      flag({ if: [true, 'on'] }),
      [
        'rule removed: for in segment beta: 10 % on, 90 % off, sticky by targetingKey',
        'otherwise: the default variant → on',
      ],
    ],
    [flag(), flag(undefined, { variants: { on: true, off: false, maybe: true } }), ['variant maybe added: true']],
    [flag(undefined, { metadata: { owner: 'ana' } }), flag(), ['metadata owner removed: it was ana']],
    [undefined, flag(), ['made: off for everybody']],
    [flag(), undefined, ['gone; it was: off for everybody']],
  ]
  for (const [before, after, lines] of cases) assert.deepEqual(sayFlagChange(before, after), lines)
})

test('a change that there is, is said, and one that there is not, is not', () => {
  fc.assert(
    fc.property(flags, flags, (before, after) => {
      const isSame = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after))
      if (!isSame) assert.ok(sayFlagChange(before, after).length > 0, JSON.stringify([before, after]))
      assert.deepEqual(sayFlagChange(before, structuredClone(before)), [])
    }),
    { numRuns: 1_000 },
  )
})

/** Ways to write the same: no rule, no default, no metadata. */
const sorted = ({ state, variants, defaultVariant, targeting, metadata }: FlagDefinition) => [
  state,
  variants,
  defaultVariant ?? null,
  Object.keys((targeting as object | null | undefined) ?? {}).length > 0 ? targeting : null,
  Object.entries(metadata ?? {}).sort(),
]
