import type { ArmName, Demand } from '../frame/card.ts'
import { seconds } from '../frame/card.ts'
import type { Drill } from '../frame/run-drill.ts'
import type { ArmRun } from './arm.ts'
import { runHoldfast } from './holdfast-arm.ts'
import { afterRestore, askedPercent, beforeFaults, duringFaults, duringStep, judgeArm } from './judge-arm.ts'
import { runNaive } from './naive-arm.ts'
import { makePlan, SCALE_MAX, SCALE_MIN } from './plan.ts'

/** Starting a PostgreSQL, two installations, a third access process and five applications: around the plan itself. */
const AROUND_THE_PLAN_MS = 30_000
/** On a machine that others use too, those starts take some times as long; and a restore that nobody follows is waited for. */
const BOUND_MARGIN_MS = 150_000
const SIGNALLED_S_MAX = 2
const RESTORED_S_MAX = 5
const FOLLOWED_S_MAX = 10
/** An application that was kept from asking catches up; what is missing was never asked. */
const ASKED_PERCENT_MIN = 95

export const flagsWiped: Drill = {
  name: 'flags-wiped',
  summary: 'all flags are wiped behind the back of those who ask them, and false ones are offered instead',
  incident: 'Clockwork 2022: Demo and Production shared a Redis; every flag was gone, old views for 2 h',
  scales: { min: SCALE_MIN, max: SCALE_MAX },
  expectedMs: (run) => makePlan(run).totalMs + AROUND_THE_PLAN_MS,
  boundMs: (run) => makePlan(run).totalMs + AROUND_THE_PLAN_MS + BOUND_MARGIN_MS,
  boundReason: 'twelve parts one after the other, each held so that whoever is going to answer wrongly has the time to',
  async run(arm, { stage, scale, seed, progress }) {
    const play = arm === 'naive' ? runNaive : runHoldfast
    const run = await play({ stage, progress, plan: makePlan({ scale, seed }) })
    const demands = [...validity(arm, run), ...(arm === 'holdfast' ? promises(run) : [])]
    return { figures: judgeArm(run), demands, remarks: remarksOf(arm, run) }
  },
}

/** What has to be so in either arm, or the figures say nothing. */
function validity(arm: ArmName, run: ArmRun): Demand[] {
  const unproven = run.steps.filter(({ isProven }) => !isProven)
  const before = beforeFaults(run)
  const asked = askedPercent(run)
  return [
    {
      name: `${arm}: parts of the fault that are not proven`,
      kind: 'validity',
      measured: run.steps.length === 0 ? null : unproven.length,
      required: { exactly: 0 },
      otherwise: `The ${arm} arm's fault was not seen to take effect: ${unproven
        .map(({ letter, title, rests }) => `(${letter}) ${title} ${JSON.stringify(rests)}`)
        .join('; ')}.`,
    },
    {
      name: `${arm}: wrong answers before the first fault`,
      kind: 'validity',
      measured: before.asked === 0 ? null : before.wrong,
      required: { exactly: 0 },
      otherwise: `The ${arm} arm was not well before the first fault, so nothing can be laid at the fault's door.`,
    },
    {
      name: `${arm}: asked of what was planned, %`,
      kind: 'validity',
      measured: asked,
      required: { atLeast: ASKED_PERCENT_MIN },
      otherwise: `The applications of the ${arm} arm asked ${asked} % of what was planned: the load was not what it claims to be.`,
    },
  ]
}

