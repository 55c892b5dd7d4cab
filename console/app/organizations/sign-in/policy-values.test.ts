import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignInPolicy } from '../../api/wire/fail-over.ts'
import { policyOf, valuesOf, wrongIn } from './policy-values.ts'

const ssoOnly: SignInPolicy = {
  provider_id: 'prv_1',
  ordinary: ['provider'],
  demands: 'provider',
  passkeys: 'offered',
  fail_over: { ways: ['passkey'], seen_within_days: 30, session_minutes: 240, unknown_opens: false },
}

test('a policy that is opened in the form and left alone is the same policy', () => {
  assert.deepEqual(policyOf(valuesOf(ssoOnly)), ssoOnly)
  const open: SignInPolicy = {
    ...ssoOnly,
    demands: 'nothing',
    ordinary: ['provider', 'passkey', 'email'],
    fail_over: null,
  }
  assert.deepEqual(policyOf(valuesOf(open)), open)
})

test('whoever demands more than one factor cannot open a fall-back by mail, whatever was ticked before', () => {
  const values = { ...valuesOf(ssoOnly), failOverEmail: true, byEmail: true }
  for (const demands of ['provider', 'second-factor'] as const) {
    const policy = policyOf({ ...values, demands })
    assert.deepEqual(policy.fail_over?.ways, ['passkey'])
    assert.ok(!policy.ordinary.includes('email'))
  }
})

test('a fall-back without a way, a length out of bounds and a change without a reason are told at their fields', () => {
  const values = { ...valuesOf(ssoOnly), failOverPasskey: false, sessionMinutes: '', reason: '' }
  assert.deepEqual(Object.keys(wrongIn(values)).sort(), ['hasFailOver', 'reason', 'sessionMinutes'])
  assert.ok(wrongIn({ ...valuesOf(ssoOnly), provider_id: null }).provider_id)
})
