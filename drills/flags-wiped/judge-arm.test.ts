import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bucket } from './app.ts'
import type { ArmRun, Step } from './arm.ts'
import { afterRestore, askedPercent, beforeFaults, duringFaults, duringStep, judgeArm } from './judge-arm.ts'
import { makePlan } from './plan.ts'

const standing = { number: 'e1.s2', flags: 500, isInDoubt: false }
const bucket = (fromMs: number, given: Partial<Bucket> = {}): Bucket => ({
  ...{ fromMs, toMs: fromMs + 100, asked: 50, wrong: 0, sources: { live: 50 }, standing },
  ...given,
})
const step = (letter: string, fromMs: number, toMs: number, isProven = true): Step => ({
  ...{ letter, title: letter, fromMs, toMs, isProven, rests: {} },
})

function runOf(given: Partial<ArmRun>): ArmRun {
  return {
    plan: makePlan({ scale: 1, seed: 7 }),
    apps: [{ name: 'app-1', buckets: Array.from({ length: 200 }, (_, index) => bucket(index * 100)) }],
    steps: [step('a', 1000, 2000), step('b', 2000, 3000)],
    ...{ wipedMs: 2000, signalledMs: 2900, namedMs: null, falseAlarms: 0 },
    restore: { askedMs: 4000, doneMs: 4500, allFollowedMs: 5000, followers: 1, applications: 1 },
    ...{ isDemoRefused: null, missingAtNewAccess: null, deletion: null },
    facts: {},
    ...given,
  }
}

const withWrong = (atMs: number, sources: Record<string, number> = { live: 50 }) =>
  runOf({ apps: [{ name: 'app-1', buckets: [bucket(500), bucket(atMs, { wrong: 3, sources })] }] })

test('a wrong answer is laid at the door of the part that had begun, until the next one begins', () => {
  const run = withWrong(2500, { fallback: 50 })
  assert.deepEqual(
    run.steps.map((one) => duringStep(run, one).wrong),
    [0, 3],
  )
  assert.equal(duringStep(run, run.steps[1]!).fallbacks, 50)
  const afterTheLastPart = withWrong(3500)
  assert.equal(duringStep(afterTheLastPart, afterTheLastPart.steps[1]!).wrong, 3)
  assert.equal(judgeArm(afterTheLastPart).wrong_answers, 3)
})

test('what was wrong before the first fault is no doing of the fault, and makes the run invalid', () => {
  const run = withWrong(700)
  assert.deepEqual([beforeFaults(run).wrong, duringFaults(run).wrong], [3, 0])
})

test('from the restore until everybody has followed nothing is counted; afterwards every wrong answer is', () => {
  const whileFollowing = withWrong(4600)
  assert.deepEqual([duringFaults(whileFollowing).wrong, afterRestore(whileFollowing)?.wrong], [0, 0])
  assert.equal(afterRestore(withWrong(6000))?.wrong, 3)
})

test('what never came is null and not 0: a wipe that nobody signalled, a restore that not everybody followed', () => {
  const restore = { askedMs: 4000, doneMs: 4500, allFollowedMs: null, followers: 3, applications: 5 }
  const run = runOf({ signalledMs: null, restore })
  const { detect_s, named_s, recover_s } = judgeArm(run)
  assert.deepEqual([detect_s, named_s, recover_s, afterRestore(run)], [null, null, null, null])
  assert.equal(judgeArm(runOf({})).detect_s, 0.9)
})

test('one part that was not proven, or none at all, and the fault is not', () => {
  assert.equal(judgeArm(runOf({})).fault_proven, true)
  assert.equal(judgeArm(runOf({ steps: [step('a', 1000, 2000), step('b', 2000, 3000, false)] })).fault_proven, false)
  assert.equal(judgeArm(runOf({ steps: [] })).fault_proven, false)
})

test('an application that asked less than was planned is seen, however many the others asked', () => {
  const idle = Array.from({ length: 30 }, (_, index) => bucket(1000 + index * 100, { asked: 10 }))
  const busy = Array.from({ length: 30 }, (_, index) => bucket(1000 + index * 100))
  assert.equal(askedPercent(runOf({ apps: [{ name: 'app-1', buckets: busy }] })), 100)
  const both = [
    { name: 'app-1', buckets: busy },
    { name: 'app-2', buckets: idle },
  ]
  assert.equal(askedPercent(runOf({ apps: both })), 20)
})
