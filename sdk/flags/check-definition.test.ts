import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkDefinition, compileFlags } from '../evaluate.ts'
import { flags } from './testing/definitions.ts'

const good = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' }
const codesOf = (definition: unknown) => checkDefinition(definition).problems.map(({ code, path }) => `${code} ${path}`)
const ofFlag = (flag: object, more: object = {}) => codesOf({ flags: { f: { ...good, ...flag } }, ...more })

test('what is right is saved', () => {
  const targeting = {
    if: [
      { $ref: 'paying' },
      {
        fractional: [
          ['on', 25],
          ['off', 75],
        ],
      },
      { if: [true, null, false, 'off'] },
    ],
  }
  const $evaluators = { paying: { in: [{ var: 'plan' }, ['pro']] } }
  assert.deepEqual(
    ofFlag({ targeting, metadata: { 'holdfast.hash': 'flagd-v1', n: 1 } }, { $evaluators, metadata: { a: true } }),
    [],
  )
  assert.deepEqual(ofFlag({ defaultVariant: null }), [])
  assert.deepEqual(ofFlag({ variants: { a: { x: [1] }, b: {} }, defaultVariant: 'a' }), [])
  assert.deepEqual(codesOf({ flags: {} }), [])
})

test('what could not work is refused, by a stable code and with its place', () => {
  const cases: [string[], string[]][] = [
    [codesOf(null), ['not_a_definition ']],
    [codesOf({ flags: 5 }), ['not_a_definition /flags']],
    [codesOf({ flags: { f: 1 } }), ['not_a_flag /flags/f']],
    [codesOf({ flags: { '': good } }), ['bad_key /flags/']],
    [
      codesOf({
        flags: [
          { ...good, key: 'f' },
          { ...good, key: 'f' },
        ],
      }),
      ['bad_key /flags/f'],
    ],
    [ofFlag({ state: 'on' }), ['bad_state /flags/f/state']],
    [ofFlag({ variants: {}, defaultVariant: null }), ['bad_variants /flags/f/variants']],
    [ofFlag({ variants: { on: true, off: 'x' } }), ['mixed_variants /flags/f/variants']],
    [
      ofFlag({ variants: { on: [1], off: [2] } }),
      ['bad_variants /flags/f/variants/on', 'bad_variants /flags/f/variants/off'],
    ],
    [
      ofFlag({ variants: { on: null, off: true } }),
      ['bad_variants /flags/f/variants/on', 'mixed_variants /flags/f/variants'],
    ],
    [ofFlag({ defaultVariant: 'none' }), ['unknown_default_variant /flags/f/defaultVariant']],
    [ofFlag({ targeting: 'on' }), ['bad_targeting /flags/f/targeting']],
    [ofFlag({ targeting: { if: [{ '=': [1, 2] }, 'on'] } }), ['unknown_operator /flags/f/targeting/if/0']],
    [ofFlag({ targeting: { var: 'a', '!': 1 } }), ['several_operators /flags/f/targeting']],
    [ofFlag({ targeting: { if: { var: 'a' } } }), ['bad_arguments /flags/f/targeting/if']],
    [ofFlag({ targeting: { if: [{ '<': [{ var: 'a' }] }, 'on'] } }), ['bad_arguments /flags/f/targeting/if/0/<']],
    [
      ofFlag({ targeting: { if: [{ '+': [{ var: 'a' }, 'x'] }, 'on'] } }),
      ['never_computable /flags/f/targeting/if/0/+'],
    ],
    [ofFlag({ targeting: { if: [true, 'onn'] } }), ['unknown_variant /flags/f/targeting']],
    [
      ofFlag({
        targeting: {
          fractional: [
            ['on', 0.5],
            ['off', -1],
          ],
        },
      }),
      ['bad_weight /flags/f/targeting/fractional/0', 'bad_weight /flags/f/targeting/fractional/1'],
    ],
    [
      ofFlag({
        targeting: {
          fractional: [
            ['on', 2_147_483_647],
            ['off', 1],
          ],
        },
      }),
      ['bad_weight /flags/f/targeting/fractional'],
    ],
    [ofFlag({ targeting: { if: [{ $ref: 'gone' }, 'on'] } }), ['unknown_ref /flags/f/targeting/if/0']],
    [ofFlag({}, { $evaluators: { a: { $ref: 'a' } } }), ['ref_cycle /$evaluators/a']],
    [ofFlag({}, { $evaluators: { a: { nope: 1 } } }), ['unknown_operator /$evaluators/a']],
    [ofFlag({ metadata: { a: { b: 1 } } }), ['bad_metadata /flags/f/metadata/a']],
    [ofFlag({}, { metadata: [] }), ['bad_metadata /metadata']],
    [ofFlag({ metadata: { 'holdfast.hash': 'md5' } }), ['unknown_hash /flags/f/metadata/holdfast.hash']],
    [codesOf({ flags: { 'a/b~c': 1 } }), ['not_a_flag /flags/a~1b~0c']],
  ]
  for (const [told, expected] of cases) assert.deepEqual(told, expected)
})

