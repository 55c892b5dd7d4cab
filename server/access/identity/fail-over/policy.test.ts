import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../../platform/refusal.ts'
import type { Provider, Verdict } from '../../providers/index.ts'
import { checkPolicy } from './check-policy.ts'
import { isLooser } from './looser.ts'
import { mayEnter } from './may-enter.ts'
import { type FailOverPolicy, type SignInPolicy, USUAL, ways } from './policy.ts'

const DAY_MS = 24 * 60 * 60_000
const NOW = new Date('2026-11-21T10:42:00Z')
const ago = (days: number) => new Date(NOW.getTime() - days * DAY_MS)

const provider = { id: 'prv_1', name: 'Acme ID', trusts_factors: true } as Provider
const other = { id: 'prv_2', name: 'Other', trusts_factors: false } as Provider
const find = (id: string) => [provider, other].find((each) => each.id === id)

const FAIL_OVER: FailOverPolicy = {
  ways: ['passkey'],
  seen_within_days: 30,
  session_minutes: 480,
  unknown_opens: false,
}
const SSO: SignInPolicy = {
  provider_id: 'prv_1',
  ordinary: ['provider'],
  demands: 'provider',
  passkeys: 'offered',
  fail_over: FAIL_OVER,
}

function outcomeOf(policy: SignInPolicy): string {
  try {
    checkPolicy(policy, find)
    return 'good'
  } catch (error) {
    assert.ok(error instanceof Refusal)
    return error.code
  }
}

const cases: [says: string, policy: SignInPolicy, outcome: string][] = [
  ['the usual one', USUAL, 'good'],
  ['SSO only, passkeys in fail-over', SSO, 'good'],
  ['SSO only, e-mail in fail-over', { ...SSO, fail_over: { ...FAIL_OVER, ways: ['email'] } }, 'identity.policy_weaker'],
  ['SSO only, passkeys on ordinary days', { ...SSO, ordinary: ['provider', 'passkey'] }, 'identity.policy_weaker'],
  [
    'a second factor, e-mail in fail-over',
    { ...SSO, demands: 'second-factor', fail_over: { ...FAIL_OVER, ways: ['passkey', 'email'] } },
    'identity.policy_weaker',
  ],
  ['a second factor, e-mail', { ...USUAL, demands: 'second-factor' }, 'identity.policy_weaker'],
  [
    'a second factor from a provider that is not trusted for it',
    { ...SSO, provider_id: 'prv_2', demands: 'second-factor' },
    'identity.policy_factors_not_trusted',
  ],
  ['a provider is demanded, and none is named', { ...SSO, provider_id: null }, 'identity.policy_no_provider'],
  ['fail-over of nothing', { ...USUAL, fail_over: FAIL_OVER }, 'identity.policy_no_provider'],
  ['a provider that is not there', { ...SSO, provider_id: 'prv_9' }, 'identity.policy_unknown_provider'],
  ['no way at all', { ...USUAL, ordinary: [] }, 'identity.policy_no_way'],
  ['a fail-over without a way', { ...SSO, fail_over: { ...FAIL_OVER, ways: [] } }, 'identity.policy_no_way'],
]
for (const [says, policy, outcome] of cases) {
  test(`a policy is checked (${says}): ${outcome}`, () => assert.equal(outcomeOf(policy), outcome))
}

const policy: fc.Arbitrary<SignInPolicy> = fc
  .record({
    provider_id: fc.option(fc.constantFrom('prv_1', 'prv_2')),
    ordinary: fc.subarray([...ways], { minLength: 1 }),
    demands: fc.constantFrom('nothing' as const, 'provider' as const, 'second-factor' as const),
    passkeys: fc.constantFrom('offered' as const, 'required' as const),
    fail_over: fc.option(
      fc.record({
        ways: fc.subarray(['passkey' as const, 'email' as const], { minLength: 1 }),
        seen_within_days: fc.constantFrom(7, 30, 60),
        session_minutes: fc.constantFrom(60, 480),
        unknown_opens: fc.boolean(),
      }),
    ),
  })
  .filter((each) => outcomeOf(each) === 'good')

