import { monotonicMs } from '../frame/clock.ts'
import type { Progress } from '../frame/progress.ts'
import type { Stage } from '../frame/stage.ts'
import { waitMs, waitUntil } from '../frame/wait.ts'
import type { LoadReport } from '../load/generator.ts'
import type { AccountsSeen, OpenArm, OpenArmOf, VerdictSeen } from './arm.ts'
import { CONTROL_HOSTS, type Customer, customers, orders } from './customers.ts'
import { atProvider, type Member, membersOf } from './people.ts'
import type { Plan } from './plan.ts'
import { isWell, type Look, lookAt, type Proof, prove } from './prove-fault.ts'
import { type RunningOutside, startOutside } from './start-outside.ts'

/** Everything that was seen of an arm; what it means is told by `judge-arm.ts`. All times are monotonic ms. */
export interface ArmRun {
  plan: Plan
  /** In the order in which the load counts them, role by role. */
  members: Member[]
  report: LoadReport
  /** All fifteen at the same time: from when the last of them had begun until the first of them was undone. */
  fault: Span
  /** Our own resolver, dead. */
  resolver: Span & { isProven: boolean }
  proofs: Record<string, Proof>
  verdicts: VerdictSample[]
  accounts: AccountsSeen | null
  endedMs: number
  facts: Record<string, unknown>
}

export interface Span {
  startedMs: number
  repairedMs: number
}

export interface VerdictSample {
  atMs: number
  /** By the customer's key; null: it did not answer. */
  seen: Record<string, VerdictSeen> | null
}

const START_MARGIN_MS = 500
const VERDICTS_EVERY_MS = 250
const VERDICTS_DEADLINE_MS = 2000
/** Around the faults: each look asks every provider three things. */
const LOOKS_EVERY_MS = 15_000
/** Up and down of 5 s each: a look each second and a half meets either, and in a minute surely. */
const FLAP_LOOKS_EVERY_MS = 1500
const FLAP_LOOKS_MAX = 40
const ACCOUNTS_DEADLINE_MS = 30_000

export async function runArm(open: OpenArmOf, stage: Stage, plan: Plan, progress: Progress): Promise<ArmRun> {
  progress.step('starting twenty providers, a proxy before each')
  const members = membersOf(plan)
  const providers = customers.map(({ key, host }) => ({
    key,
    host,
    people: members.filter(({ customer }) => customer === key).map(atProvider),
  }))
  const outside = await startOutside(stage, { providers, controlHosts: CONTROL_HOSTS })
  const arm = await open({ stage, plan, outside, members, progress })
  const watching = new AbortController()
  const signal = AbortSignal.any([stage.signal, watching.signal])
  const verdicts: VerdictSample[] = []
  const startAtMs = monotonicMs() + START_MARGIN_MS
  progress.step(`steady load: ${plan.checksPerSecond} checks/s, people of ${customers.length} customers sign in`)
  const loading = arm.load.run(startAtMs, ({ answered, valid }) => {
    progress.note(`${answered} answers in the last second, ${valid} valid`)
  })
  // Its failure is met where it is awaited; the steps in between must not be lost to an unhandled rejection.
  loading.catch(() => {})
  const watched = watchVerdicts(arm, verdicts, signal)
  try {
    await waitUntil(startAtMs + plan.steadyMs, signal)
    const { fault, proofs } = await hurt(outside, arm, plan, progress, signal)
    progress.step('repaired; waiting until people are sent to their providers again')
    await waitUntil(fault.repairedMs + plan.returnMs, signal)
    const resolver = await killResolver(outside, plan, progress, signal)
    await waitMs(plan.drainMs, signal)
    arm.load.finish()
    const report = await loading
    const endedMs = monotonicMs()
    progress.step('counting accounts, stopping')
    const accounts = await arm.readAccounts(AbortSignal.any([signal, AbortSignal.timeout(ACCOUNTS_DEADLINE_MS)]))
    watching.abort()
    await watched
    const facts = { ...(await standings(outside)), ...(await arm.stop()) }
    return { plan, members, report, fault, resolver, proofs, verdicts, accounts, endedMs, facts }
  } finally {
    watching.abort()
    arm.load.stop()
  }
}

