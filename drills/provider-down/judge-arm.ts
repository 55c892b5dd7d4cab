import { percent, seconds } from '../frame/card.ts'
import type { Observation } from '../load/generator.ts'
import { isSignOut, isValid } from '../load/verdicts.ts'
import type { VerdictSeen } from './arm.ts'
import { type Customer, customers } from './customers.ts'
import type { LetIn } from './door.ts'
import type { ArmRun } from './run-arm.ts'

/** What happened to one customer; a figure that could not be measured is null. */
export interface CustomerFigures {
  customer: string
  title: string
  policy: string
  attempts: number
  sign_in_pct: number | null
  existing_pct: number | null
  /** What the first person waited longer than people of a healthy customer who sign in the same way. */
  added_first_ms: number | null
  /** The same of all who came once it was open: the median, and the slowest of twenty. */
  added_later_ms: number | null
  added_later_p95_ms: number | null
  /** The longest that somebody who was let in had waited, from the first click. */
  longest_wait_s: number | null
  detect_s: number | null
  switch_s: number | null
  switches: number | null
  false_openings: number | null
  policy_violations: number
  mix_ups: number
  return_s: number | null
  ways: Record<string, number>
}

/** Of one customer, from the fault until its repair. */
export function judgeCustomer(run: ArmRun, customer: Customer): CustomerFigures {
  const attempts = attemptsDuring(run, customer)
  const letIn = attempts.filter(isValid)
  const opening = openingOf(run, customer)
  return {
    customer: customer.key,
    title: customer.title,
    policy: customer.policy,
    attempts: attempts.length,
    sign_in_pct: percent(letIn.length, attempts.length),
    existing_pct: existingPct(run, customer),
    ...addedDelays(run, customer, letIn, opening.openedMs),
    longest_wait_s: letIn.length === 0 ? null : seconds(Math.max(...letIn.map(tookMs))),
    detect_s: seconds(since(run.fault.startedMs, opening.detectedMs)),
    switch_s: seconds(since(run.fault.startedMs, opening.openedMs)),
    switches: opening.switches,
    false_openings: falseOpenings(run, customer),
    policy_violations: violations(run, customer),
    mix_ups: attemptsOf(run, customer).filter((one) => isValid(one) && !letInOf(one).isOwnAccount).length,
    return_s: seconds(since(run.fault.repairedMs, opening.closedMs)),
    ways: countWays(letIn),
  }
}

/** Checks of everybody who is signed in, from the first fault to the end of the run: by SDK and by cookie alike. */
export function existingPct(run: ArmRun, customer?: Customer): number | null {
  const live = run.members.filter(({ role }) => role === 'stays')
  const checks = run.report.observations.filter((one) => one.stream === 'check' && one.endedMs >= run.fault.startedMs)
  const own = customer ? checks.filter((one) => live[one.subject]!.customer === customer.key) : checks
  return percent(own.filter(isValid).length, own.length)
}

export function falseSignOuts({ report }: ArmRun): number {
  return report.observations.filter((one) => one.stream === 'check' && isSignOut(one)).length
}

export const attemptsOf = ({ report }: ArmRun, { key }: Customer): Observation[] =>
  report.observations.filter((one) => one.stream === 'sign-in' && customers[one.subject]!.key === key)

/** Who was still on the way at the repair says little; but whoever had waited for so long by then was not let in. */
const PATIENCE_MS = 5000

/** Of those who came while it lasted. Somebody whom the repair let in was not let in by the arm. */
export function attemptsDuring(run: ArmRun, customer: Customer): Observation[] {
  const { startedMs, repairedMs } = run.fault
  return attemptsOf(run, customer)
    .filter(({ intendedMs }) => intendedMs >= startedMs && intendedMs < repairedMs)
    .filter(({ intendedMs, endedMs }) => endedMs < repairedMs || repairedMs - intendedMs >= PATIENCE_MS)
    .map((one) =>
      one.endedMs < repairedMs
        ? one
        : { ...one, outcome: 'late', note: one.note ?? 'let in after the repair', keep: undefined },
    )
}

export const letInOf = (one: Observation) => one.keep as LetIn
export const tookMs = (one: Observation) => one.endedMs - one.intendedMs
const since = (fromMs: number, atMs: number | null) => (atMs === null ? null : Math.max(0, atMs - fromMs))

function countWays(letIn: Observation[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(letIn, (one) => letInOf(one).way)].map(([way, some]) => [way, some.length]))
}

/**
 * Held against people of the healthy customers who sign in the same way at the same time: what the machine is slow in, both
 * feel. The first is the first who can be let in at all: with only a fall-back that is the first after it opened.
 */
function addedDelays(run: ArmRun, customer: Customer, letIn: Observation[], openedMs: number | null) {
  const first = firstOf(run, customer, letIn, openedMs)
  const firstMs = first ? addedMs(run, first) : null
  const delays = laterDelays(run, customer)
  return {
    added_first_ms: firstMs === null ? null : Math.round(Math.max(0, firstMs)),
    added_later_ms: at(delays, 0.5),
    added_later_p95_ms: at(delays, 0.95),
  }
}

