import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isOpen, type Verdict } from '../../providers/index.ts'
import {
  type Address,
  type Belonging,
  type Came,
  type Enrolled,
  type FailOverFacts,
  isOrdinary,
  type Link,
  mayEnter,
  needsFacts,
} from './may-enter.ts'
import { type SignInPolicy, USUAL, ways } from './policy.ts'

const DAY_MS = 24 * 60 * 60_000
const NOW = new Date('2026-11-21T10:42:00Z')
const ago = (days: number) => new Date(NOW.getTime() - days * DAY_MS)

const OURS = 'prv_ours'
const OTHER = 'prv_other'
const provider = fc.constantFrom(OURS, OTHER)
const days = fc.integer({ min: 0, max: 60 })

const verdict = (changes: Partial<Verdict> = {}): Verdict => ({
  provider_id: OURS,
  epoch: 7,
  state: 'down',
  since: ago(0.01),
  open_since: ago(0.01),
  closed_at: null,
  decided_at: ago(0.01),
  decided_by: 'holdfast',
  why: { sentence: '', faults: [], processes: { saw: 1, live: 1 }, is_control_good: true },
  ordered: null,
  ordered_reason: null,
  ordered_by: null,
  ordered_at: null,
  ordered_until: null,
  ...changes,
})

const verdicts: fc.Arbitrary<Verdict | undefined> = fc.option(
  fc
    .record({
      state: fc.constantFrom('healthy' as const, 'suspect' as const, 'down' as const, 'unknown' as const),
      open_since: fc.option(fc.constantFrom(ago(0.01), ago(3))),
      ordered: fc.option(fc.constantFrom('open' as const, 'closed' as const)),
    })
    .map((each) =>
      verdict({
        ...each,
        ordered_at: each.ordered && ago(0.01),
        ordered_until: each.ordered && new Date(NOW.getTime() + 60_000),
      }),
    ),
  { nil: undefined },
)

const policy: fc.Arbitrary<SignInPolicy> = fc.record({
  provider_id: fc.option(provider),
  ordinary: fc.subarray([...ways]),
  demands: fc.constantFrom('nothing' as const, 'provider' as const, 'second-factor' as const),
  passkeys: fc.constantFrom('offered' as const, 'required' as const),
  fail_over: fc.option(
    fc.record({
      // Also what validation would never let in: the judge itself must not be weaker.
      ways: fc.subarray(['passkey' as const, 'email' as const]),
      seen_within_days: fc.integer({ min: 1, max: 30 }),
      session_minutes: fc.integer({ min: 5, max: 720 }),
      unknown_opens: fc.boolean(),
    }),
  ),
})

const enrolled: fc.Arbitrary<Enrolled> = fc.record({
  at: days.map(ago),
  byProvider: fc.option(provider),
  root: fc.record({
    acr: fc.constantFrom('single' as const, 'multiple' as const),
    provenBy: fc.option(provider),
    at: days.map(ago),
  }),
})
const came: fc.Arbitrary<Came> = fc.record({
  way: fc.constantFrom('provider' as const, 'passkey' as const, 'email' as const, 'recovery' as const),
  acr: fc.constantFrom('single' as const, 'multiple' as const),
  provenBy: fc.option(provider),
  passkey: fc.option(enrolled),
})

const link: fc.Arbitrary<Link> = fc.record({
  provider_id: provider,
  last_proved_at: days.map(ago),
  closed_at: fc.option(days.map(ago)),
})
const address: fc.Arbitrary<Address> = fc.record({
  since: days.map(ago),
  proved_at: fc.option(days.map(ago)),
  asserted_at: fc.option(days.map(ago)),
  isAssertionTrusted: fc.boolean(),
})
const facts: fc.Arbitrary<FailOverFacts> = fc.record({
  links: fc.array(link, { maxLength: 4 }),
  address,
  verdicts: fc.tuple(verdicts, verdicts).map(
    ([ours, other]) =>
      new Map([
        [OURS, ours],
        [OTHER, other],
      ]),
  ),
  now: fc.constant(NOW),
})
const belongings: fc.Arbitrary<Belonging[]> = fc
  .array(fc.record({ policy, undemandedBefore: days.map(ago) }), { maxLength: 4 })
  .map((all) => all.map((each, index) => ({ organizationId: `org_${index}`, ...each })))

