import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkDefinition, compileFlags, evaluateAs, type FlagContext } from '../evaluate.ts'
import { type PlainTargeting, readSegment, readTargeting, writeSegment, writeTargeting } from './plain-rule.ts'
import { contexts, evaluators, flags, rules } from './testing/definitions.ts'
import { plainTargetings } from './testing/plain-targetings.ts'

const NOW_MS = Date.parse('2026-11-21T12:00:00Z')
const VARIANTS = { on: true, off: false }
const setOf = (targeting: unknown, more: object = {}) => ({
  flags: { f: { state: 'ENABLED', variants: VARIANTS, defaultVariant: 'off', targeting } },
  $evaluators: { beta: { '==': [{ var: 'plan' }, 'pro'] }, staff: { in: [{ var: 'country' }, ['US']] } },
  ...more,
})
const ask = (definition: unknown, context: FlagContext) =>
  evaluateAs(compileFlags(definition), { key: 'f', type: 'boolean', context, nowMs: NOW_MS })

test('what was written is read as the same, is a definition, and is written as the same again', () => {
  fc.assert(
    fc.property(plainTargetings, (plain) => {
      const written = writeTargeting(plain)
      assert.deepEqual(readTargeting(written), plain)
      assert.deepEqual(writeTargeting(readTargeting(JSON.parse(JSON.stringify(written)))!), written)
      assert.deepEqual(checkDefinition(setOf(written)).problems, [])
    }),
  )
})

test('a rule that can be shown in a form means the same when it comes back from there, whoever wrote it', () => {
  let shown = 0
  const check = (definition: ReturnType<typeof setOf>, context: FlagContext) => {
    const plain = readTargeting(definition.flags.f.targeting)
    if (!plain) return
    shown += 1
    assert.deepEqual(ask(setOf(writeTargeting(plain), definition), context), ask(definition, context))
  }
  fc.assert(
    fc.property(fc.oneof(rules, plainTargetings.map(writeTargeting)), contexts, (targeting, context) =>
      check(setOf(targeting), context),
    ),
    { numRuns: 2_000 },
  )
  fc.assert(
    fc.property(flags, evaluators, contexts, (f, $evaluators, context) => {
      const plain = readTargeting(f.targeting)
      if (!plain) return
      const again = { ...f, targeting: writeTargeting(plain) }
      assert.deepEqual(ask({ flags: { f: again }, $evaluators }, context), ask({ flags: { f }, $evaluators }, context))
    }),
    { numRuns: 1_000 },
  )
  assert.ok(shown > 500)
})

test('rules as flagd files have them are shown, and what a form cannot show is left alone', () => {
  const shown: [unknown, PlainTargeting][] = [
    [undefined, { rules: [], otherwise: { kind: 'default' } }],
    [{}, { rules: [], otherwise: { kind: 'default' } }],
    [{ if: [true, 'on'] }, { rules: [], otherwise: { kind: 'variant', variant: 'on' } }],
    [
      { if: [{ '!': { $ref: 'beta' } }, true, { if: [{ '!!': { var: ['vip'] } }, 'on', null] }] },
      {
        rules: [
          {
            match: 'all',
            conditions: [{ segment: 'beta', is: 'not-in' }],
            outcome: { kind: 'variant', variant: 'true' },
          },
          {
            match: 'all',
            conditions: [{ attribute: 'vip', is: 'set', values: [] }],
            outcome: { kind: 'variant', variant: 'on' },
          },
        ],
        otherwise: { kind: 'default' },
      },
    ],
    [
      { fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'org' }] }, ['on'], ['off', 3]] },
      {
        rules: [],
        otherwise: {
          kind: 'split',
          by: 'org',
          isShared: false,
          shares: [
            { variant: 'on', weight: 1 },
            { variant: 'off', weight: 3 },
          ],
        },
      },
    ],
  ]
  for (const [targeting, plain] of shown) assert.deepEqual(readTargeting(targeting), plain)
  const richer: unknown[] = [
    { if: ['on'] },
    { if: [] },
    { $ref: 'beta' },
    { var: 'plan' },
    'on',
    { if: [{ '==': [{ var: 'a' }, { var: 'b' }] }, 'on'] },
    { if: [{ '==': [{ var: ['a', 1] }, 1] }, 'on'] },
    { if: [{ '<': [1, { var: 'a' }, 5] }, 'on'] },
    { if: [{ and: [{ or: [{ var: 'a' }, { var: 'b' }] }, { var: 'c' }] }, 'on'] },
    { if: [{ '!!': [{ var: 'a' }] }, { if: [{ '!!': [{ var: 'b' }] }, 'on'] }] },
    { fractional: [['on', { var: 'weight' }], ['off']] },
    { fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] }, ['on', 1]] },
    { if: [{ '!!': [{ var: 'a' }] }, 'on'], and: [] },
  ]
  for (const targeting of richer) assert.equal(readTargeting(targeting), undefined, JSON.stringify(targeting))
})

test('a segment is conditions alone', () => {
  const rule = { and: [{ '===': [{ var: 'plan' }, 'pro'] }, { in: [{ var: 'country' }, ['US', 'CA']] }] }
  assert.deepEqual(writeSegment(readSegment(rule)!), rule)
  assert.equal(readSegment({ '+': [1, 2] }), undefined)
})