/** What each who came once it was open waited longer, in order; faster than usual is less than nothing. */
export function laterDelays(run: ArmRun, customer: Customer): number[] {
  const letIn = attemptsDuring(run, customer).filter(isValid)
  const { openedMs } = openingOf(run, customer)
  if (openedMs === null) return []
  const first = firstOf(run, customer, letIn, openedMs)
  return letIn
    .filter((one) => one !== first && one.intendedMs >= openedMs)
    .flatMap((one) => addedMs(run, one) ?? [])
    .toSorted((left, right) => left - right)
}

function firstOf({ fault }: ArmRun, { policy }: Customer, letIn: Observation[], openedMs: number | null) {
  const hasAnotherWay = policy === 'ordinary' || policy === 'second_factor'
  const fromMs = hasAnotherWay || openedMs === null ? fault.startedMs : openedMs
  const since = letIn.filter((one) => one.intendedMs >= fromMs)
  return since.toSorted((left, right) => left.intendedMs - right.intendedMs)[0]
}

function addedMs(run: ArmRun, one: Observation): number | null {
  const usual = usualMs(run, letInOf(one).way, one.intendedMs)
  return usual === null ? null : tookMs(one) - usual
}

export function at(sorted: number[], share: number): number | null {
  if (sorted.length === 0) return null
  return Math.round(Math.max(0, sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!))
}

/** Of those who came about the same time: a machine that others use too is not as fast all along. */
const NEIGHBOURS = 7

/** The median of those of the healthy customers who came the same way next before and after, while the faults lasted. */
function usualMs(run: ArmRun, way: LetIn['way'], atMs: number): number | null {
  const awayMs = (one: Observation) => Math.abs(one.intendedMs - atMs)
  const took = customers
    .filter(({ group }) => group === 'healthy')
    .flatMap((one) => attemptsDuring(run, one))
    .filter((one) => isValid(one) && letInOf(one).way === way)
    .toSorted((left, right) => awayMs(left) - awayMs(right))
    .slice(0, NEIGHBOURS)
    .map(tookMs)
    .toSorted((left, right) => left - right)
  return took.length === 0 ? null : took[Math.floor(took.length / 2)]!
}

interface Opening {
  /** When it was first said that something is wrong. */
  detectedMs: number | null
  openedMs: number | null
  /** Both ways, from the fault until our own resolver dies. */
  switches: number | null
  closedMs: number | null
}

function openingOf(run: ArmRun, { key }: Customer): Opening {
  const seen = seenOf(run, key).filter(({ atMs }) => atMs >= run.fault.startedMs && atMs < run.resolver.startedMs)
  if (seen.length === 0) return { detectedMs: null, openedMs: null, switches: null, closedMs: null }
  const wrong = seen.find((one) => one.state !== 'healthy' || one.isOpen)
  const opened = seen.find((one) => one.isOpen)
  const lastOpen = seen.findLast((one) => one.isOpen)
  const closed = lastOpen && seen.find(({ atMs }) => atMs > lastOpen.atMs)
  return {
    detectedMs: wrong?.atMs ?? null,
    openedMs: opened?.atMs ?? null,
    switches: seen.filter((one, index) => one.isOpen !== (seen[index - 1]?.isOpen ?? false)).length,
    // Not before the repair: whoever was sent back into the outage has not returned.
    closedMs: closed && closed.atMs >= run.fault.repairedMs ? closed.atMs : null,
  }
}

/**
 * Openings that nothing of the provider's excuses: before the fault, after its repair, of a customer to whom nothing happened or
 * only what anybody can bring about, and any while our own resolver was dead.
 */
function falseOpenings(run: ArmRun, { key, opens }: Customer): number | null {
  const seen = seenOf(run, key)
  if (seen.length === 0) return null
  const openings = seen.filter((one, index) => one.isOpen && !seen[index - 1]?.isOpen)
  const isExcused = (atMs: number) =>
    opens !== 'never' && atMs >= run.fault.startedMs && atMs < run.fault.repairedMs + VERDICT_LAG_MS
  return openings.filter(({ atMs }) => !isExcused(atMs)).length
}

/** What was seen just before the repair is judged a moment after it. */
const VERDICT_LAG_MS = 6000

type Sample = VerdictSeen & { atMs: number }

function seenOf({ verdicts }: ArmRun, key: string): Sample[] {
  return verdicts.flatMap(({ atMs, seen }) => (seen?.[key] ? [{ atMs, ...seen[key] }] : []))
}

/** Somebody was let in who must not be, or in a way that their organisation does not allow. */
function violations(run: ArmRun, customer: Customer): number {
  const refused = run.members.filter(({ role }) => role === 'refused')
  const knocks = run.report.observations.filter(
    (one) => one.stream === 'knock' && refused[one.subject]!.customer === customer.key && one.outcome === 'valid',
  )
  const weaker = attemptsOf(run, customer).filter((one) => {
    if (!isValid(one)) return false
    const { way } = letInOf(one)
    return (customer.policy === 'provider' || customer.policy === 'second_factor') && way === 'email'
  })
  return knocks.length + weaker.length
}

/** The state that most providers were in while our own resolver was dead, once it had time to be noticed. */
export function statesWithoutResolver(run: ArmRun): Record<string, number> {
  const last = run.verdicts.findLast(({ atMs, seen }) => seen !== null && atMs < run.resolver.repairedMs)
  if (!last?.seen || last.atMs < run.resolver.startedMs) return {}
  const states = Object.values(last.seen).map(({ state }) => state)
  return Object.fromEntries([...Map.groupBy(states, (state) => state)].map(([state, some]) => [state, some.length]))
}