const RUNS = { numRuns: 5000 }

test('nobody is ever let in by less than their organisation demands, whatever is down', () => {
  fc.assert(
    fc.property(came, belongings, facts, (by, of, known) => {
      const { organizationIds } = mayEnter(by, of, known)
      for (const belonging of of) {
        const { organizationId, policy: wants, undemandedBefore } = belonging
        if (!organizationIds.includes(organizationId)) continue
        if (wants.demands === 'second-factor') {
          assert.ok(by.acr === 'multiple' && by.way !== 'email')
          if (by.way !== 'passkey') continue
          // Whoever enrolled it, however long ago, was known by more than a mailbox.
          const { acr, provenBy, at } = by.passkey!.root
          const atFirst: Came = { way: provenBy === null ? 'email' : 'provider', acr, provenBy, passkey: null }
          assert.ok(at < undemandedBefore || isOrdinary(atFirst, belonging))
        }
        if (wants.demands !== 'provider') continue
        const isProven = by.way === 'provider' && by.provenBy === wants.provider_id
        assert.ok(isProven || (by.way === 'passkey' && by.passkey?.byProvider === wants.provider_id))
      }
    }),
    RUNS,
  )
})

test('fail-over lets nobody in without an open verdict, a live link to that provider, and a way that was allowed beforehand', () => {
  fc.assert(
    fc.property(came, belongings, facts, (by, of, known) => {
      const { failOver } = mayEnter(by, of, known)
      if (!failOver) return
      const { policy: wants } = of.find(({ organizationId }) => organizationId === failOver.organizationId)!
      const allowed = wants.fail_over!
      assert.equal(wants.provider_id, failOver.providerId)
      assert.ok(isOpen(known.verdicts.get(failOver.providerId), { now: NOW, unknownOpens: allowed.unknown_opens }))
      assert.ok(allowed.ways.includes(by.way as never))
      assert.ok(failOver.minutes <= allowed.session_minutes)
      const theirs = known.links.filter(({ provider_id }) => provider_id === failOver.providerId)
      assert.ok(theirs.every(({ closed_at }) => closed_at === null))
      const since = ago(allowed.seen_within_days)
      assert.ok(theirs.some(({ last_proved_at }) => last_proved_at > since))
      const openSince = known.verdicts.get(failOver.providerId)!.open_since ?? ago(0.01)
      if (by.way !== 'email') {
        assert.ok(by.passkey!.at < openSince)
        return
      }
      const { address: mailbox } = known
      assert.ok(mailbox.proved_at !== null || (mailbox.isAssertionTrusted && mailbox.asserted_at !== null))
      assert.ok(openSince.getTime() - mailbox.since.getTime() >= allowed.seen_within_days * DAY_MS)
    }),
    RUNS,
  )
})

test('with every verdict closed nobody is let in who would not be on an ordinary day, and nothing is counted', () => {
  const closed = new Map([
    [OURS, verdict({ state: 'suspect', open_since: null })],
    [OTHER, undefined],
  ])
  fc.assert(
    fc.property(came, belongings, facts, (by, of, known) => {
      const entry = mayEnter(by, of, { ...known, verdicts: closed })
      assert.deepEqual(entry, mayEnter(by, of))
      assert.deepEqual([entry.failOver, entry.refused], [null, []])
    }),
    RUNS,
  )
})

