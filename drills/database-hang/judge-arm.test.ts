import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Observation } from '../load/generator.ts'
import { countUnanswered, judgeArm, validOutsideFaults } from './judge-arm.ts'
import { makePlan } from './plan.ts'
import type { ArmRun, EndedSession } from './run-arm.ts'

type Fault = ArmRun['faults'][number]

/** One fault from 10 s to 20 s, watched until 30 s; the times of a run are in ms from its start. */
function fault(own: Partial<Fault> = {}): Fault {
  return {
    kind: 'whole_server',
    title: 'the whole server stopped',
    startedMs: 10_000,
    repairedMs: 20_000,
    settledMs: 30_000,
    proof: { tcp_connects: true, new_connection: 'hung', by_the_kernel: true, at_the_end: true },
    isProven: true,
    recovery: { signInMs: 20_400, databaseReadMs: 20_100 },
    ...own,
  }
}

function seen(stream: string, atMs: number, own: Partial<Observation> = {}): Observation {
  return { stream, subject: 0, outcome: 'valid', intendedMs: atMs, sentMs: atMs, endedMs: atMs + 10, ...own }
}

function run(own: { observations?: Observation[] } & Partial<Omit<ArmRun, 'report'>>): ArmRun {
  const { observations = [], ...rest } = own
  const report = { observations, planned: observations.length, lag: null, cpuPercent: 1, shortestDeadlineMs: 2000 }
  return {
    plan: makePlan({ scale: 1, seed: 7 }),
    startAtMs: 0,
    report,
    faults: [fault()],
    readiness: [],
    ended: [],
    kept: [],
    facts: { sessions_nobody_was_told_of: 0 },
    ...rest,
  }
}

const ended = (own: Partial<EndedSession>): EndedSession => ({
  subject: 5,
  way: 'direct',
  when: 'before',
  askedMs: 4000,
  acknowledgedMs: 4010,
  isThereAfterwards: false,
  ...own,
})

test('a late or unknown answer is no valid session and no sign-out; only "signed out" is one', () => {
  const figures = judgeArm(
    run({
      observations: [
        seen('check', 11_000),
        seen('check', 12_000, { outcome: 'late' }),
        seen('check', 13_000, { outcome: 'unknown' }),
        seen('check', 14_000, { outcome: 'invalid' }),
        seen('check', 21_000),
      ],
    }),
  )
  assert.equal(figures.existing_pct, 25)
  assert.equal(figures.false_sign_outs, 1)
  assert.equal(figures.wrong_answers, 1)
})

test('an answer that takes the cookie of somebody signed in is a false sign-out, whatever its status', () => {
  const figures = judgeArm(run({ observations: [seen('check', 11_000, { outcome: 'unknown', clears: true })] }))
  assert.equal(figures.false_sign_outs, 1)
  assert.equal(judgeArm(run({ observations: [seen('check', 11_000, { clears: true })] })).existing_pct, 0)
})

test('a session accepted after its end was acknowledged is resurrected, counted once', () => {
  const observations = [
    seen('ended', 3000, { subject: 5 }),
    seen('ended', 4500, { subject: 5 }),
    seen('ended', 12_000, { subject: 5 }),
    seen('ended', 13_000, { subject: 5 }),
  ]
  assert.equal(judgeArm(run({ observations, ended: [ended({})] })).resurrected, 1)
  assert.equal(judgeArm(run({ observations: observations.slice(0, 2), ended: [ended({})] })).resurrected, 0)
  assert.equal(judgeArm(run({ ended: [ended({ isThereAfterwards: true })] })).resurrected, 1)
})

test('an end that was never acknowledged promises nothing', () => {
  const unsaid = ended({ acknowledgedMs: null, isThereAfterwards: true })
  assert.equal(judgeArm(run({ observations: [seen('ended', 12_000, { subject: 5 })], ended: [unsaid] })).resurrected, 0)
})

test('to call a stranger signed out is wrong while nobody can see, and right again when the database answers', () => {
  const stranger = (atMs: number, own: Partial<Observation> = {}) =>
    seen('stranger', atMs, { outcome: 'invalid', ...own })
  assert.equal(judgeArm(run({ observations: [stranger(5000), stranger(21_000)] })).wrong_answers, 0)
  assert.equal(judgeArm(run({ observations: [stranger(12_000)] })).wrong_answers, 1)
  assert.equal(judgeArm(run({ observations: [stranger(12_000, { outcome: 'unknown' })] })).wrong_answers, 0)
  assert.equal(judgeArm(run({ observations: [stranger(5000, { outcome: 'valid' })] })).wrong_answers, 1)
  const pooled = [fault({ kind: 'postmaster' })]
  assert.equal(judgeArm(run({ faults: pooled, observations: [stranger(12_000)] })).wrong_answers, 0)
})

