import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignInPolicy } from '../../api/wire/fail-over.ts'
import { sayPolicy } from './say-policy.ts'

const usual: SignInPolicy = {
  provider_id: null,
  ordinary: ['provider', 'passkey', 'email'],
  demands: 'nothing',
  passkeys: 'offered',
  fail_over: null,
}
const failOver = {
  ways: ['passkey', 'email'],
  seen_within_days: 30,
  session_minutes: 240,
  unknown_opens: false,
} as const

test('an organisation without a provider is said to have none that could be down', () => {
  assert.deepEqual(sayPolicy(usual, null), {
    ordinary: 'Its people sign in through a provider that they are linked to, by a passkey or by a code in a mail.',
    outage: 'It has no provider that could be down.',
    unknown: null,
  })
})

test('what is demanded is never said to be less in an outage: a provider alone, and only passkeys of its sessions', () => {
  const policy: SignInPolicy = {
    ...usual,
    provider_id: 'prv_1',
    ordinary: ['provider'],
    demands: 'provider',
    fail_over: { ...failOver, ways: [...failOver.ways] },
  }
  const { ordinary, outage, unknown } = sayPolicy(policy, 'Auth0')
  assert.equal(ordinary, 'Its people sign in through Auth0 and in no other way.')
  assert.equal(
    outage,
    'Whoever came through it within the last 30 days goes on by a passkey enrolled in a session of it, for 4 h at a time.',
  )
  assert.match(unknown ?? '', /stays closed/)
  assert.match(sayPolicy({ ...policy, fail_over: null }, 'Auth0').outage, /nobody can sign in until it is back/)
})

test('an organisation that demands a second factor is never said to let anybody in by a mail', () => {
  const policy: SignInPolicy = {
    ...usual,
    provider_id: 'prv_1',
    demands: 'second-factor',
    passkeys: 'required',
    fail_over: { ...failOver, ways: ['passkey', 'email'] },
  }
  const { ordinary, outage } = sayPolicy(policy, 'Entra')
  assert.match(ordinary, /by a passkey, or through Entra when it is trusted/)
  assert.match(ordinary, /is asked for one at each sign-in by mail/)
  assert.doesNotMatch(outage, /mail/)
  assert.equal(sayPolicy(policy, 'Entra').unknown, null)
})

test('what goes on as on any day is told apart from what only an outage opens', () => {
  const policy: SignInPolicy = {
    ...usual,
    provider_id: 'prv_1',
    ordinary: ['provider', 'passkey'],
    fail_over: { ...failOver, ways: ['passkey', 'email'], unknown_opens: true },
  }
  assert.deepEqual(sayPolicy(policy, 'Okta').outage.split('. '), [
    'Whoever has the means goes on by a passkey, as on any day',
    'Besides, whoever came through it within the last 30 days goes on by a code in a mail, for 4 h at a time.',
  ])
  assert.match(sayPolicy(policy, 'Okta').unknown ?? '', /^The same while/)
})