/** issue 5, acceptance 3. */
function promises(run: ArmRun): Demand[] {
  const { restore, deletion } = run
  const during = duringFaults(run)
  const signalled = atMs(run.wipedMs, run.signalledMs)
  const restored = atMs(restore.askedMs, restore.doneMs)
  const followed = atMs(restore.askedMs, restore.allFollowedMs)
  const promise = (one: Omit<Demand, 'kind'>): Demand => ({ ...one, kind: 'promise' })
  return [
    promise({
      name: 'wrong answers in (a) to (f)',
      measured: during.wrong,
      required: { exactly: 0 },
      otherwise: `${during.wrong} of ${during.asked} answers were wrong while the flags were gone.`,
    }),
    promise({
      name: 'answers by the default in the code',
      measured: during.fallbacks,
      required: { exactly: 0 },
      otherwise: `${during.fallbacks} answers came from the defaults in the code.`,
    }),
    promise({
      name: "demo on production's database: refused",
      measured: run.isDemoRefused === null ? null : Number(run.isDemoRefused),
      required: { exactly: 1 },
      otherwise: "Demo could be started with production's database, or wrote to it, or did not say why it ended.",
    }),
    promise({
      name: 'flags missing at a new access process',
      measured: run.missingAtNewAccess,
      required: { exactly: 0 },
      otherwise: `${run.missingAtNewAccess ?? 'Nobody knows how many'} of 500 flags were missing in what a new access process handed out.`,
    }),
    promise({
      name: 'wipe signalled after, s',
      measured: signalled,
      required: { atMost: SIGNALLED_S_MAX },
      otherwise: signalled === null ? 'The wipe was never signalled.' : `The wipe was signalled after ${signalled} s.`,
    }),
    promise({
      name: 'restore of 500 flags, s',
      measured: restored,
      required: { atMost: RESTORED_S_MAX },
      otherwise: `The restore took ${restored} s.`,
    }),
    promise({
      name: 'all applications on the restored epoch after, s',
      measured: followed,
      required: { atMost: FOLLOWED_S_MAX },
      otherwise: `${restore.followers} of ${restore.applications} applications followed the restore in time.`,
    }),
    promise({
      name: 'wrong answers after the restore',
      measured: afterRestore(run)?.wrong ?? null,
      required: { exactly: 0 },
      otherwise: 'Answers were wrong after the restore.',
    }),
    promise({
      name: 'deletion of all without its number: refused',
      measured: deletion && (deletion.isRefusedUnconfirmed ? 1 : 0),
      required: { exactly: 1 },
      otherwise: 'All flags could be deleted by a request that did not say how many it means.',
    }),
    promise({
      name: 'applications that hold a flag after the deletion',
      measured: deletion?.stillHolding ?? null,
      required: { exactly: 0 },
      otherwise: `${deletion?.stillHolding} applications still held flags after all were deleted on purpose.`,
    }),
  ]
}

const atMs = (fromMs: number, at: number | null) => (at === null ? null : seconds(at - fromMs))

/** A line for each part, so that the two arms can be read beside each other. */
function remarksOf(arm: ArmName, run: ArmRun): string[] {
  const name = arm === 'naive' ? 'Naive' : 'Holdfast'
  const { restore, deletion } = run
  const lines = run.steps.map((step) => {
    const { asked, wrong, fallbacks } = duringStep(run, step)
    return `${name}, (${step.letter}) ${step.title}: ${wrong} of ${asked} answers wrong, ${fallbacks} by the default in the code.`
  })
  const signalled = atMs(run.wipedMs, run.signalledMs)
  const followed = atMs(restore.askedMs, restore.allFollowedMs)
  return [
    ...lines,
    `${name}: the wipe was ${signalled === null ? 'never noticed by the arm itself' : `signalled after ${signalled} s`}.`,
    `${name}, (g) restore: ${atMs(restore.askedMs, restore.doneMs) ?? 'not done'} s, ${restore.followers} of ` +
      `${restore.applications} applications answer by it${followed === null ? '' : ` after ${followed} s`}.`,
    ...(deletion
      ? [
          `${name}: all 500 deleted on purpose, confirmed by their number: ${deletion.stillHolding} applications hold one still; ` +
            `without the number it was ${deletion.isRefusedUnconfirmed ? 'refused' : 'done'}.`,
        ]
      : []),
  ]
}
