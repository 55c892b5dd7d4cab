import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileFlags } from '@holdfast/sdk/evaluate'
import { sayWhy, stepsWorthTelling } from './say-why.ts'
import { tryFlags } from './try-flags.ts'

const definition = {
  flags: {
    'new-view': {
      state: 'ENABLED' as const,
      variants: { on: true, off: false },
      defaultVariant: 'off',
      targeting: {
        if: [
          { '===': [{ var: 'plan' }, 'pro'] },
          {
            fractional: [
              ['on', 25],
              ['off', 75],
            ],
          },
        ],
      },
    },
  },
}

test('why somebody got a variant is said with the condition that was met and the place where they fell', () => {
  const [told] = tryFlags(compileFlags(definition), { context: { targetingKey: 'usr_7', plan: 'pro' }, nowMs: 0 })
  assert.match(
    sayWhy(told!),
    /^The rule gives (on|off)\. Condition 1 is met, so "(on|off)"\. "usr_7" falls on \d+ of 100, which is in/,
  )
  assert.equal(
    stepsWorthTelling(told!.steps).some(({ operator }) => operator === 'var'),
    false,
  )
})

test('an attribute that was missing is told', () => {
  const [told] = tryFlags(compileFlags(definition), { context: { targetingKey: 'usr_7' }, nowMs: 0 })
  assert.match(sayWhy(told!), /the default variant off counts\. No condition is met/)
  assert.ok(stepsWorthTelling(told!.steps).some(({ says }) => says === 'plan is not there'))
})