test('an outage takes no ordinary way away, and where nothing has to be asked nothing would change', () => {
  fc.assert(
    fc.property(came, belongings, facts, (by, of, known) => {
      const [before, after] = [mayEnter(by, of), mayEnter(by, of, known)]
      for (const id of before.organizationIds) assert.ok(after.organizationIds.includes(id))
      if (!needsFacts(by, of)) assert.deepEqual(after, before)
    }),
    RUNS,
  )
})

test('whoever is in no organisation is bound by nobody’s policy', () => {
  fc.assert(
    fc.property(came, fc.option(facts, { nil: undefined }), (by, known) => {
      const free = { organizationIds: [], failOver: null, refused: [], isRefused: false }
      assert.deepEqual(mayEnter(by, [], known), free)
    }),
  )
})

const SSO: SignInPolicy = {
  ...USUAL,
  provider_id: OURS,
  ordinary: ['provider'],
  demands: 'provider',
  fail_over: { ways: ['passkey'], seen_within_days: 30, session_minutes: 480, unknown_opens: false },
}
const known: FailOverFacts = {
  links: [{ provider_id: OURS, last_proved_at: ago(2), closed_at: null }],
  address: { since: ago(90), proved_at: ago(90), asserted_at: null, isAssertionTrusted: false },
  verdicts: new Map([[OURS, verdict()]]),
  now: NOW,
}
const theirs: Enrolled = { at: ago(50), byProvider: OURS, root: { acr: 'single', provenBy: OURS, at: ago(50) } }
const mailed: Enrolled = { at: ago(50), byProvider: null, root: { acr: 'single', provenBy: null, at: ago(50) } }
const byPasskey: Came = { way: 'passkey', acr: 'multiple', provenBy: null, passkey: theirs }
const byMail: Came = { way: 'email', acr: 'single', provenBy: null, passkey: null }
const inOne = (of: SignInPolicy) => [{ organizationId: 'org_acme', policy: of, undemandedBefore: ago(80) }]

test('in an SSO-only organisation a passkey of a provider session lies dormant until fail-over, and no other wakes', () => {
  assert.equal(mayEnter(byPasskey, inOne(SSO)).isRefused, true)
  assert.deepEqual(mayEnter(byPasskey, inOne(SSO), known).failOver, {
    providerId: OURS,
    organizationId: 'org_acme',
    epoch: 7,
    minutes: 480,
  })
  const own = mayEnter({ ...byPasskey, passkey: mailed }, inOne(SSO), known)
  assert.deepEqual(
    [own.isRefused, own.refused],
    [true, [{ organizationId: 'org_acme', because: 'weaker_than_demanded' }]],
  )
})

