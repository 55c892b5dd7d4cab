import { type ArmFigures, type ArmName, type Demand, percent, seconds } from '../frame/card.ts'
import type { Drill } from '../frame/run-drill.ts'
import { judgeGenerator } from '../load/honesty.ts'
import { openHoldfastArm } from './holdfast-arm.ts'
import { countUnanswered, faultOf, judgeArm, signedInBefore, validOutsideFaults } from './judge-arm.ts'
import { openNaiveArm } from './naive-arm.ts'
import { makePlan, SCALE_MAX, SCALE_MIN } from './plan.ts'
import { type ArmRun, runArm } from './run-arm.ts'

/** Making a cluster, signing two hundred people in, looking for every session afterwards: around the plan itself. */
const AROUND_THE_PLAN_MS = 20_000
/** A first start builds the console, and a busy machine is slow. */
const BOUND_MARGIN_MS = 70_000
const RECOVER_MAX_S = 2

export const databaseHang: Drill = {
  name: 'database-hang',
  summary: 'the home database hangs, its postmaster hangs, its postmaster is killed',
  incident: 'Customer.io 2018: a kernel bug locked up MySQL, 4 h 39 min',
  scales: { min: SCALE_MIN, max: SCALE_MAX },
  expectedMs: ({ scale, seed }) => makePlan({ scale, seed }).totalMs + AROUND_THE_PLAN_MS,
  boundMs: ({ scale, seed }) => makePlan({ scale, seed }).totalMs + AROUND_THE_PLAN_MS + BOUND_MARGIN_MS,
  boundReason: 'it holds a database still for 60 s and again for 20 s, with recoveries between, once for each arm',
  async run(arm, { stage, scale, seed, progress }) {
    const open = arm === 'naive' ? openNaiveArm : openHoldfastArm
    const run = await runArm(open, stage, makePlan({ scale, seed }), progress)
    const figures = judgeArm(run)
    const demands = [...validity(arm, run), ...(arm === 'holdfast' ? promises(run, figures) : [])]
    return { figures, demands, remarks: [arm === 'naive' ? costOf(run, figures) : wayOf(run)] }
  },
}

/** What has to be so in either arm, or the figures say nothing. */
function validity(arm: ArmName, run: ArmRun): Demand[] {
  const proven = run.faults.filter((fault) => fault.isProven)
  const unproven = run.faults
    .filter((fault) => !fault.isProven)
    .map((fault) => `${fault.title}: ${JSON.stringify(fault.proof)}`)
  const honesty = judgeGenerator(run.report)
  const { beforePct } = validOutsideFaults(run)
  const isHealthy = beforePct === 100 && signedInBefore(run)
  return [
    {
      name: `${arm}: faults proven`,
      kind: 'validity',
      measured: proven.length,
      required: { exactly: run.faults.length },
      otherwise: `The ${arm} arm's fault was not seen to take effect: ${unproven.join('; ')}.`,
    },
    {
      name: `${arm}: complaints about the generator`,
      kind: 'validity',
      measured: honesty.complaints.length,
      required: { exactly: 0 },
      otherwise: `The ${arm} arm was not measured honestly. ${honesty.complaints.join(' ')}`,
    },
    {
      name: `${arm}: well before the first fault, %`,
      kind: 'validity',
      measured: isHealthy ? 100 : beforePct === 100 ? 0 : beforePct,
      required: { exactly: 100 },
      otherwise: `The ${arm} arm was not well before the first fault, so nothing can be laid at the fault's door.`,
    },
  ]
}

