import { type ArmFigures, percent, seconds } from '../frame/card.ts'
import { judgeGenerator } from '../load/honesty.ts'
import { summarize } from '../load/latency.ts'
import { isValid, tally } from '../load/verdicts.ts'
import { customers } from './customers.ts'
import {
  at,
  attemptsDuring,
  attemptsOf,
  type CustomerFigures,
  existingPct,
  falseSignOuts,
  judgeCustomer,
  laterDelays,
  letInOf,
  statesWithoutResolver,
  tookMs,
} from './judge-arm.ts'
import type { ArmRun } from './run-arm.ts'

/** Of all customers: the worst of each, and sums. */
export interface Totals {
  each: CustomerFigures[]
  signInPct: number | null
  worstSignInPct: number | null
  existingPct: number | null
  detectS: number | null
  quietSwitchS: number | null
  flapSwitches: number | null
  addedFirstMs: number | null
  addedLaterMs: number | null
  /** The median of all of them together, which on a busy machine says more than the worst of fifteen. */
  addedLaterTogetherMs: number | null
  policyViolations: number | null
  mixUps: number
  falseOpenings: number | null
  returnS: number | null
}

export function totalsOf(run: ArmRun): Totals {
  const each = customers.map((one) => judgeCustomer(run, one))
  const of = (keep: (customer: (typeof customers)[number]) => boolean) =>
    each.filter((_, index) => keep(customers[index]!))
  const faulty = of(({ group }) => group === 'faulty')
  const hasOpened = of(({ opens }) => opens === 'must')
  const attempts = customers.filter(({ group }) => group === 'faulty').flatMap((one) => attemptsDuring(run, one))
  return {
    each,
    signInPct: percent(attempts.filter(isValid).length, attempts.length),
    worstSignInPct: lowest(faulty.map((one) => one.sign_in_pct)),
    existingPct: existingPct(run),
    detectS: highest(of(({ isNoticed }) => isNoticed).map((one) => one.detect_s)),
    quietSwitchS: highest(of(({ group }) => group === 'quiet').map((one) => one.switch_s)),
    flapSwitches: highest(of(({ fault }) => fault === 'flap').map((one) => one.switches)),
    addedFirstMs: highest(
      of(({ opens, group }) => opens === 'must' && group === 'faulty').map((one) => one.added_first_ms),
    ),
    addedLaterMs: highest(
      of(({ opens, group }) => opens === 'must' && group === 'faulty').map((one) => one.added_later_ms),
    ),
    addedLaterTogetherMs: at(
      customers.flatMap((one) => laterDelays(run, one)).toSorted((left, right) => left - right),
      0.5,
    ),
    policyViolations: hasKnocked(run) ? sum(each.map((one) => one.policy_violations)) : null,
    mixUps: sum(each.map((one) => one.mix_ups)),
    falseOpenings: each.some((one) => one.false_openings === null) ? null : sum(each.map((one) => one.false_openings!)),
    returnS: highest(hasOpened.map((one) => one.return_s)),
  }
}

/** Nobody knocked, so nobody was refused. */
const hasKnocked = ({ report }: ArmRun) => report.observations.some((one) => one.stream === 'knock')
const sum = (values: number[]) => values.reduce((all, one) => all + one, 0)

/** The worst of them; null as soon as one was not measured. */
const highest = (values: (number | null)[]) => extreme(values, Math.max)
const lowest = (values: (number | null)[]) => extreme(values, Math.min)
function extreme(values: (number | null)[], choose: (...some: number[]) => number): number | null {
  return values.length === 0 || values.includes(null) ? null : choose(...(values as number[]))
}