const cases: [
  says: string,
  of: Partial<SignInPolicy>,
  facts: Partial<FailOverFacts>,
  by: Came,
  because: string | null,
][] = [
  ['somebody who was seen two days ago', {}, {}, byMail, null],
  ['somebody who was never seen there', {}, { links: [] }, byMail, 'not_linked'],
  [
    'somebody who was last seen 40 days ago',
    {},
    { links: [{ ...known.links[0]!, last_proved_at: ago(40) }] },
    byMail,
    'not_seen_lately',
  ],
  ['somebody whose link was closed', {}, { links: [{ ...known.links[0]!, closed_at: ago(1) }] }, byMail, 'closed'],
  [
    'an address that nobody proved',
    {},
    { address: { ...known.address, proved_at: null } },
    byMail,
    'address_not_proven',
  ],
  [
    'an address that was proved during the outage',
    {},
    { address: { ...known.address, proved_at: NOW } },
    byMail,
    'address_not_proven',
  ],
  [
    'an address that was changed last week',
    {},
    { address: { ...known.address, since: ago(7), proved_at: ago(7) } },
    byMail,
    'address_too_new',
  ],
  [
    'an address that was asserted long before, and proved by the first code of the outage',
    {},
    { address: { ...known.address, proved_at: NOW, asserted_at: ago(50), isAssertionTrusted: true } },
    byMail,
    null,
  ],
  [
    'an address that a trusted provider asserted',
    {},
    { address: { ...known.address, proved_at: null, asserted_at: ago(50), isAssertionTrusted: true } },
    byMail,
    null,
  ],
  ['a mailed code where a second factor is demanded', { demands: 'second-factor' }, {}, byMail, 'weaker_than_demanded'],
  [
    'a passkey that was enrolled by mail since a second factor is demanded',
    { demands: 'second-factor' },
    {},
    { ...byPasskey, passkey: mailed },
    'weaker_than_demanded',
  ],
  [
    'a passkey that was enrolled by mail before anything was demanded',
    { demands: 'second-factor' },
    {},
    { ...byPasskey, passkey: { ...mailed, root: { ...mailed.root, at: ago(81) } } },
    null,
  ],
  [
    'a passkey that was enrolled by another one, which was enrolled by mail',
    { demands: 'second-factor' },
    {},
    { ...byPasskey, passkey: { ...mailed, at: ago(1) } },
    'weaker_than_demanded',
  ],
  [
    'a passkey of a session of the provider that had asked for two factors',
    { demands: 'second-factor' },
    {},
    { ...byPasskey, passkey: { ...theirs, root: { ...theirs.root, acr: 'multiple' } } },
    null,
  ],
  ['a passkey that was enrolled by mail, where nothing is demanded', {}, {}, { ...byPasskey, passkey: mailed }, null],
  [
    'a passkey that was enrolled during the outage',
    {},
    {},
    { ...byPasskey, passkey: { ...theirs, at: NOW } },
    'passkey_too_new',
  ],
  ['a passkey of which nobody knows which', {}, {}, { ...byPasskey, passkey: null }, 'passkey_too_new'],
  ['a recovery code', {}, {}, { ...byMail, way: 'recovery' }, 'way_not_allowed'],
]
const LAX: SignInPolicy = {
  ...SSO,
  demands: 'nothing',
  fail_over: { ...SSO.fail_over!, ways: ['passkey', 'email'] },
}
for (const [says, of, changes, by, because] of cases) {
  test(`in fail-over, ${says}: ${because ?? 'let in'}`, () => {
    const { refused, isRefused } = mayEnter(by, inOne({ ...LAX, ...of }), { ...known, ...changes })
    assert.deepEqual(refused, because ? [{ organizationId: 'org_acme', because }] : [])
    assert.equal(isRefused, because !== null)
  })
}

test('an address is as old as the order that opened the fall-back, however long the provider has been well', () => {
  const lax: SignInPolicy = { ...SSO, demands: 'nothing', fail_over: { ...SSO.fail_over!, ways: ['passkey', 'email'] } }
  const ordered = verdict({
    ...{ state: 'healthy', since: ago(60), open_since: null, ordered: 'open', ordered_at: ago(0.01) },
    ordered_until: new Date(NOW.getTime() + 60_000),
  })
  for (const [days, refused] of [
    [50, []],
    [100, []],
    [29, ['address_too_new']],
    [0.001, ['address_not_proven']],
  ] as const) {
    const address = { ...known.address, since: ago(days), proved_at: ago(days) }
    const verdicts = new Map([[OURS, ordered]])
    const entry = mayEnter(byMail, inOne(lax), { ...known, address, verdicts })
    assert.deepEqual([entry.isRefused, entry.refused.map(({ because }) => because)], [refused.length > 0, refused])
  }
})

test('of several organisations the first that takes it is acted for, and a strict one beside it is not', () => {
  const of = [
    { organizationId: 'org_strict', policy: { ...SSO, fail_over: null }, undemandedBefore: ago(80) },
    { organizationId: 'org_free', policy: USUAL, undemandedBefore: ago(80) },
  ]
  const { organizationIds, isRefused } = mayEnter(byMail, of, known)
  assert.deepEqual([organizationIds, isRefused], [['org_free'], false])
})