/** issue 2, acceptance 5. */
function promises(run: ArmRun, figures: ArmFigures): Demand[] {
  const { afterPct } = validOutsideFaults(run)
  const demand = (name: string, measured: number | null, required: Demand['required'], otherwise: string): Demand => ({
    name,
    kind: 'promise',
    measured,
    required,
    otherwise,
  })
  return [
    demand(
      'existing sessions valid in the faults, %',
      figures.existing_pct,
      { exactly: 100 },
      `Of all checks of live sessions during the faults, ${figures.existing_pct} % were answered valid within 2 s; all have to be.`,
    ),
    demand(
      'existing sessions valid between and after, %',
      afterPct,
      { exactly: 100 },
      `Between and after the faults ${afterPct} % of the checks were answered valid within 2 s; all have to be.`,
    ),
    demand(
      'false sign-outs',
      figures.false_sign_outs,
      { exactly: 0 },
      `${figures.false_sign_outs} times somebody who was signed in was told otherwise, or lost the cookie.`,
    ),
    demand(
      'wrong answers',
      figures.wrong_answers,
      { exactly: 0 },
      `${figures.wrong_answers} answers claimed what nobody could know, or what was not so.`,
    ),
    demand(
      'resurrected',
      figures.resurrected,
      { exactly: 0 },
      `${figures.resurrected} sessions were accepted after their end had been acknowledged.`,
    ),
    demand(
      'acknowledged but lost',
      figures.lost,
      { exactly: 0 },
      figures.lost === null
        ? 'Whether an acknowledged sign-in was lost could not be measured.'
        : `${figures.lost} sessions that were acknowledged are not there.`,
    ),
    demand(
      'duplicated',
      figures.duplicated,
      { exactly: 0 },
      figures.duplicated === null
        ? 'Whether a sign-in was done twice could not be measured.'
        : `${figures.duplicated} people have more than one session from one sign-in.`,
    ),
    demand(
      'recovered after, s',
      figures.recover_s,
      { atMost: RECOVER_MAX_S },
      figures.recover_s === null
        ? `It did not recover in the time it had after every repair: ${recoveries(run)}.`
        : `It took ${figures.recover_s} s from a repair until all was well; ${RECOVER_MAX_S} s are allowed.`,
    ),
    demand(
      'sign-ins neither done nor said to be unknown',
      countUnanswered(run),
      { exactly: 0 },
      `${countUnanswered(run)} people who came to sign in during a fault were refused, or not answered.`,
    ),
    demand(
      'false alarms',
      figures.false_alarms,
      { exactly: 0 },
      `It said ${figures.false_alarms} times that something was wrong while nothing was.`,
    ),
  ]
}

function recoveries(run: ArmRun): string {
  return run.faults
    .map(({ kind, repairedMs, recovery }) => {
      const since = (atMs: number | null) =>
        atMs === null || repairedMs === null ? 'never' : `${seconds(atMs - repairedMs)} s`
      return `${kind}: sign-in ${since(recovery.signInMs)}, verified from the database ${since(recovery.databaseReadMs)}`
    })
    .join('; ')
}

/** What the same fault costs an app that checks its sessions in the database. */
function costOf(run: ArmRun, { sign_in_pct: signInPct, recover_s: recoverS, duplicated }: ArmFigures): string {
  const [first] = run.faults
  const checks = run.report.observations.filter((one) => one.stream === 'check' && faultOf(run, one) === first)
  const servedPct = percent(checks.filter((one) => one.outcome === 'valid').length, checks.length)
  const recovery =
    recoverS === null ? 'it was not well again in the time it had' : `it took up to ${recoverS} s until all was well`
  return (
    `Naive: with ${first!.title} ${servedPct} % of the people who were signed in were served. In all faults ${signInPct} % of ` +
    `the sign-ins succeeded, ${run.facts.sessions_nobody_was_told_of} sessions were made that nobody was told of, and ` +
    `${duplicated} people got two. After a repair ${recovery}.`
  )
}

function wayOf(run: ArmRun): string {
  const inFaults = run.report.observations.filter((one) => one.stream === 'check' && faultOf(run, one))
  const sources = [...Map.groupBy(inFaults, (one) => (one.source ? `from ${one.source}` : one.outcome))]
    .sort(([, left], [, right]) => right.length - left.length)
    .map(([how, some]) => `${some.length} ${how}`)
  return (
    `Holdfast: during the faults ${inFaults.length} checks were answered, ${sources.join(', ')}; ` +
    `${run.facts.sessions_nobody_was_told_of ?? 'it is not known how many'} sessions were made that nobody was told of.`
  )
}
