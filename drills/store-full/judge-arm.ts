import { type ArmFigures, percent, seconds } from '../frame/card.ts'
import type { Observation } from '../load/generator.ts'
import { judgeGenerator } from '../load/honesty.ts'
import { summarize } from '../load/latency.ts'
import type { SeenFault } from './prove-fault.ts'
import type { ArmRun } from './run-arm.ts'
import { isSignOut, isValid, tally } from '../load/verdicts.ts'

/**
 * How long another access process may still accept a session after its end was acknowledged: it reads the log of
 * revocations once a second, and issue 4 §5 allows three.
 */
const PROPAGATION_MS = 3000
/** An alarm that ends this long after the repair was about the fault, not a false one. */
const ALL_CLEAR_MS = 5000

/** The figures of one fault, or of all: the names are those of the card. */
export interface FaultFigures {
  sign_in_pct: number | null
  existing_pct: number | null
  /** From the fault until the next one: whom a store that came back empty has forgotten is told so after the repair. */
  false_sign_outs: number
  resurrected: number
  /** Of checks of live sessions: p99 in the fault minus p99 of the steady load before the first. */
  added_p99_ms: number | null
  /** What a PING once a second saw while the fault lasted. */
  ping: { up: number; asked: number; alerts: number }
  /** In how many of the faults the arm itself said that something is wrong. */
  noticed: number
}

/** What the whole run says about an arm, in the words of the card. */
export function judgeArm(run: ArmRun): ArmFigures {
  const all = judgeFaults(run, run.faults)
  const outs = checksOf(run).filter(isSignOut).length
  const resurrected = resurrections(run).length
  const detections = run.faults.map((fault) => detectionOf(fault, run))
  return {
    fault_proven: run.faults.length === run.plan.faults.length && run.faults.every((fault) => fault.proof.isProven),
    detect_s: slowest(detections.map((one) => one.detectMs)),
    named_s: slowest(detections.map((one) => one.namedMs)),
    sign_in_pct: all.sign_in_pct,
    existing_pct: all.existing_pct,
    wrong_answers: outs + resurrected,
    recover_s: slowest(run.faults.map((fault) => recoveryOf(fault, run))),
    // Neither is looked for: no fault here touches the database that would have to be asked.
    lost: null,
    duplicated: null,
    resurrected,
    false_alarms: countFalseAlarms(run),
    false_sign_outs: outs,
    details: detailsOf(run),
  }
}

/** Of some faults together; each by itself is what a bar is held against. */
export function judgeFaults(run: ArmRun, faults: readonly SeenFault[]): FaultFigures {
  const here = (one: Observation) => faults.some((fault) => meets(fault, one))
  const isSince = (one: Observation) => faults.some((fault) => fault === lastBefore(run, one))
  const checks = checksOf(run).filter(here)
  const signIns = run.report.observations.filter((one) => one.stream === 'sign-in' && here(one))
  const [p99, steadyP99] = [p99Of(checks), p99Of(steady(run))]
  return {
    sign_in_pct: percent(signIns.filter(isValid).length, signIns.length),
    existing_pct: percent(checks.filter(isValid).length, checks.length),
    false_sign_outs: checksOf(run).filter((one) => isSignOut(one) && isSince(one)).length,
    resurrected: resurrections(run).filter(isSince).length,
    added_p99_ms: p99 === null || steadyP99 === null ? null : Math.round((p99 - steadyP99) * 10) / 10,
    ping: pingsOf(run, faults),
    noticed: faults.filter((fault) => detectionOf(fault, run).detectMs !== null).length,
  }
}

/** The worst of all faults; null as soon as one was not measured. */
export function worst(values: (number | null)[], choose: (...some: number[]) => number): number | null {
  return values.length === 0 || values.includes(null) ? null : choose(...(values as number[]))
}

/** The share of checks answered `valid` in time outside the faults: before the first, and between and after them. */
export function validOutsideFaults(run: ArmRun): { beforePct: number | null; afterPct: number | null } {
  const first = run.faults[0]!.startedMs
  const calm = checksOf(run).filter((one) => !run.faults.some((fault) => meets(fault, one)))
  const share = (some: Observation[]) => percent(some.filter(isValid).length, some.length)
  return {
    beforePct: share(calm.filter((one) => one.intendedMs < first)),
    afterPct: share(calm.filter((one) => one.intendedMs >= first)),
  }
}

export function signedInBefore(run: ArmRun): boolean {
  const isBefore = (one: Observation) => one.stream === 'sign-in' && one.endedMs < run.faults[0]!.startedMs
  return run.report.observations.some((one) => isBefore(one) && isValid(one))
}

const checksOf = (run: ArmRun) => run.report.observations.filter((one) => one.stream === 'check')
const steady = (run: ArmRun) => checksOf(run).filter((one) => one.endedMs < run.faults[0]!.startedMs)
const latenciesOf = (some: Observation[]) => summarize(some.map((one) => one.endedMs - one.intendedMs))
const p99Of = (some: Observation[]) => latenciesOf(some)?.p99_ms ?? null

/** Somebody whom the fault met: it was under way when they came, or began while they waited. */
function meets(fault: SeenFault, one: Observation): boolean {
  return one.endedMs >= fault.startedMs && one.intendedMs < fault.repairedMs
}

