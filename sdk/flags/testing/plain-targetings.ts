import fc from 'fast-check'
import {
  type Comparison,
  comparisons,
  type PlainCondition,
  type PlainOutcome,
  type PlainShare,
  type PlainTargeting,
  type PlainValue,
} from '../plain-rule.ts'

/** Rules as a form makes them, over the attributes that the contexts of the other tests have. */

/** As JSON is read. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>

const attribute = fc.constantFrom('plan', 'country', 'age', 'tags', 'version', 'email', 'isBeta', 'user.name', 'gone')
const scalar = fc.oneof(fc.constantFrom('pro', 'US', '1.2.3', '', '5'), fc.integer({ min: -5, max: 40 }), fc.boolean())

const ofAttribute = fc.constantFrom(...(Object.keys(comparisons) as Comparison[])).chain((is) => {
  const { takes } = comparisons[is]
  const values: fc.Arbitrary<PlainValue[]> =
    takes === 'none'
      ? fc.constant([])
      : fc.array(scalar, takes === 'one' ? { minLength: 1, maxLength: 1 } : { maxLength: 4 })
  return record({ attribute, is: fc.constant(is), values })
})
const condition: fc.Arbitrary<PlainCondition> = fc.oneof(
  { weight: 6, arbitrary: ofAttribute },
  record({ segment: fc.constantFrom('beta', 'staff'), is: fc.constantFrom('in' as const, 'not-in' as const) }),
)

const variant = fc.constantFrom('on', 'off')
const shares = fc.array(record<PlainShare>({ variant, weight: fc.nat(100) }), { minLength: 1, maxLength: 4 })
const split = record({
  kind: fc.constant('split' as const),
  by: fc.constantFrom('targetingKey', 'plan', 'email'),
  isShared: fc.boolean(),
  shares,
})
const one = record({ kind: fc.constant('variant' as const), variant })
const none = fc.constant({ kind: 'default' as const })
const outcome: fc.Arbitrary<PlainOutcome> = fc.oneof(one, split, none)

const rule = record({
  match: fc.constantFrom('all' as const, 'any' as const),
  conditions: fc.array(condition, { minLength: 1, maxLength: 3 }),
  outcome,
})
  // Of one condition, "all" and "any" say the same.
  .map((each) => (each.conditions.length === 1 ? { ...each, match: 'all' as const } : each))

export const plainTargetings: fc.Arbitrary<PlainTargeting> = record({
  rules: fc.array(rule, { maxLength: 4 }),
  otherwise: outcome,
})
