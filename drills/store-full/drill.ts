import type { ArmFigures, ArmName, Demand } from '../frame/card.ts'
import type { Drill } from '../frame/run-drill.ts'
import { judgeGenerator } from '../load/honesty.ts'
import { openHoldfastArm } from './holdfast-arm.ts'
import { judgeArm, judgeFaults, signedInBefore, validOutsideFaults, worst } from './judge-arm.ts'
import { openNaiveArm } from './naive-arm.ts'
import { makePlan, SCALE_MAX, SCALE_MIN } from './plan.ts'
import { type ArmRun, runArm } from './run-arm.ts'

/** Starting Redis, PostgreSQL and two doors, and signing two hundred people in by e-mail: around the plan itself. */
const AROUND_THE_PLAN_MS = 30_000
const BOUND_MARGIN_MS = 70_000
const SIGN_IN_PCT_MIN = 99.9

export const storeFull: Drill = {
  name: 'store-full',
  summary: 'a Redis fills up (three ways), is wiped, hangs, is killed and comes back empty',
  incident: 'ClickFunnels 2019: nobody could sign in for 5.5 h, because the session store was full',
  scales: { min: SCALE_MIN, max: SCALE_MAX },
  expectedMs: ({ scale, seed }) => makePlan({ scale, seed }).totalMs + AROUND_THE_PLAN_MS,
  boundMs: ({ scale, seed }) => makePlan({ scale, seed }).totalMs + AROUND_THE_PLAN_MS + BOUND_MARGIN_MS,
  boundReason: 'six faults one after the other, with recoveries between, once for each arm',
  async run(arm, { stage, scale, seed, progress }) {
    const open = arm === 'naive' ? openNaiveArm : openHoldfastArm
    const run = await runArm(open, stage, makePlan({ scale, seed }), progress)
    const figures = judgeArm(run)
    const demands = [...validity(arm, run), ...(arm === 'holdfast' ? promises(run, figures) : [])]
    return { figures, demands, remarks: remarksOf(arm, run) }
  },
}

/** What has to be so in either arm, or the figures say nothing. */
function validity(arm: ArmName, run: ArmRun): Demand[] {
  const unproven = run.faults.filter((fault) => !fault.proof.isProven)
  const honesty = judgeGenerator(run.report)
  const { beforePct } = validOutsideFaults(run)
  return [
    {
      name: `${arm}: faults proven`,
      kind: 'validity',
      measured: run.faults.length - unproven.length,
      required: { exactly: run.plan.faults.length },
      otherwise: `The ${arm} arm's fault was not seen to take effect: ${unproven
        .map(({ title, proof }) => `${title} ${JSON.stringify(proof.rests)}`)
        .join('; ')}.`,
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
      measured: beforePct === 100 && !signedInBefore(run) ? 0 : beforePct,
      required: { exactly: 100 },
      otherwise: `The ${arm} arm was not well before the first fault, so nothing can be laid at the fault's door.`,
    },
    {
      name: `${arm}: keeps entries in the store`,
      kind: 'validity',
      measured: run.hasOwnEntries ? 1 : 0,
      required: { exactly: 1 },
      otherwise: `The ${arm} arm had stored nothing before the faults, so no fault of the store could reach it.`,
    },
  ]
}

/** issue 4, acceptance 1: in every fault, not on the average of them. */
function promises(run: ArmRun, figures: ArmFigures): Demand[] {
  const each = run.faults.map((fault) => judgeFaults(run, [fault]))
  const signInPct = worst(
    each.map((one) => one.sign_in_pct),
    Math.min,
  )
  const existingPct = worst(
    each.map((one) => one.existing_pct),
    Math.min,
  )
  const { afterPct } = validOutsideFaults(run)
  return [
    {
      name: 'sign-in success in the worst fault, %',
      kind: 'promise',
      measured: signInPct,
      required: { atLeast: SIGN_IN_PCT_MIN },
      otherwise: `In the worst fault ${signInPct} % of the sign-ins succeeded; ${SIGN_IN_PCT_MIN} % are promised.`,
    },
    {
      name: 'existing sessions valid in the worst fault, %',
      kind: 'promise',
      measured: existingPct,
      required: { exactly: 100 },
      otherwise: `In the worst fault ${existingPct} % of the checks of live sessions were answered valid within 2 s.`,
    },
    {
      name: 'existing sessions valid between and after, %',
      kind: 'promise',
      measured: afterPct,
      required: { exactly: 100 },
      otherwise: `Between and after the faults ${afterPct} % of the checks were answered valid within 2 s.`,
    },
    {
      name: 'signed out without a reason',
      kind: 'promise',
      measured: figures.false_sign_outs,
      required: { exactly: 0 },
      otherwise: `${figures.false_sign_outs} times somebody who was signed in was told otherwise, or lost the cookie.`,
    },
    {
      name: 'resurrected',
      kind: 'promise',
      measured: figures.resurrected,
      required: { exactly: 0 },
      otherwise: `${figures.resurrected} sessions were accepted after their end had been acknowledged.`,
    },
  ]
}

/** A line for each fault and one for all, so that the two arms can be read beside each other. */
function remarksOf(arm: ArmName, run: ArmRun): string[] {
  const name = arm === 'naive' ? 'Naive' : 'Holdfast'
  const line = (title: string, faults: ArmRun['faults']) => {
    const one = judgeFaults(run, faults)
    const pct = (value: number | null) => (value === null ? 'not measured' : `${value} %`)
    const { up, asked, alerts } = one.ping
    return (
      `${name}, ${title}: sign-in ${pct(one.sign_in_pct)}, existing ${pct(one.existing_pct)}, signed out ` +
      `${one.false_sign_outs}, resurrected ${one.resurrected}, p99 ${added(one.added_p99_ms)}; PING up ${up} of ${asked}, ` +
      `${alerts} ${alerts === 1 ? 'alert' : 'alerts'}; ${noticed(arm, one.noticed, faults.length)}.`
    )
  }
  const { signInsPerSecond, entriesPerSecond } = run.plan
  return [
    ...run.faults.map((fault) => line(fault.title, [fault])),
    line('in all', run.faults),
    `${name}: of ${entriesPerSecond} new entries a second ${signInsPerSecond} were whole sign-ins, the others copies of the ` +
      `arm's own entries under its own prefix; what filled the store at once were such copies too.`,
  ]
}

function noticed(arm: ArmName, count: number, faults: number): string {
  const where = arm === 'naive' ? '/healthz' : '/readyz'
  if (faults > 1) return `${where} told of ${count} of ${faults} faults`
  return count === 1 ? `${where} told` : `${where} said nothing`
}

function added(ms: number | null): string {
  if (ms === null) return 'not measured'
  return ms < 0 ? `${ms} ms` : `+${ms} ms`
}
