import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Observation } from '../load/generator.ts'
import type { VerdictSeen } from './arm.ts'
import { customers } from './customers.ts'
import type { LetIn } from './door.ts'
import { judgeCustomer, statesWithoutResolver } from './judge-arm.ts'
import { membersOf } from './people.ts'
import { makePlan } from './plan.ts'
import type { ArmRun, VerdictSample } from './run-arm.ts'
import { totalsOf } from './totals.ts'

/** The fault from 10 s to 100 s, our own resolver dead from 200 s to 230 s. */
const FAULT = { startedMs: 10_000, repairedMs: 100_000 }
const RESOLVER = { startedMs: 200_000, repairedMs: 230_000, isProven: true }
const plan = makePlan({ scale: 1, seed: 7 })
const members = membersOf(plan)
const indexOf = (key: string) => customers.findIndex((one) => one.key === key)
const customerOf = (key: string) => customers[indexOf(key)]!

function runOf(made: { observations?: Observation[]; verdicts?: VerdictSample[] }): ArmRun {
  const { observations = [], verdicts = [] } = made
  const report = { observations, planned: observations.length, lag: null, cpuPercent: 1, shortestDeadlineMs: 2000 }
  return {
    ...{ plan, members, report, verdicts, fault: FAULT, resolver: RESOLVER, proofs: {}, accounts: null },
    ...{ endedMs: 240_000, facts: {} },
  }
}

function signIn(key: string, atS: number, tookMs: number, own: Partial<LetIn> | 'late' = {}): Observation {
  const intendedMs = atS * 1000
  const base = {
    stream: 'sign-in',
    subject: indexOf(key),
    intendedMs,
    sentMs: intendedMs,
    endedMs: intendedMs + tookMs,
  }
  if (own === 'late') return { ...base, outcome: 'late' }
  const keep: LetIn = { person: 0, way: 'passkey', isOwnAccount: true, lastTryMs: tookMs, tries: 1, ...own }
  return { ...base, outcome: 'valid', keep }
}

const seen = (key: string, atS: number, state: string, isOpen: boolean): VerdictSample => ({
  ...{ atMs: atS * 1000, seen: { [key]: { state, isOpen, epoch: 1 } satisfies VerdictSeen } },
})

test('whom only the repair let in was not let in, and who came just before it is left out', () => {
  const observations = [
    signIn('hang', 20, 100),
    signIn('hang', 80, 20_500),
    signIn('hang', 99, 1500),
    signIn('hang', 50, 30_000, 'late'),
    signIn('hang', 5, 100),
    signIn('hang', 120, 100),
    signIn('drip', 20, 100),
  ]
  const judged = judgeCustomer(runOf({ observations }), customerOf('hang'))
  assert.equal(judged.attempts, 3)
  assert.equal(judged.sign_in_pct, 33.33)
  assert.equal(judgeCustomer(runOf({}), customerOf('hang')).sign_in_pct, null)
})

test('a delay is held against a healthy customer whose people sign in the same way at the same time', () => {
  const observations = [
    ...[200, 300, 250].map((tookMs, index) => signIn('healthy-1', 20 + index, tookMs)),
    signIn('healthy-1', 20, 5000, { way: 'email' }),
    signIn('unavailable', 12, 1750),
    signIn('unavailable', 30, 260),
    signIn('unavailable', 31, 280),
    signIn('unavailable', 32, 900),
  ]
  const verdicts = [seen('unavailable', 5, 'healthy', false), seen('unavailable', 25, 'down', true)]
  const judged = judgeCustomer(runOf({ observations, verdicts }), customerOf('unavailable'))
  assert.deepEqual([judged.added_first_ms, judged.added_later_ms, judged.added_later_p95_ms], [1500, 30, 650])
  const alone = observations.filter(({ subject }) => subject === indexOf('unavailable'))
  assert.equal(judgeCustomer(runOf({ observations: alone, verdicts }), customerOf('unavailable')).added_first_ms, null)
})