/** What the whole run says about an arm, in the words of every card. */
export function figuresOf(run: ArmRun, totals: Totals): ArmFigures {
  const outs = falseSignOuts(run)
  return {
    fault_proven: run.resolver.isProven && Object.values(run.proofs).every(({ isProven }) => isProven),
    detect_s: totals.detectS,
    // A verdict is about one provider, by its name: to open its fall-back is to say that it is down.
    named_s: highest(
      totals.each.filter((_, index) => customers[index]!.opens === 'must').map(({ switch_s }) => switch_s),
    ),
    sign_in_pct: totals.signInPct,
    existing_pct: totals.existingPct,
    wrong_answers: totals.mixUps + outs + (run.accounts?.changed ?? 0),
    recover_s: totals.returnS,
    // Not looked for: no fault here touches what is stored.
    lost: null,
    duplicated: run.accounts?.tooMany ?? null,
    resurrected: null,
    false_alarms: totals.falseOpenings,
    false_sign_outs: outs,
    details: detailsOf(run, totals),
  }
}

function detailsOf(run: ArmRun, { each }: Totals): Record<string, unknown> {
  const { plan, report } = run
  const stream = (name: string) => report.observations.filter((one) => one.stream === name)
  return {
    scale: plan.scale,
    table: tableOf(each),
    load: {
      sign_ins_per_s_and_customer: plan.signInsPerSecond,
      checks_per_s: plan.checksPerSecond,
      sessions: run.members.filter(({ role }) => role === 'stays').length,
      knocks_per_s: plan.knocksPerSecond,
      attacks_per_s: plan.attacksPerSecond,
    },
    generator: {
      planned: report.planned,
      lag_p99_ms: report.lag?.p99_ms ?? null,
      lag_max_ms: report.lag?.max_ms ?? null,
      cpu_percent: report.cpuPercent,
      complaints: judgeGenerator(report).complaints,
    },
    fault_lasted_s: seconds(run.fault.repairedMs - run.fault.startedMs),
    customers: each.map((one, index) => {
      const attempts = attemptsOf(run, customers[index]!)
      return {
        ...one,
        proof: run.proofs[one.customer] ?? null,
        sign_ins: { ...tally(attempts), latency: summarize(attempts.map(tookMs)) },
        failed_during: tally(attemptsDuring(run, customers[index]!).filter((attempt) => !isValid(attempt))),
        tries_max: Math.max(0, ...attempts.filter(isValid).map((attempt) => letInOf(attempt).tries)),
      }
    }),
    existing: tally(stream('check')),
    existing_pct_by_phase: phasesOf(run),
    knocks: tally(stream('knock')),
    attacks: tally(stream('attack')),
    own_resolver: {
      proven: run.resolver.isProven,
      lasted_s: seconds(run.resolver.repairedMs - run.resolver.startedMs),
      states: statesWithoutResolver(run),
    },
    accounts: run.accounts,
    ...run.facts,
  }
}

/** Which of what was done to it cost what. */
function phasesOf({ report, fault, resolver, plan }: ArmRun): Record<string, number | null> {
  const checks = report.observations.filter(({ stream }) => stream === 'check')
  const share = (fromMs: number, toMs: number) => {
    const some = checks.filter(({ intendedMs }) => intendedMs >= fromMs && intendedMs < toMs)
    return percent(some.filter(isValid).length, some.length)
  }
  return {
    before: share(0, fault.startedMs),
    faults: share(fault.startedMs, fault.repairedMs),
    return: share(fault.repairedMs, fault.repairedMs + plan.returnMs),
    without_resolver: share(resolver.startedMs, resolver.repairedMs),
    after: share(resolver.repairedMs, Infinity),
  }
}

const COLUMNS = [
  'sign-in',
  'exist',
  '+first',
  '+later',
  'detect',
  'switch',
  'flips',
  'weaker',
  'mixed',
  'false',
  'return',
]
const LEGEND =
  'sign-in, exist: % of sign-ins, and of checks of sessions. +first, +later: ms that the first and later ones waited longer than ' +
  "a healthy customer's people. detect, switch, return: s. flips: switches. weaker: policy violations. false: openings."

/** A row for each customer, as the card prints it. */
function tableOf(each: CustomerFigures[]) {
  return {
    columns: COLUMNS,
    legend: LEGEND,
    rows: each.map((one) => ({
      title: one.title,
      cells: [
        ...[one.sign_in_pct, one.existing_pct, one.added_first_ms, one.added_later_ms, one.detect_s, one.switch_s],
        ...[one.switches, one.policy_violations, one.mix_ups, one.false_openings, one.return_s],
      ],
    })),
  }
}