/** All of them at once, looked at before, while they last and afterwards. */
async function hurt(outside: RunningOutside, arm: OpenArm, plan: Plan, progress: Progress, signal: AbortSignal) {
  const faulty = customers.filter(({ fault }) => fault !== null)
  const look = (customer: Customer) => lookAt(outside, customer, monotonicMs)
  const before = await inTurn(faulty, look)
  progress.step(`fifteen faults at the same time, for ${plan.faultMs / 1000} s`)
  await Promise.all(faulty.map((customer) => begin(outside, customer)))
  for (const { key, fault } of faulty) if (fault === 'keys_outlived') await arm.outliveKeys(key, plan.keysAgeMs)
  const startedMs = monotonicMs()
  const during = faulty.map((): Look[] => [])
  const untilMs = startedMs + plan.faultMs
  const beside = Promise.all([
    watchFlap(faulty, during, look, signal),
    earnLimit(outside, startedMs + plan.faultMs / 2, signal),
  ])
  // Met where it is awaited, as above.
  beside.catch(() => {})
  const lookAtAll = async () => {
    const looks = await inTurn(faulty, async (one) => (one.fault === 'flap' ? null : look(one)))
    for (const [index, one] of looks.entries()) if (one) during[index]!.push(one)
  }
  while (monotonicMs() < untilMs) {
    await lookAtAll()
    await waitUntil(Math.min(untilMs, monotonicMs() + LOOKS_EVERY_MS), signal)
  }
  await beside
  // Once more before anything is undone: that they lasted until then is part of the proof.
  await lookAtAll()
  const repairedMs = monotonicMs()
  await Promise.all(faulty.map((customer) => end(outside, customer)))
  await outside.order(LIMITED_BY_ATTACK, { do: 'behave' })
  const after = await inTurn(faulty, look)
  const proofs = Object.fromEntries(
    faulty.map(({ key, fault }, index) => [
      key,
      prove(fault!, { before: before[index]!, during: during[index]!, after: after[index]! }),
    ]),
  )
  return { fault: { startedMs, repairedMs }, proofs }
}

/** What junk codes bring about at a provider that counts: it limits everybody who comes with our name. */
async function earnLimit(outside: RunningOutside, atMs: number, signal: AbortSignal): Promise<void> {
  await waitUntil(atMs, signal)
  await outside.order(LIMITED_BY_ATTACK, { do: 'token-429' })
}
const LIMITED_BY_ATTACK = 'attacked-2'

/** A few at a time: what looks must not be what everybody else waits for. */
async function inTurn<Result>(some: Customer[], work: (customer: Customer) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async () => {
    for (let at = next++; at < some.length; at = next++) results[at] = await work(some[at]!)
  }
  await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, worker))
  return results
}
const LOOKS_AT_ONCE = 3

async function begin(outside: RunningOutside, { key, host, fault }: Customer): Promise<void> {
  if (fault === 'name') outside.names.remove(host)
  const order = fault && orders[fault].begin
  if (order) await outside.order(key, order)
}

async function end(outside: RunningOutside, { key, host, fault }: Customer): Promise<void> {
  if (fault === 'name') outside.names.add(host)
  const order = fault && orders[fault].end
  if (order) await outside.order(key, order)
}

/** Until it was met up and down; on a slow machine the faults last for as long as that takes. */
async function watchFlap(
  faulty: Customer[],
  during: Look[][],
  look: (customer: Customer) => Promise<Look>,
  signal: AbortSignal,
): Promise<void> {
  const index = faulty.findIndex(({ fault }) => fault === 'flap')
  const looks = during[index]!
  for (let round = 0; round < FLAP_LOOKS_MAX && !(looks.some(isWell) && !looks.every(isWell)); round++) {
    looks.push(await look(faulty[index]!))
    await waitMs(FLAP_LOOKS_EVERY_MS, signal)
  }
}

/** A fault of our own: nobody is reachable, the control targets neither, and no provider must be blamed for it. */
async function killResolver(outside: RunningOutside, plan: Plan, progress: Progress, signal: AbortSignal) {
  progress.step(`our own resolver is dead, for ${plan.resolverMs / 1000} s`)
  const healthy = customers.find(({ group }) => group === 'healthy')!
  const before = await lookAt(outside, healthy, monotonicMs)
  outside.names.die()
  const startedMs = monotonicMs()
  try {
    const during = await lookAt(outside, healthy, monotonicMs)
    await waitMs(plan.resolverMs, signal)
    const isProven = before.discovery.status === 200 && during.discovery.code === 'ENOTFOUND'
    return { startedMs, repairedMs: monotonicMs(), isProven }
  } finally {
    outside.names.revive()
  }
}

async function watchVerdicts(arm: OpenArm, samples: VerdictSample[], signal: AbortSignal): Promise<void> {
  const { readVerdicts } = arm
  while (readVerdicts && !signal.aborted) {
    const asked = AbortSignal.any([signal, AbortSignal.timeout(VERDICTS_DEADLINE_MS)])
    const seen = await readVerdicts(asked).catch(() => null)
    samples.push({ atMs: monotonicMs(), seen })
    await waitMs(VERDICTS_EVERY_MS, signal).catch(() => {})
  }
}

/** How often each provider was asked what, and how often somebody connected to it: that the arm met the fault at all. */
async function standings(outside: RunningOutside): Promise<Record<string, unknown>> {
  const asked: Record<string, unknown> = {}
  for (const { key } of customers) {
    const { requests, connections } = await outside.order(key, { do: 'tell' })
    asked[key] = { connections, ...requests }
  }
  return { asked_of_providers: asked }
}