/** The fault whose doing it may be: the last that had begun when the answer came. */
function lastBefore({ faults }: ArmRun, one: Observation): SeenFault | undefined {
  return faults.findLast((fault) => fault.startedMs <= one.endedMs)
}

/** The first time that each ended session was accepted although its end had been acknowledged. */
function resurrections(run: ArmRun): Observation[] {
  const ends = new Map(run.ended.map((one) => [one.subject, one.acknowledgedMs]))
  const first = new Map<number, Observation>()
  for (const one of run.report.observations) {
    const end = one.stream === 'ended' ? ends.get(one.subject) : null
    if (end == null || one.outcome !== 'valid' || one.intendedMs <= end + PROPAGATION_MS) continue
    if (!first.has(one.subject)) first.set(one.subject, one)
  }
  return [...first.values()]
}

/** An alert is a change from up to down; a monitor that says "still down" pages nobody again. */
function pingsOf({ pings }: ArmRun, faults: readonly SeenFault[]): FaultFigures['ping'] {
  const during = pings.filter((one) =>
    faults.some((fault) => one.atMs >= fault.startedMs && one.atMs < fault.repairedMs),
  )
  const isAlert = (one: ArmRun['pings'][number]) => !one.isUp && pings[pings.indexOf(one) - 1]?.isUp !== false
  return { up: during.filter((one) => one.isUp).length, asked: during.length, alerts: during.filter(isAlert).length }
}

function detectionOf(fault: SeenFault, { readiness }: ArmRun): { detectMs: number | null; namedMs: number | null } {
  const during = readiness.filter((one) => one.atMs >= fault.startedMs && one.atMs < fault.settledMs)
  const since = (one?: ArmRun['readiness'][number]) => (one ? one.atMs - fault.startedMs : null)
  return {
    detectMs: since(during.find((one) => one.isOk === false)),
    namedMs: since(during.find((one) => one.isNamed)),
  }
}

/** When somebody came last after the repair and was not served; null while that had not ended when the watch did. */
function recoveryOf(fault: SeenFault, run: ArmRun): number | null {
  const { repairedMs, settledMs } = fault
  const troubles = run.report.observations.filter(
    (one) =>
      (one.stream === 'check' || one.stream === 'sign-in') &&
      one.intendedMs >= repairedMs &&
      one.intendedMs < settledMs &&
      !isValid(one) &&
      !run.faults.some((other) => meets(other, one)),
  )
  const lastMs = Math.max(repairedMs, ...troubles.map((one) => one.intendedMs))
  return lastMs > settledMs - 1000 ? null : lastMs - repairedMs
}

function countFalseAlarms({ faults, readiness }: ArmRun): number | null {
  if (readiness.length === 0) return null
  // From when it is prepared: a store that is being filled may be complained about.
  const isQuiet = (atMs: number) =>
    !faults.some((fault, index) => {
      const preparedMs = index === 0 ? fault.startedMs - ALL_CLEAR_MS : faults[index - 1]!.repairedMs + ALL_CLEAR_MS
      return atMs >= Math.min(fault.startedMs, preparedMs) && atMs < fault.repairedMs + ALL_CLEAR_MS
    })
  const quiet = readiness.filter((one) => isQuiet(one.atMs))
  return quiet.filter((one, index) => one.isOk === false && quiet[index - 1]?.isOk !== false).length
}

function slowest(times: (number | null)[]): number | null {
  return seconds(worst(times, Math.max))
}

function detailsOf(run: ArmRun): Record<string, unknown> {
  const { plan, report } = run
  const stream = (name: string) => report.observations.filter((one) => one.stream === name)
  return {
    scale: plan.scale,
    load: {
      sign_ins_per_s: plan.signInsPerSecond,
      copies_of_entries_per_s: plan.entriesPerSecond - plan.signInsPerSecond,
      checks_per_s: plan.checksPerSecond,
      sessions: plan.sessions,
    },
    generator: {
      planned: report.planned,
      lag_p99_ms: report.lag?.p99_ms ?? null,
      lag_max_ms: report.lag?.max_ms ?? null,
      cpu_percent: report.cpuPercent,
      complaints: judgeGenerator(report).complaints,
    },
    steady: { checks: tally(steady(run)), latency: latenciesOf(steady(run)) },
    faults: run.faults.map((fault) => {
      const here = (one: Observation) => meets(fault, one)
      return {
        fault: fault.title,
        ...judgeFaults(run, [fault]),
        proof: { proven: fault.proof.isProven, ...fault.proof.rests },
        lasted_s: seconds(fault.repairedMs - fault.startedMs),
        detect_s: seconds(detectionOf(fault, run).detectMs),
        named_s: seconds(detectionOf(fault, run).namedMs),
        recover_s: seconds(recoveryOf(fault, run)),
        ...fault.facts,
        existing: { ...tally(checksOf(run).filter(here)), latency: latenciesOf(checksOf(run).filter(here)) },
        sign_in: { ...tally(stream('sign-in').filter(here)), latency: latenciesOf(stream('sign-in').filter(here)) },
      }
    }),
    shown_ended: tally(stream('ended')),
    ended: { asked: run.ended.length, acknowledged: run.ended.filter((one) => one.acknowledgedMs !== null).length },
    ...run.facts,
  }
}