const asks = (contract: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(contract).map(([name, value]) => [`holdfast.${name}`, value]))
const texts = { variants: { a: 'grey', b: 'blue' }, defaultVariant: 'a' }
const objects = { variants: { a: { most: 1 } }, defaultVariant: 'a' }

test('a failure contract that cannot be meant is refused at what has to be put right, of a flag and of its set', () => {
  const at = (name: string) => [`bad_contract /flags/f/metadata/holdfast.${name}`]
  const ofSet = (name: string) => [`bad_contract /metadata/holdfast.${name}`]
  const cases: [string[], string[]][] = [
    [ofFlag({ metadata: asks({ on_unknown: 'vale' }) }), at('on_unknown')],
    [ofFlag({ metadata: asks({ on_unknown: true }) }), at('on_unknown')],
    [ofFlag({ metadata: asks({ on_unknown: 'value' }) }), at('value')],
    [ofFlag({ metadata: asks({ on_unknown: 'value', value: 'grey' }) }), at('value')],
    [ofFlag({ metadata: asks({ on_unknown: 'value', value: 'true' }) }), at('value')],
    [ofFlag({ ...texts, metadata: asks({ on_unknown: 'value', value: 1 }) }), at('value')],
    [ofFlag({ ...objects, metadata: asks({ on_unknown: 'value', value: '[1]' }) }), at('value')],
    [ofFlag({ metadata: asks({ max_age: -1 }) }), at('max_age')],
    [ofFlag({ metadata: asks({ on_unknown: 'refuse', max_age: '60' }) }), at('max_age')],
    [ofFlag({}, { metadata: asks({ on_unknown: 'off' }) }), ofSet('on_unknown')],
    [ofFlag({}, { metadata: asks({ on_unknown: 'value' }) }), ofSet('value')],
    [ofFlag({}, { metadata: asks({ max_age: -1 }) }), ofSet('max_age')],
    // What a flag leaves to its set counts with what it says itself; what the set says wrong is told once.
    [ofFlag({ metadata: asks({ on_unknown: 'value' }) }, { metadata: asks({ value: 'grey' }) }), at('value')],
    [ofFlag({ metadata: asks({ on_unknown: 'refuse' }) }, { metadata: asks({ max_age: -1 }) }), ofSet('max_age')],
  ]
  for (const [told, expected] of cases) assert.deepEqual(told, expected)
})

test('a failure contract that can be meant is saved', () => {
  const right: [object, object?][] = [
    [{ metadata: asks({ on_unknown: 'last-known', max_age: 0 }) }],
    [{ metadata: asks({ on_unknown: 'value', value: false, max_age: 30 }) }],
    [{ ...texts, metadata: asks({ on_unknown: 'value', value: 'red' }) }],
    [{ ...objects, metadata: asks({ on_unknown: 'value', value: '{"most":3}' }) }],
    [{ metadata: asks({ on_unknown: 'value' }) }, asks({ value: true })],
    // A value that a flag does not use, and a set's value that is meant for flags of another type.
    [{ metadata: asks({ on_unknown: 'refuse', value: 'grey' }) }],
    [texts, asks({ on_unknown: 'value', value: false })],
  ]
  for (const [flag, metadata] of right) assert.deepEqual(ofFlag(flag, metadata ? { metadata } : {}), [])
})

test('every refusal says what to do', () => {
  const wrong = {
    flags: {
      a: 1,
      b: { ...good, state: 1 },
      c: { ...good, targeting: { nope: 1 } },
      d: { ...good, targeting: { if: [true, 'x'] } },
      e: { ...good, metadata: asks({ on_unknown: 'vale' }) },
      f: { ...good, metadata: asks({ on_unknown: 'value', value: 'vale' }) },
      g: { ...good, metadata: asks({ max_age: -1 }) },
    },
  }
  for (const { message } of checkDefinition(wrong).problems)
    assert.match(message, /^(?:Write|Set|Use|Give|Keep|Add|Change|Make|Nest|Break|Divide|Put|Update) .*\.$/)
})

test('a hundred faults are told, and that there are more', () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`f${index}`, 1]))
  const { problems, isCut } = checkDefinition({ flags: many })
  assert.deepEqual([problems.length, isCut], [100, true])
})

test('what is refused for a fault of the rule is what could not be compiled, and nothing that is saved breaks on reading', () => {
  fc.assert(
    fc.property(flags, (f) => {
      const definition = { flags: { f }, $evaluators: { shared: true, other: { '!': [{ var: 'plan' }] } } }
      const { problems } = checkDefinition(definition)
      if (problems.length === 0) assert.deepEqual(compileFlags(definition).faults, [])
    }),
    { numRuns: 1_000 },
  )
})
