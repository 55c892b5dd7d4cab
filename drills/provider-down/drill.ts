import type { ArmName, Demand } from '../frame/card.ts'
import type { Drill } from '../frame/run-drill.ts'
import { judgeGenerator } from '../load/honesty.ts'
import { customers } from './customers.ts'
import { openHoldfastArm } from './holdfast-arm.ts'
import { attemptsOf, statesWithoutResolver } from './judge-arm.ts'
import { openNaiveArm } from './naive-arm.ts'
import { makePlan, SCALE_MAX, SCALE_MIN } from './plan.ts'
import { type ArmRun, runArm } from './run-arm.ts'
import { figuresOf, type Totals, totalsOf } from './totals.ts'

/** Twenty providers, access, and two hundred people who sign in at their provider and keep a passkey. */
const AROUND_THE_PLAN_MS = 60_000
const BOUND_MARGIN_MS = 150_000

/** issue 6, acceptance 2. */
const SIGN_IN_PCT_MIN = 99.5
const DETECT_S_MAX = 15
const QUIET_SWITCH_S_MAX = 30
const FLAP_SWITCHES_MAX = 2
const FIRST_MS_MAX = 2000
const LATER_MS_MAX = 50

export const providerDown: Drill = {
  name: 'provider-down',
  summary:
    "fifteen customers' identity providers fail at the same time, each in another way, and nobody may get in by it",
  incident: 'CrankWheel 2018: the identity provider was down for 2 h 05; nobody could log in or share a screen',
  scales: { min: SCALE_MIN, max: SCALE_MAX },
  expectedMs: (run) => makePlan(run).totalMs + AROUND_THE_PLAN_MS,
  boundMs: (run) => makePlan(run).totalMs + AROUND_THE_PLAN_MS + BOUND_MARGIN_MS,
  boundReason:
    'faults of 90 s, then a provider has to be well for a minute before people are sent there again, once an arm',
  async run(arm, { stage, scale, seed, progress }) {
    const open = arm === 'naive' ? openNaiveArm : openHoldfastArm
    const run = await runArm(open, stage, makePlan({ scale, seed }), progress)
    const totals = totalsOf(run)
    const demands = [...validity(arm, run), ...(arm === 'holdfast' ? promises(run, totals) : [])]
    return { figures: figuresOf(run, totals), demands, remarks: remarksOf(arm, run, totals) }
  },
}

/** What has to be so in either arm, or the figures say nothing. */
function validity(arm: ArmName, run: ArmRun): Demand[] {
  const unproven = Object.entries(run.proofs).filter(([, { isProven }]) => !isProven)
  const honesty = judgeGenerator(run.report)
  const before = customers.flatMap((one) => attemptsOf(run, one)).filter(({ endedMs }) => endedMs < run.fault.startedMs)
  const failedBefore = before.filter(({ outcome }) => outcome !== 'valid').length
  return [
    {
      name: `${arm}: faults that are not proven`,
      kind: 'validity',
      measured: unproven.length + (run.resolver.isProven ? 0 : 1),
      required: { exactly: 0 },
      otherwise: `The ${arm} arm's fault was not seen to take effect: ${[
        ...unproven.map(([key, { rests }]) => `${key} ${JSON.stringify(rests)}`),
        ...(run.resolver.isProven ? [] : ['our own resolver']),
      ].join('; ')}.`,
    },
    {
      name: `${arm}: complaints about the generator`,
      kind: 'validity',
      measured: honesty.complaints.length,
      required: { exactly: 0 },
      otherwise: `The ${arm} arm was not measured honestly. ${honesty.complaints.join(' ')}`,
    },
    {
      name: `${arm}: failed before the faults`,
      kind: 'validity',
      measured: before.length === 0 ? null : failedBefore,
      required: { exactly: 0 },
      otherwise: `The ${arm} arm was not well before the faults, so nothing can be laid at their door.`,
    },
  ]
}