test('recovered is when the last trouble was over, not when the first thing worked', () => {
  assert.equal(judgeArm(run({})).recover_s, 0.4)
  const trouble = [seen('check', 23_000, { outcome: 'late' })]
  assert.equal(judgeArm(run({ observations: trouble })).recover_s, 3)
  const beforeRepair = [seen('sign-in', 19_000, { outcome: 'late' })]
  assert.equal(judgeArm(run({ observations: beforeRepair })).recover_s, 0.4)
})

test('what the next fault broke off is its own, not the end of a bad recovery', () => {
  const next = fault({
    startedMs: 30_000,
    repairedMs: 30_200,
    settledMs: 40_000,
    recovery: { signInMs: 30_300, databaseReadMs: 30_300 },
  })
  const broken = seen('check', 29_995, { outcome: 'failed', endedMs: 30_003 })
  const ran = run({ faults: [fault(), next], observations: [seen('check', 12_000), broken] })
  assert.equal(judgeArm(ran).recover_s, 0.4)
  assert.equal(judgeArm(ran).existing_pct, 50)
})

test('what never recovered, or was still in trouble at the end, has no time of recovery', () => {
  const never = (own: Partial<Fault>) => judgeArm(run({ faults: [fault(), fault(own)] })).recover_s
  assert.equal(never({ repairedMs: null }), null)
  assert.equal(never({ recovery: { signInMs: null, databaseReadMs: 20_100 } }), null)
  assert.equal(judgeArm(run({ observations: [seen('check', 29_500, { outcome: 'late' })] })).recover_s, null)
})

test('detection is timed from the fault, and null when any of the faults was not noticed', () => {
  const readiness = [
    { atMs: 9000, isOk: true, isNamed: false },
    { atMs: 11_500, isOk: null, isNamed: false },
    { atMs: 12_000, isOk: false, isNamed: false },
    { atMs: 13_000, isOk: false, isNamed: true },
  ]
  const figures = judgeArm(run({ readiness }))
  assert.deepEqual([figures.detect_s, figures.named_s, figures.false_alarms], [2, 3, 0])
  const later = fault({ startedMs: 40_000, repairedMs: 50_000, settledMs: 60_000 })
  assert.equal(judgeArm(run({ readiness, faults: [fault(), later] })).detect_s, null)
})

test('an alarm while nothing is wrong is false, one episode of it counted once', () => {
  const at = (atMs: number, isOk: boolean) => ({ atMs, isOk, isNamed: !isOk })
  const readiness = [
    at(1000, true),
    at(2000, false),
    at(2100, false),
    at(3000, true),
    at(21_000, false),
    at(28_000, false),
  ]
  assert.equal(judgeArm(run({ readiness })).false_alarms, 2)
})

test('lost and duplicated are told only of sessions that could be asked for', () => {
  const kept = (isThere: boolean | null, sessionsOfPerson: number | null) => ({
    person: 'a',
    way: 'direct',
    cookies: {},
    isThere,
    sessionsOfPerson,
  })
  const figures = judgeArm(run({ kept: [kept(true, 1), kept(false, null), kept(true, 2)] }))
  assert.deepEqual([figures.lost, figures.duplicated], [1, 1])
  assert.equal(judgeArm(run({ kept: [kept(true, 1), kept(null, null)] })).lost, null)
  assert.equal(judgeArm(run({ kept: [kept(true, null)] })).duplicated, null)
})

test('sign-ins and checks outside the faults are told apart from those in them', () => {
  const ran = run({
    observations: [
      seen('check', 5000),
      seen('check', 21_000, { outcome: 'failed' }),
      seen('sign-in', 5000),
      seen('sign-in', 12_000, { outcome: 'unknown' }),
    ],
  })
  assert.deepEqual(validOutsideFaults(ran), { beforePct: 100, afterPct: 0 })
  assert.equal(judgeArm(ran).sign_in_pct, 0)
  assert.equal(countUnanswered(ran), 0)
  assert.equal(countUnanswered(run({ observations: [seen('sign-in', 12_000, { outcome: 'late' })] })), 1)
  assert.equal(judgeArm(run({})).sign_in_pct, null)
})

test('a plan keeps its steps in order at every scale, and its fault longer than any detector needs', () => {
  for (const scale of [0.01, 0.05, 1, 10]) {
    const { faults, totalMs, endSessionsAtMs } = makePlan({ scale, seed: 1 })
    assert.ok(endSessionsAtMs + 1000 < faults[0]!.startMs)
    for (const [index, one] of faults.entries()) {
      assert.ok(one.startMs >= (faults[index - 1]?.settledMs ?? 0))
      assert.ok(one.repairMs < one.settledMs && one.settledMs < totalMs)
    }
  }
  assert.equal(
    makePlan({ scale: 1, seed: 1 }).faults[0]!.repairMs - makePlan({ scale: 1, seed: 1 }).faults[0]!.startMs,
    60_000,
  )
})
