import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Observation } from '../load/generator.ts'
import { judgeArm, judgeFaults, validOutsideFaults, worst } from './judge-arm.ts'
import { makePlan, peopleOf } from './plan.ts'
import type { SeenFault } from './prove-fault.ts'
import type { ArmRun } from './run-arm.ts'

/** One fault from 10 s to 20 s, watched until 26 s; the times of a run are in ms from its start. */
function fault(own: Partial<SeenFault> = {}): SeenFault {
  return {
    kind: 'expiry_off',
    title: 'A: full',
    startedMs: 10_000,
    repairedMs: 20_000,
    settledMs: 26_000,
    proof: { isProven: true, rests: {} },
    facts: {},
    ...own,
  }
}

function seen(stream: string, atMs: number, own: Partial<Observation> = {}): Observation {
  return { stream, subject: 0, outcome: 'valid', intendedMs: atMs, sentMs: atMs, endedMs: atMs + 10, ...own }
}

function run(own: { observations?: Observation[] } & Partial<Omit<ArmRun, 'report'>>): ArmRun {
  const { observations = [], ...rest } = own
  const report = { observations, planned: observations.length, lag: null, cpuPercent: 1, shortestDeadlineMs: 2000 }
  const plan = makePlan({ scale: 1, seed: 7 })
  return {
    plan,
    report,
    faults: [fault()],
    pings: [],
    readiness: [],
    ended: [],
    hasOwnEntries: true,
    facts: {},
    ...rest,
  }
}

test('each fault is judged by itself, by those whom it met', () => {
  const second = fault({ kind: 'wiped', startedMs: 30_000, repairedMs: 40_000, settledMs: 46_000 })
  const observations = [
    seen('sign-in', 5000),
    seen('sign-in', 11_000, { outcome: 'failed' }),
    seen('sign-in', 31_000),
    seen('check', 12_000),
    seen('check', 32_000, { outcome: 'invalid' }),
    seen('check', 33_000),
    // Came before the fault and was met by it.
    seen('check', 9999, { endedMs: 12_000, outcome: 'late' }),
  ]
  const ran = run({ faults: [fault(), second], observations })
  const [first, wiped] = ran.faults.map((one) => judgeFaults(ran, [one]))
  assert.deepEqual([first!.sign_in_pct, first!.existing_pct, first!.false_sign_outs], [0, 50, 0])
  assert.deepEqual([wiped!.sign_in_pct, wiped!.existing_pct, wiped!.false_sign_outs], [100, 50, 1])
  assert.deepEqual([judgeArm(ran).sign_in_pct, judgeArm(ran).existing_pct], [50, 50])
})

test('somebody told to be signed out between the faults is signed out without a reason all the same', () => {
  const ran = run({ observations: [seen('check', 22_000, { outcome: 'invalid' })] })
  assert.deepEqual([judgeArm(ran).false_sign_outs, judgeArm(ran).wrong_answers], [1, 1])
  assert.equal(judgeFaults(ran, ran.faults).false_sign_outs, 1, 'it is laid at the door of the fault before')
  const cleared = [seen('check', 11_000, { outcome: 'unknown', clears: true })]
  assert.equal(judgeArm(run({ observations: cleared })).false_sign_outs, 1)
})

test('a session accepted after its end was acknowledged is resurrected, counted once, in the fault in which it was', () => {
  const ended = [{ subject: 5, askedMs: 4000, acknowledgedMs: 4010 }]
  const observations = [
    seen('ended', 3000, { subject: 5 }),
    // Another access process may not have read of it yet.
    seen('ended', 6000, { subject: 5 }),
    seen('ended', 12_000, { subject: 5 }),
    seen('ended', 13_000, { subject: 5 }),
  ]
  const ran = run({ observations, ended })
  assert.equal(judgeArm(ran).resurrected, 1)
  assert.equal(judgeFaults(ran, ran.faults).resurrected, 1)
  assert.equal(judgeArm(run({ observations: observations.slice(0, 2), ended })).resurrected, 0)
  const unsaid = [{ subject: 5, askedMs: 4000, acknowledgedMs: null }]
  assert.equal(judgeArm(run({ observations, ended: unsaid })).resurrected, 0)
})

test('what a fault adds to p99 is measured against the steady load before the first', () => {
  const observations = [
    seen('check', 5000, { endedMs: 5010 }),
    seen('check', 12_000, { endedMs: 12_060 }),
    seen('check', 22_000, { endedMs: 23_000 }),
  ]
  assert.equal(Math.round(judgeFaults(run({ observations }), [fault()]).added_p99_ms!), 50)
  assert.equal(judgeFaults(run({ observations: observations.slice(1) }), [fault()]).added_p99_ms, null)
})

test('a PING monitor alerts when it goes down, not as long as it is down, and says nothing of a full store', () => {
  const ping = (atMs: number, isUp: boolean) => ({ atMs, isUp })
  const up = [ping(9000, true), ping(10_500, true), ping(11_500, true), ping(21_000, true)]
  assert.deepEqual(judgeFaults(run({ pings: up }), [fault()]).ping, { up: 2, asked: 2, alerts: 0 })
  const down = [ping(9000, true), ping(10_500, false), ping(11_500, false), ping(12_500, true), ping(13_500, false)]
  assert.deepEqual(judgeFaults(run({ pings: down }), [fault()]).ping, { up: 1, asked: 4, alerts: 2 })
})

test('detected is when the arm itself says so, named when it says that it is the cache', () => {
  const at = (atMs: number, isOk: boolean | null, isNamed = false) => ({ atMs, isOk, isNamed })
  const readiness = [at(1000, true), at(11_000, null), at(12_000, false), at(13_000, false, true)]
  const figures = judgeArm(run({ readiness }))
  assert.deepEqual([figures.detect_s, figures.named_s, figures.false_alarms], [2, 3, 0])
  assert.equal(judgeArm(run({ readiness: [at(1000, false), at(12_000, true)] })).false_alarms, 1)
  assert.equal(judgeArm(run({ readiness: [at(11_000, true)] })).detect_s, null)
})

test('the worst of all faults is not known as soon as one of them was not measured', () => {
  assert.equal(worst([100, 99.2, 100], Math.min), 99.2)
  assert.equal(worst([100, null], Math.min), null)
  assert.equal(worst([], Math.min), null)
})

test('an arm is proven only when every planned fault is', () => {
  const all = makePlan({ scale: 1, seed: 7 }).faults.map(({ kind }) => fault({ kind }))
  assert.equal(judgeArm(run({ faults: all })).fault_proven, true)
  assert.equal(judgeArm(run({ faults: all.slice(1) })).fault_proven, false)
  const unproven = [...all.slice(1), fault({ proof: { isProven: false, rests: {} } })]
  assert.equal(judgeArm(run({ faults: unproven })).fault_proven, false)
})

test('checks before the first fault are told apart from those between and after', () => {
  const observations = [seen('check', 5000), seen('check', 12_000, { outcome: 'late' }), seen('check', 23_000)]
  assert.deepEqual(validOutsideFaults(run({ observations })), { beforePct: 100, afterPct: 100 })
})

test('a plan has sessions to end before and in each fault, and stays within three minutes an arm', () => {
  const plan = makePlan({ scale: 1, seed: 7 })
  assert.equal(peopleOf(plan).length, plan.sessions + plan.endedEach * (plan.faults.length + 1))
  assert.equal(plan.maxMemory, '64mb')
  assert.ok(plan.totalMs + 30_000 <= 180_000, `${plan.totalMs}`)
  assert.ok(makePlan({ scale: 0.01, seed: 7 }).totalMs < 30_000)
})
