import { type ArmFigures, percent, seconds } from '../frame/card.ts'
import type { Observation } from '../load/generator.ts'
import { judgeGenerator } from '../load/honesty.ts'
import { summarize } from '../load/latency.ts'
import type { ArmRun, EndedSession } from './run-arm.ts'
import type { ReadinessSample } from './watch-arm.ts'
import { isSignOut, isValid, tally } from '../load/verdicts.ts'

type Fault = ArmRun['faults'][number]

/**
 * How long a verifier may still accept a session after its end was acknowledged: a revocation reaches it by the feed
 * within one second, which is promised, and an outage is no excuse for one that was acknowledged before.
 */
const PROPAGATION_MS = 1000
/** An alarm that ends this long after the repair was about the fault, not a false one. */
const ALL_CLEAR_MS = 5000

/** What the whole run says about an arm, in the words of the card. */
export function judgeArm(run: ArmRun): ArmFigures {
  const checks = run.report.observations.filter((one) => one.stream === 'check')
  const inFaults = checks.filter((one) => faultOf(run, one))
  const signIns = run.report.observations.filter((one) => one.stream === 'sign-in')
  const signInsInFaults = signIns.filter((one) => faultOf(run, one))
  const falseSignOuts = checks.filter(isSignOut).length
  const resurrected = countResurrected(run)
  const detections = run.faults.map((fault) => detectionOf(fault, run.readiness))
  const asked = run.kept.filter((one) => one.isThere !== null)
  const counted = run.kept.filter((one) => one.sessionsOfPerson !== null)
  return {
    fault_proven: run.faults.every((fault) => fault.isProven),
    detect_s: slowest(detections.map((one) => one.detectMs)),
    named_s: slowest(detections.map((one) => one.namedMs)),
    sign_in_pct: percent(signInsInFaults.filter(isValid).length, signInsInFaults.length),
    existing_pct: percent(inFaults.filter(isValid).length, inFaults.length),
    wrong_answers: falseSignOuts + resurrected + countWrongAboutStrangers(run),
    recover_s: slowest(run.faults.map((fault) => recoveryOf(fault, run))),
    // Each acknowledged session that could be asked for; none asked is not the same as none lost.
    lost: asked.length === run.kept.length ? asked.filter((one) => !one.isThere).length : null,
    duplicated: counted.length === 0 ? null : counted.filter((one) => one.sessionsOfPerson! > 1).length,
    resurrected,
    false_alarms: run.readiness.length === 0 ? null : countFalseAlarms(run),
    false_sign_outs: falseSignOuts,
    details: detailsOf(run, checks, signIns),
  }
}

/** Sign-ins begun in a fault that were neither done nor said to be unknown. */
export function countUnanswered(run: ArmRun): number {
  return run.report.observations.filter(
    (one) => one.stream === 'sign-in' && faultOf(run, one) && one.outcome !== 'valid' && one.outcome !== 'unknown',
  ).length
}

/** The share of checks answered `valid` in time outside the faults: before the first, and from each repair on. */
export function validOutsideFaults(run: ArmRun): { beforePct: number | null; afterPct: number | null } {
  const first = run.faults[0]!.startedMs
  const checks = run.report.observations.filter((one) => one.stream === 'check' && !faultOf(run, one))
  const share = (some: Observation[]) => percent(some.filter(isValid).length, some.length)
  return {
    beforePct: share(checks.filter((one) => one.intendedMs < first)),
    afterPct: share(checks.filter((one) => one.intendedMs >= first)),
  }
}

export function signedInBefore(run: ArmRun): boolean {
  const before = (one: Observation) => one.stream === 'sign-in' && one.endedMs < run.faults[0]!.startedMs
  return run.report.observations.some((one) => before(one) && isValid(one))
}

/** The fault that met somebody: under way when they came, or begun while they waited. */
export function faultOf(run: ArmRun, one: Observation): Fault | undefined {
  return run.faults.find(
    (fault) => one.endedMs >= fault.startedMs && one.intendedMs < (fault.repairedMs ?? fault.settledMs),
  )
}

/** Accepted although its end was acknowledged, at any moment from then on, or still there in the end. */
function countResurrected(run: ArmRun): number {
  const ends = new Map(run.ended.map((one) => [one.subject, one]))
  const accepted = run.report.observations.filter((one) => {
    const end = one.stream === 'ended' ? ends.get(one.subject)?.acknowledgedMs : null
    return end != null && one.outcome === 'valid' && one.intendedMs > end + PROPAGATION_MS
  })
  const subjects = new Set(accepted.map((one) => one.subject))
  for (const one of run.ended) if (one.acknowledgedMs !== null && one.isThereAfterwards) subjects.add(one.subject)
  return subjects.size
}

/**
 * A session that does not exist must never be accepted; and while no connection to the database answers, nobody can know
 * that it does not exist. (With the postmaster alone stopped, pooled connections still tell.)
 */
function countWrongAboutStrangers(run: ArmRun): number {
  const blind = run.faults.find((fault) => fault.kind === 'whole_server')
  return run.report.observations.filter((one) => {
    if (one.stream !== 'stranger') return false
    const isBlind =
      blind?.repairedMs != null && one.intendedMs >= blind.startedMs + 50 && one.endedMs < blind.repairedMs
    return one.outcome === 'valid' || (one.outcome === 'invalid' && isBlind)
  }).length
}

function detectionOf(fault: Fault, samples: ReadinessSample[]): { detectMs: number | null; namedMs: number | null } {
  const during = samples.filter((one) => one.atMs >= fault.startedMs && one.atMs < fault.settledMs)
  const since = (one?: ReadinessSample) => (one ? one.atMs - fault.startedMs : null)
  return {
    detectMs: since(during.find((one) => one.isOk === false)),
    namedMs: since(during.find((one) => one.isNamed)),
  }
}

