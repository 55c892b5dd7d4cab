import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributesIn } from './attributes.ts'

test('what a rule looks at is found, also through segments and in what it deals out by', () => {
  const rule = {
    if: [
      { and: [{ $ref: 'beta' }, { '===': [{ var: ['plan'] }, 'pro'] }] },
      {
        fractional: [
          ['on', 1],
          ['off', 1],
        ],
      },
    ],
  }
  const segments = { beta: { or: [{ ends_with: [{ var: 'email' }, '@acme.test'] }, { $ref: 'beta' }] } }
  assert.deepEqual(attributesIn([rule], segments), ['email', 'plan', 'targetingKey'])
})

test('what most rules look at comes first, and what no caller can set is left out', () => {
  const [one, other] = [{ '>': [{ var: '$flagd.timestamp' }, 1] }, { '!': [{ var: 'plan' }] }]
  assert.deepEqual(attributesIn([{ or: [one, { '!!': [{ var: 'country' }] }, other] }, other]), ['plan', 'country'])
})
