import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileFlags, evaluate, explain, type FlagContext } from '../evaluate.ts'
import { contexts, evaluators, flags } from './testing/definitions.ts'

const NOW_MS = Date.parse('2026-11-21T12:00:00Z')

function why(targeting: unknown, context: FlagContext, more: object = {}) {
  const f = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting }
  const flag = compileFlags({ flags: { f }, ...more }).flags.get('f')!
  return explain(flag, context, NOW_MS)
}
const told = (targeting: unknown, context: FlagContext) =>
  why(targeting, context).steps.map(({ depth, says }) => `${'  '.repeat(depth)}${says}`)

test('it says why this user got off', () => {
  const rule = {
    if: [
      { in: [{ var: 'plan' }, ['pro', 'team']] },
      {
        fractional: [
          ['on', 25],
          ['off', 75],
        ],
      },
    ],
  }
  assert.deepEqual(told(rule, { plan: 'free' }), [
    'no condition is met, so null',
    '  plan "free" is not in ["pro","team"]',
    '    plan is "free"',
  ])
  assert.match(why(rule, { plan: 'free' }).because, /default variant off counts/)
  const dealt = why(rule, { plan: 'pro', targetingKey: 'u1' })
  assert.deepEqual(dealt.steps.at(-1)?.bucket, {
    by: 'u1',
    position: 39,
    total: 100,
    weights: [25, 75],
    variants: ['on', 'off'],
    chosen: 1,
  })
  assert.equal(dealt.steps.at(-1)?.says, '"u1" falls on 39 of 100, which is in "off" (25 to 99)')
  assert.equal(dealt.because, 'The rule gives off.')
})

test('each step is said so that it can be read aloud', () => {
  const cases: [unknown, FlagContext, string][] = [
    [{ '==': [{ var: 'plan' }, 'pro'] }, { plan: 'pro' }, 'plan "pro" equals "pro"'],
    [{ '!=': [{ var: 'plan' }, 'pro'] }, {}, 'plan null differs from "pro"'],
    [{ '<': [{ var: 'age' }, 18] }, { age: 40 }, 'age 40 is not less than 18'],
    [{ '>=': [18, { var: 'age' }] }, { age: 17 }, '18 is at least age 17'],
    [{ starts_with: [{ var: 'age' }, 'a'] }, { age: 1 }, 'age 1 cannot be compared with "a"'],
    [{ sem_ver: [{ var: 'v' }, '>', '2.0.0'] }, { v: '1.0.0' }, 'v "1.0.0" > "2.0.0" is not so'],
    [{ sem_ver: [{ var: 'v' }, '>', '2.0.0'] }, {}, 'v null or "2.0.0" is no version'],
    [{ and: [{ var: 'a' }, { var: 'b' }] }, { a: 1 }, 'not all of them hold'],
    [{ '!': [{ var: 'a' }] }, {}, 'a null is not so'],
    [{ '+': [{ var: 'a' }, 1] }, { a: 'x' }, '+ fails: something that is not a number is used as one'],
    [
      { fractional: [['on'], ['off']] },
      {},
      'there is no key to deal out by, or the buckets are not as they must be: no variant',
    ],
    [{ fractional: [['on', 0]] }, { targetingKey: 'u' }, '"u" falls on 0 of 0, which is in no bucket'],
  ]
  for (const [rule, context, says] of cases) assert.equal(why(rule, context).steps[0]?.says, says)
})

test('a key that is no text is shown as it is', () => {
  const f = { state: 'ENABLED', variants: { on: true }, metadata: { 'holdfast.hash': 'flagd-v3' } }
  const flag = compileFlags({ flags: { f: { ...f, targeting: { fractional: [{ var: 'id' }, ['on']] } } } }).flags.get(
    'f',
  )!
  assert.equal(
    explain(flag, { id: { a: 1 } }, NOW_MS).steps[0]?.says,
    '{"a":1} falls on 0 of 1, which is in "on" (0 to 0)',
  )
})

test('a step names its place, in a shared rule too', () => {
  const $evaluators = { paying: { '==': [{ var: 'plan' }, 'pro'] } }
  const { steps } = why({ if: [{ $ref: 'paying' }, 'on', 'off'] }, { plan: 'pro' }, { $evaluators })
  assert.deepEqual(
    steps.map(({ path }) => path),
    ['/flags/f/targeting', '/$evaluators/paying', '/$evaluators/paying/==/0'],
  )
  assert.equal(steps[0]?.says, 'condition 1 is met, so "on"')
})

test('what needs no rule is told as well', () => {
  assert.match(why(undefined, {}).because, /no rule/)
  assert.match(why({ nope: 1 }, {}).because, /there is no nope/)
  assert.match(why({ if: [true, 'on'] }, {}).because, /gives everybody on/)
})

test('a long list is told in part, and it is said so', () => {
  const list = Array.from({ length: 600 }, (_, index) => index)
  const { steps, isCut } = why({ if: [{ some: [{ var: 'list' }, { '==': [{ var: '' }, -1] }] }, 'on'] }, { list })
  assert.deepEqual([steps.length, isCut], [500, true])
})

test('what a caller put into the context is shown in part, and stops no explanation', () => {
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  assert.equal(why({ '!': [{ var: 'x' }] }, { x: cycle }).steps[1]?.says, 'x is object')
  assert.ok(why({ '!': [{ var: 'x' }] }, { x: 'a'.repeat(1_000_000) }).steps[1]!.says.length < 100)
})

test('an explanation comes to what the evaluation came to, for every flag and context', () => {
  fc.assert(
    fc.property(flags, evaluators, contexts, (f, $evaluators, context) => {
      const flag = compileFlags({ flags: { f }, $evaluators }).flags.get('f')!
      const { evaluation, steps, isCut } = explain(flag, context, NOW_MS)
      assert.deepEqual(evaluation, evaluate(flag, context, NOW_MS))
      assert.ok(isCut || steps.every(({ depth }, index) => depth <= (steps[index - 1]?.depth ?? -1) + 1))
    }),
    { numRuns: 2_000 },
  )
})