/** issue 6, acceptance 2: in every fault, not on the average of them. */
function promises(run: ArmRun, totals: Totals): Demand[] {
  const promise = (one: Omit<Demand, 'kind'>): Demand => ({ ...one, kind: 'promise' })
  const states = statesWithoutResolver(run)
  const isUnknown = Object.keys(states).length === 0 ? null : Object.keys(states).every((one) => one === 'unknown')
  return [
    promise({
      name: 'existing sessions valid, %',
      measured: totals.existingPct,
      required: { exactly: 100 },
      otherwise: `${totals.existingPct} % of the checks of live sessions were answered valid within 2 s.`,
    }),
    promise({
      name: 'sign-in success in the worst fault, %',
      measured: totals.worstSignInPct,
      required: { atLeast: SIGN_IN_PCT_MIN },
      otherwise: `In the worst fault ${told(totals.worstSignInPct, '%')} of the sign-ins succeeded; ${SIGN_IN_PCT_MIN} % are promised.`,
    }),
    promise({
      name: 'detected under traffic after, s',
      measured: totals.detectS,
      required: { atMost: DETECT_S_MAX },
      otherwise: notSeen(totals.detectS, 'noticed', 'the slowest fault'),
    }),
    promise({
      name: 'switched with nobody coming after, s',
      measured: totals.quietSwitchS,
      required: { atMost: QUIET_SWITCH_S_MAX },
      otherwise: notSeen(totals.quietSwitchS, 'switched', 'the slower quiet provider'),
    }),
    promise({
      name: 'switches of the provider that flaps',
      measured: totals.flapSwitches,
      required: { atMost: FLAP_SWITCHES_MAX },
      otherwise: `The provider that flaps was switched ${totals.flapSwitches} times.`,
    }),
    promise({
      name: 'policy violations',
      measured: totals.policyViolations,
      required: { exactly: 0 },
      otherwise: `${totals.policyViolations} times somebody was let in whom their organisation does not let in so.`,
    }),
    promise({
      name: 'sign-ins that landed in another account',
      measured: totals.mixUps,
      required: { exactly: 0 },
      otherwise: `${totals.mixUps} sign-ins landed in another account.`,
    }),
    promise({
      name: 'accounts not as they were, or too many',
      measured: run.accounts && run.accounts.changed + run.accounts.tooMany,
      required: { exactly: 0 },
      otherwise: `Accounts are not as they were: ${JSON.stringify(run.accounts)}.`,
    }),
    promise({
      name: 'false openings',
      measured: totals.falseOpenings,
      required: { exactly: 0 },
      otherwise: `${totals.falseOpenings} times a fall-back opened that nothing of its provider excuses.`,
    }),
    promise({
      name: 'all unknown without our own resolver',
      measured: isUnknown === null ? null : Number(isUnknown),
      required: { exactly: 1 },
      otherwise: `With our own resolver dead providers were held for ${JSON.stringify(states)}.`,
    }),
    promise({
      name: 'added delay of the first, ms',
      measured: totals.addedFirstMs,
      required: { atMost: FIRST_MS_MAX },
      otherwise: `In the worst fault the first to come waited ${told(totals.addedFirstMs, 'ms')} longer than others.`,
    }),
    promise({
      name: 'added delay of later users, median ms',
      measured: totals.addedLaterMs,
      required: { atMost: LATER_MS_MAX },
      otherwise: `In the worst fault later users waited ${told(totals.addedLaterMs, 'ms')} longer than others (median).`,
    }),
  ]
}

const told = (measured: number | null, unit: string) =>
  measured === null ? 'nobody knows how much' : `${measured} ${unit}`

const notSeen = (measured: number | null, verb: string, what: string) =>
  measured === null ? `At least one was never ${verb}.` : `Holdfast ${verb} ${what} after ${measured} s.`

function remarksOf(arm: ArmName, run: ArmRun, totals: Totals): string[] {
  const name = arm === 'naive' ? 'Naive' : 'Holdfast'
  const faulty = totals.each.filter((_, index) => customers[index]!.group === 'faulty')
  const waits = faulty.flatMap((one) => one.longest_wait_s ?? [])
  return [
    `${name}: in the fifteen faults together ${totals.signInPct ?? 'an unknown share'} % of the sign-ins succeeded; whoever was let ` +
      `in waited ${waits.length === 0 ? 'nobody knows how long' : `at most ${Math.max(...waits)} s`} from the first click, waiting for a fall-back included.`,
    ...(arm === 'naive'
      ? ['Naive: one key set is kept for 1.5 s instead of ten minutes, so that its keys are down for longer than that.']
      : [
          `Holdfast: what was fetched of the customer with keys down longer than any cache was moved back by ${run.plan.keysAgeMs / 86_400_000} days; ` +
            'addresses and policies were made as old as a policy asks, by the database.',
          `Holdfast: of all who came to an open fall-back the median waited ${told(totals.addedLaterTogetherMs, 'ms')} longer than others.`,
          `Holdfast: with our own resolver dead the states were ${JSON.stringify(statesWithoutResolver(run))}.`,
        ]),
  ]
}
