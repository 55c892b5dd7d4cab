import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileFlags, evaluateAs, HASHES } from '../evaluate.ts'
import { readTargeting, writeTargeting } from './plain-rule.ts'
import { moveBounds, rollOut } from './roll-out.ts'
import { plainTargetings } from './testing/plain-targetings.ts'

const VARIANTS = { a: 'a', b: 'b', c: 'c', d: 'd' }
const percent = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 100_000 }).map((n) => n / 1000),
)
const shares = fc.array(
  fc.record({ variant: fc.constantFrom<string>('a', 'b', 'c', 'd'), weight: fc.oneof(fc.nat(100), fc.nat(7)) }),
  { minLength: 1, maxLength: 6 },
)
const KEYS = Array.from({ length: 300 }, (_, index) => `usr_${index}`)

function dealtBy(fractional: { variant: string; weight: number }[], hash: string) {
  const targeting = { fractional: fractional.map(({ variant, weight }) => [variant, weight]) }
  const metadata = { 'holdfast.hash': hash }
  const flags = compileFlags({ flags: { f: { state: 'ENABLED', variants: VARIANTS, targeting, metadata } } })
  return KEYS.map(
    (targetingKey) => evaluateAs(flags, { key: 'f', type: 'string', context: { targetingKey }, nowMs: 0 }).variant,
  )
}

for (const hash of HASHES.keys()) {
  test(`a share that grows takes nobody out of it, and one that shrinks nobody in, dealt by ${hash}`, () => {
    fc.assert(
      fc.property(shares, percent, percent, (before, first, second) => {
        const set = (each: typeof before, to: number) => moveBounds(each, { variant: 'b', percent: to, others: 'a' })
        const from = set(before, Math.min(first, second))
        const to = set(from, Math.max(first, second))
        const [had, has, again] = [dealtBy(from, hash), dealtBy(to, hash), dealtBy(set(to, first), hash)]
        for (const [index, variant] of had.entries()) {
          if (variant === 'b') assert.equal(has[index], 'b')
          // Who changes comes to what is rolled out, and to nothing else.
          if (has[index] !== 'b') assert.equal(has[index], variant)
          if (has[index] !== 'b') assert.notEqual(again[index], 'b')
        }
      }),
      { numRuns: 60 },
    )
  })
}

test('the share is what was asked for, to a thousandth of a per cent', () => {
  fc.assert(
    fc.property(shares, percent, (before, to) => {
      const after = moveBounds(before, { variant: 'b', percent: to, others: 'a' })
      const weigh = (each: typeof after) => each.reduce((sum, { weight }) => sum + weight, 0)
      assert.ok(after.every(({ weight }) => Number.isSafeInteger(weight) && weight >= 0))
      const share = (weigh(after.filter(({ variant }) => variant === 'b')) / weigh(after)) * 100
      assert.ok(Math.abs(share - to) < 1e-6)
    }),
  )
})

test('a rollout keeps every rule but the one it is about', () => {
  const of = { match: 'all' as const, conditions: [{ segment: 'beta', is: 'in' as const }] }
  fc.assert(
    fc.property(plainTargetings, percent, (before, to) => {
      const after = rollOut(before, { variant: 'on', percent: to, of, others: 'off' })
      assert.deepEqual(after.otherwise, before.otherwise)
      assert.deepEqual(readTargeting(writeTargeting(after)), after)
      const again = rollOut(after, { variant: 'on', percent: to, of, others: 'off' })
      assert.deepEqual(again, after)
    }),
  )
})

test('the usual ramp reads as people would write it', () => {
  const none = readTargeting(undefined)!
  const at = (percentNow: number, targeting = none, by?: string) =>
    writeTargeting(rollOut(targeting, { variant: 'on', percent: percentNow, others: 'off', by }))
  assert.deepEqual(at(25), {
    fractional: [
      ['on', 25],
      ['off', 75],
    ],
  })
  assert.deepEqual(at(12.5), {
    fractional: [
      ['on', 125],
      ['off', 875],
    ],
  })
  assert.deepEqual(at(100), {
    fractional: [
      ['on', 100],
      ['off', 0],
    ],
  })
  assert.deepEqual(at(60, readTargeting(at(25))), {
    fractional: [
      ['on', 60],
      ['off', 40],
    ],
  })
  assert.deepEqual(at(10, none, 'org'), {
    fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'org' }] }, ['on', 10], ['off', 90]],
  })
  const forPro = { match: 'all' as const, conditions: [{ attribute: 'plan', is: 'is' as const, values: ['pro'] }] }
  const ofPro = rollOut(none, { variant: 'on', percent: 50, others: 'off', of: forPro })
  assert.deepEqual(writeTargeting(ofPro), {
    if: [
      { '===': [{ var: 'plan' }, 'pro'] },
      {
        fractional: [
          ['on', 50],
          ['off', 50],
        ],
      },
    ],
  })
})
