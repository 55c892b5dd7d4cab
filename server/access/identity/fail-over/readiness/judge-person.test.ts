import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SignInPolicy, USUAL } from '../policy.ts'
import { bestOf, judgePerson, type Prospect } from './judge-person.ts'
import { countIn, nobody, percentOf, sentenceOf, type Standing } from './readiness.ts'

const now = new Date('2026-11-21T08:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000)

const link = (days: number, closed_at: Date | null = null) => ({
  provider_id: 'prv_x',
  last_proved_at: daysAgo(days),
  closed_at,
})
const address = { since: daysAgo(100), proved_at: daysAgo(100), asserted_at: null, isAssertionTrusted: false }
const person: Prospect = { passkeys: [], links: [link(3)], address, others: [], mailbox: 'elsewhere' }
const failOver = {
  ways: ['passkey', 'email'] as const,
  seen_within_days: 30,
  session_minutes: 60,
  unknown_opens: false,
}
const strict: SignInPolicy = {
  provider_id: 'prv_x',
  ordinary: ['provider'],
  demands: 'nothing',
  passkeys: 'offered',
  fail_over: { ...failOver, ways: ['passkey', 'email'] },
}
const ssoOnly: SignInPolicy = { ...strict, demands: 'provider', fail_over: { ...failOver, ways: ['passkey'] } }
const twoFactors: SignInPolicy = { ...USUAL, demands: 'second-factor' }
/** Enrolled so many days ago: through nobody, or in a session of a provider. */
const key = (days: number, byProvider: string | null = null, acr: 'single' | 'multiple' = 'single') => ({
  at: daysAgo(days),
  byProvider,
  root: { acr, provenBy: byProvider, at: daysAgo(days) },
})
const other = (trustsFactors: boolean) => ({ others: [{ id: 'prv_y', trustsFactors }] })

const check = (policy: SignInPolicy, changed: Partial<Prospect>): string => {
  const { able, why } = judgePerson(
    { policy, undemandedBefore: daysAgo(40) },
    { ...person, ...changed },
    { providerId: 'prv_x', now },
  )
  return why === null ? able : `${able} ${why}`
}

test('who could sign in is judged by what their organisation allows, and the nearest reason is told', () => {
  const cases: [SignInPolicy, Partial<Prospect>, string][] = [
    [USUAL, { passkeys: [key(3)] }, 'passkey'],
    [USUAL, {}, 'email email_only'],
    // On an ordinary day a code proves the address by itself.
    [USUAL, { address: { ...address, proved_at: null } }, 'email email_only'],
    [USUAL, { mailbox: 'at-vendor' }, 'no mailbox_at_vendor'],
    [USUAL, { mailbox: 'nowhere' }, 'no no_mailbox'],
    [USUAL, { mailbox: 'unknown' }, 'unknown mail_host_unknown'],
    [USUAL, { passkeys: [key(3)], links: [link(3, daysAgo(1))] }, 'passkey'],
    [strict, { passkeys: [key(3)] }, 'passkey'],
    [strict, { passkeys: [key(3)], links: [link(31)] }, 'no not_seen_lately'],
    [strict, {}, 'email email_only'],
    [strict, { address: { ...address, proved_at: null } }, 'no address_not_proven'],
    [strict, { address: { ...address, proved_at: null, asserted_at: daysAgo(50) } }, 'no address_not_proven'],
    [
      strict,
      { address: { ...address, proved_at: null, asserted_at: daysAgo(50), isAssertionTrusted: true } },
      'email email_only',
    ],
    [strict, { address: { ...address, since: daysAgo(2) } }, 'no address_too_new'],
    [strict, { passkeys: [key(3)], links: [link(3, daysAgo(1))] }, 'no closed'],
    [{ ...strict, fail_over: null }, { passkeys: [key(3, 'prv_x')] }, 'no no_way'],
    [ssoOnly, { passkeys: [key(3, 'prv_x')] }, 'passkey'],
    [ssoOnly, { passkeys: [key(3), key(3, 'prv_other')] }, 'no passkey_not_of_provider'],
    [ssoOnly, {}, 'no no_passkey'],
    // A demand for the provider is never met by a mail, whatever else the policy says.
    [{ ...ssoOnly, ordinary: ['provider', 'email'], fail_over: strict.fail_over }, {}, 'no no_passkey'],
    [twoFactors, { passkeys: [key(50)] }, 'passkey'],
    [twoFactors, { passkeys: [key(3)] }, 'no passkey_too_weak'],
    [twoFactors, { passkeys: [key(3, 'prv_y', 'single')] }, 'no passkey_too_weak'],
    [twoFactors, { passkeys: [key(3, 'prv_y', 'multiple')] }, 'passkey'],
    [twoFactors, {}, 'no no_passkey'],
    [strict, other(false), 'email email_only'],
    [USUAL, other(false), 'provider other_provider'],
    [twoFactors, other(false), 'no no_passkey'],
    [twoFactors, other(true), 'provider other_provider'],
  ]
  for (const [index, [policy, changed, expected]] of cases.entries())
    assert.equal(check(policy, changed), expected, `case ${index}: ${JSON.stringify(changed)}`)
})

test('nobody is counted twice, whatever organisations they are in: the best of them counts', () => {
  const standings: Standing[] = [
    { able: 'no', why: 'no_passkey' },
    { able: 'passkey', why: null },
    { able: 'email', why: 'email_only' },
  ]
  assert.deepEqual(bestOf(standings), { able: 'passkey', why: null })
  assert.equal(bestOf([]), undefined)
})

test('the sentence tells ways and who is kept out, and is never rounded up to all', () => {
  const count = nobody()
  const add = (times: number, standing: Standing) => {
    for (let each = 0; each < times; each++) countIn(count, standing)
  }
  add(710, { able: 'passkey', why: null })
  add(120, { able: 'email', why: 'email_only' })
  add(170, { able: 'no', why: 'no_passkey' })
  assert.equal(
    sentenceOf('Auth0', count),
    '83 % of active users could sign in if Auth0 died now: 71 % by passkey, 12 % by e-mail only; 170 could not.',
  )
  assert.deepEqual(count.whys, { email_only: 120, no_passkey: 170 })
  assert.equal(percentOf(999, { active: 1000 }), 99)
  assert.equal(percentOf(0, { active: 0 }), null)
  assert.match(sentenceOf('Auth0', nobody()), /^Nobody who came through Auth0 was active/)
})