const verdict = fc
  .record({
    provider_id: fc.constantFrom('prv_1', 'prv_2'),
    state: fc.constantFrom('down' as const, 'unknown' as const, 'healthy' as const),
    open_since: fc.option(fc.constant(ago(0.1))),
  })
  .map((each) => ({ epoch: 1, since: ago(0.1), ordered: null, ordered_until: null, ...each }) as Verdict)
const day = fc.constantFrom(1, 10, 20, 40, 80).map(ago)
const came = fc.record({
  way: fc.constantFrom('provider' as const, 'passkey' as const, 'email' as const, 'recovery' as const),
  acr: fc.constantFrom('single' as const, 'multiple' as const),
  provenBy: fc.option(fc.constantFrom('prv_1', 'prv_2')),
  passkey: fc.option(
    fc.record({
      at: day,
      byProvider: fc.option(fc.constantFrom('prv_1', 'prv_2')),
      root: fc.record({
        acr: fc.constantFrom('single' as const, 'multiple' as const),
        provenBy: fc.option(fc.constantFrom('prv_1', 'prv_2')),
        at: day,
      }),
    }),
  ),
})
const facts = fc.record({
  links: fc.array(
    fc.record({
      provider_id: fc.constantFrom('prv_1', 'prv_2'),
      last_proved_at: day,
      closed_at: fc.option(day, { freq: 5 }),
    }),
    { maxLength: 3 },
  ),
  address: fc.record({
    since: day,
    proved_at: fc.option(day),
    asserted_at: fc.option(day),
    isAssertionTrusted: fc.boolean(),
  }),
  verdicts: fc.array(verdict, { maxLength: 2 }).map((all) => new Map(all.map((each) => [each.provider_id, each]))),
  now: fc.constant(NOW),
})

test('a policy that is not looser lets nobody in whom the one before it kept out, nor for longer', () => {
  let tighter = 0
  fc.assert(
    fc.property(policy, policy, came, facts, (before, after, by, known) => {
      if (isLooser(before, after)) return
      tighter += 1
      const [was, is] = [before, after].map((each) =>
        mayEnter(by, [{ organizationId: 'org_1', policy: each, undemandedBefore: ago(30) }], known),
      )
      assert.ok(was!.isRefused <= is!.isRefused, `${JSON.stringify([before, after, by, known])}`)
      if (was!.failOver && is!.failOver) assert.ok(is!.failOver.minutes <= was!.failOver.minutes)
      assert.ok(!was!.failOver || is!.isRefused || is!.failOver, 'what was fail-over is not an ordinary day now')
    }),
    { numRuns: 20_000 },
  )
  assert.ok(tighter > 1000, String(tighter))
})

const looser: [says: string, before: Partial<SignInPolicy>, after: Partial<SignInPolicy>][] = [
  ['another way', {}, { ordinary: ['provider', 'passkey'], demands: 'nothing' }],
  ['a lower demand', {}, { demands: 'nothing' }],
  ['another demand', {}, { demands: 'second-factor' }],
  ['another provider', {}, { provider_id: 'prv_2' }],
  ['no provider any more', { demands: 'nothing' }, { provider_id: null, demands: 'nothing' }],
  ['fail-over at all', { fail_over: null }, {}],
  [
    'another way in fail-over',
    { demands: 'nothing' },
    { demands: 'nothing', fail_over: { ...FAIL_OVER, ways: ['email'] } },
  ],
  ['more days', {}, { fail_over: { ...FAIL_OVER, seen_within_days: 31 } }],
  ['more minutes', {}, { fail_over: { ...FAIL_OVER, session_minutes: 481 } }],
  ['opening on unknown', {}, { fail_over: { ...FAIL_OVER, unknown_opens: true } }],
  ['passkeys no longer required', { passkeys: 'required' }, {}],
]
for (const [says, before, after] of looser) {
  test(`${says} is looser, and taking it back is not`, () => {
    const [one, two] = [
      { ...SSO, ...before },
      { ...SSO, ...after },
    ]
    assert.equal(isLooser(one, two), true)
    const isMutual = /^another (demand|provider)|in fail-over$/.test(says)
    assert.equal(isLooser(two, one), isMutual)
  })
}

test('from the usual policy everything is tighter: SSO takes effect at once, with the fail-over that goes with it', () => {
  fc.assert(fc.property(policy, (after) => assert.equal(isLooser(USUAL, after), false)))
  assert.equal(isLooser(SSO, SSO), false)
})