test('it is held against those who came about the same time, for the machine may be slower at another', () => {
  const around = (atS: number, tookMs: number) =>
    Array.from({ length: 7 }, (_, index) => signIn('healthy-1', atS + index / 10, tookMs))
  const observations = [...around(30, 2000), ...around(80, 100), signIn('hang', 31, 2010), signIn('hang', 81, 130)]
  const verdicts = [seen('hang', 5, 'healthy', false), seen('hang', 20, 'down', true)]
  const judged = judgeCustomer(runOf({ observations, verdicts }), customerOf('hang'))
  assert.deepEqual([judged.added_first_ms, judged.added_later_ms], [10, 30])
})

test('with a fall-back alone the first is the first after it opened; before that nobody could be let in', () => {
  const observations = [signIn('healthy-1', 20, 100), signIn('hang', 12, 9000), signIn('hang', 25, 400)]
  const verdicts = [seen('hang', 5, 'healthy', false), seen('hang', 20, 'down', true)]
  const judged = judgeCustomer(runOf({ observations, verdicts }), customerOf('hang'))
  assert.equal(judged.added_first_ms, 300)
  assert.equal(judged.longest_wait_s, 9)
})

test('what was noticed, opened and closed is told in seconds from the fault and from the repair', () => {
  const verdicts = [
    seen('hang', 9, 'healthy', false),
    seen('hang', 15, 'suspect', false),
    seen('hang', 22, 'down', true),
    seen('hang', 110, 'recovering', true),
    seen('hang', 170, 'healthy', false),
  ]
  const judged = judgeCustomer(runOf({ verdicts }), customerOf('hang'))
  assert.deepEqual(
    [judged.detect_s, judged.switch_s, judged.return_s, judged.switches, judged.false_openings],
    [5, 12, 70, 2, 0],
  )
  const silent = judgeCustomer(runOf({}), customerOf('hang'))
  assert.deepEqual([silent.detect_s, silent.switches, silent.false_openings], [null, null, null])
})

test('an opening that nothing of the provider excuses is false', () => {
  const check = (key: string, samples: [number, boolean][], expected: number) => {
    const verdicts = samples.map(([atS, isOpen]) => seen(key, atS, 'down', isOpen))
    assert.equal(judgeCustomer(runOf({ verdicts }), customerOf(key)).false_openings, expected, `${key} ${samples}`)
  }
  check('attacked-1', [[20, true]], 1)
  check('limited', [[20, true]], 1)
  check('hang', [[20, true]], 0)
  check('hang', [[5, true]], 1)
  check(
    'hang',
    [
      [20, true],
      [170, false],
      [210, true],
    ],
    1,
  )
})

test('a code where two factors are demanded, and whoever was to be refused and was not, is a violation', () => {
  const refused = members.filter(({ role }) => role === 'refused')
  const knock = (subject: number, outcome: 'valid' | 'invalid'): Observation => ({
    ...{ stream: 'knock', subject, outcome, intendedMs: 20_000, sentMs: 20_000, endedMs: 20_100 },
  })
  const observations = [
    signIn('reset', 20, 100, { way: 'email' }),
    signIn('hang', 20, 100, { way: 'email' }),
    knock(0, 'valid'),
    knock(1, 'invalid'),
  ]
  const run = runOf({ observations })
  assert.equal(judgeCustomer(run, customerOf('reset')).policy_violations, 1)
  assert.equal(judgeCustomer(run, customerOf(refused[0]!.customer)).policy_violations, 1)
  assert.equal(totalsOf(run).policyViolations, 2)
  assert.equal(totalsOf(runOf({ observations: observations.slice(0, 2) })).policyViolations, null)
})

test('an attempt that lands in another account is a mix-up, whenever it was', () => {
  const observations = [signIn('hang', 5, 100, { isOwnAccount: false }), signIn('hang', 20, 100)]
  assert.equal(totalsOf(runOf({ observations })).mixUps, 1)
})

test('what a provider was held for without our own resolver is read at the end of it', () => {
  const verdicts = [seen('hang', 205, 'suspect', false), seen('hang', 229, 'unknown', false)]
  assert.deepEqual(statesWithoutResolver(runOf({ verdicts })), { unknown: 1 })
  assert.deepEqual(statesWithoutResolver(runOf({ verdicts: [seen('hang', 100, 'healthy', false)] })), {})
})