/** From the repair until nothing was wrong any more; null when that moment did not come while it was watched. */
function recoveryOf(fault: Fault, run: ArmRun): number | null {
  const { repairedMs, recovery } = fault
  const lastTrouble = lastTroubleOf(fault, run)
  if (repairedMs === null || lastTrouble === null) return null
  if (recovery.signInMs === null || recovery.databaseReadMs === null) return null
  return Math.max(recovery.signInMs, recovery.databaseReadMs, lastTrouble) - repairedMs
}

/** When somebody came last after the repair and was not served; the repair itself when nobody did. */
function lastTroubleOf(fault: Fault, run: ArmRun): number | null {
  const { repairedMs, settledMs } = fault
  if (repairedMs === null) return null
  const troubles = run.report.observations.filter(
    (one) =>
      (one.stream === 'check' || one.stream === 'sign-in') &&
      one.intendedMs >= repairedMs &&
      one.intendedMs < settledMs &&
      !isValid(one) &&
      // What the next fault broke off is not laid at this one's door.
      faultOf(run, one) === undefined,
  )
  const lastTrouble = Math.max(repairedMs, ...troubles.map((one) => one.intendedMs))
  // Trouble in the last second of the watch: whether it had ended is not known.
  return lastTrouble > settledMs - 1000 ? null : lastTrouble
}

/** Episodes in which it said that something is wrong while nothing was. */
function countFalseAlarms(run: ArmRun): number {
  const isQuiet = (atMs: number) =>
    !run.faults.some((fault) => atMs >= fault.startedMs && atMs < (fault.repairedMs ?? fault.settledMs) + ALL_CLEAR_MS)
  const quiet = run.readiness.filter((one) => isQuiet(one.atMs))
  return quiet.filter((one, index) => one.isOk === false && quiet[index - 1]?.isOk !== false).length
}

/** The slowest of all faults; null as soon as one of them is not known. */
function slowest(times: (number | null)[]): number | null {
  return times.includes(null) ? null : seconds(Math.max(...(times as number[])))
}

function detailsOf(run: ArmRun, checks: Observation[], signIns: Observation[]): Record<string, unknown> {
  const { plan, report } = run
  const { complaints } = judgeGenerator(report)
  const latencies = (some: Observation[]) => summarize(some.map((one) => one.endedMs - one.intendedMs))
  const calm = (one: Observation) => !faultOf(run, one)
  return {
    scale: plan.scale,
    load: { checks_per_s: plan.checksPerSecond, sign_ins_per_s: plan.signInsPerSecond, sessions: plan.sessions },
    generator: {
      planned: report.planned,
      lag_p99_ms: report.lag?.p99_ms ?? null,
      lag_max_ms: report.lag?.max_ms ?? null,
      cpu_percent: report.cpuPercent,
      complaints,
    },
    outside_faults: { ...tallyWithAge(checks.filter(calm)), latency: latencies(checks.filter(calm)) },
    sign_in: { ...tallyWithAge(signIns), latency: latencies(signIns.filter(isValid)) },
    faults: run.faults.map((fault) => {
      const here = (one: Observation) => faultOf(run, one) === fault
      return {
        fault: fault.title,
        proof: fault.proof,
        lasted_s: fault.repairedMs === null ? null : seconds(fault.repairedMs - fault.startedMs),
        detect_s: seconds(detectionOf(fault, run.readiness).detectMs),
        named_s: seconds(detectionOf(fault, run.readiness).namedMs),
        recover_s: seconds(recoveryOf(fault, run)),
        recovery: recoveryParts(fault, run),
        existing: { ...tallyWithAge(checks.filter(here)), latency: latencies(checks.filter(here)) },
        sign_in: tallyWithAge(signIns.filter(here)),
      }
    }),
    // That these were asked at all, and what was said: a check that never ran would find nothing either.
    shown_ended: tallyWithAge(report.observations.filter((one) => one.stream === 'ended')),
    shown_stranger: tallyWithAge(report.observations.filter((one) => one.stream === 'stranger')),
    ended: { before: endings(run, 'before'), during: endings(run, 'during') },
    ...run.facts,
  }
}

/** Of what the seconds until all was well were made. */
function recoveryParts(fault: Fault, run: ArmRun): Record<string, number | null> {
  const since = (atMs: number | null) =>
    atMs === null || fault.repairedMs === null ? null : seconds(atMs - fault.repairedMs)
  return {
    first_sign_in_s: since(fault.recovery.signInMs),
    first_answer_from_database_s: since(fault.recovery.databaseReadMs),
    last_trouble_s: since(lastTroubleOf(fault, run)),
  }
}

function tallyWithAge(some: Observation[]): Record<string, unknown> {
  const ages = some.flatMap((one) => (one.ageMs === undefined ? [] : [one.ageMs]))
  return { ...tally(some), oldest_answer_s: ages.length === 0 ? null : seconds(Math.max(...ages)) }
}

function endings(run: ArmRun, when: EndedSession['when']): Record<string, unknown> {
  const some = run.ended.filter((one) => one.when === when)
  const acknowledged = some.filter((one) => one.acknowledgedMs !== null)
  return {
    asked: some.length,
    acknowledged: acknowledged.length,
    slowest_s: slowest(acknowledged.map((one) => one.acknowledgedMs! - one.askedMs)),
    there_afterwards: some.filter((one) => one.isThereAfterwards === true).length,
  }
}
