import { monotonicMs } from '../frame/clock.ts'
import type { Progress } from '../frame/progress.ts'
import type { Stage } from '../frame/stage.ts'
import { waitUntil } from '../frame/wait.ts'
import type { LoadReport } from '../load/generator.ts'
import type { Found, KeptSession, LastFacts, OpenArm, OpenArmOf, People } from './arm.ts'
import { type KnownSession, personOf } from './door.ts'
import { injectFault, type SeenFault } from './inject-fault.ts'
import type { Plan } from './plan.ts'
import { type ReadinessSample, type Recovery, watchReadiness, watchRecovery } from './watch-arm.ts'

/** Everything that was seen of an arm; what it means is told by `judge-arm.ts`. */
export interface ArmRun {
  plan: Plan
  startAtMs: number
  report: LoadReport
  faults: (SeenFault & { recovery: Recovery })[]
  readiness: ReadinessSample[]
  ended: EndedSession[]
  /** Sessions that were acknowledged, looked for after the drain. */
  kept: (KeptSession & Found)[]
  facts: LastFacts
}

export interface EndedSession {
  subject: number
  way: string
  when: 'before' | 'during'
  askedMs: number
  /** Null: the door did not say that it is done, so nothing was promised. */
  acknowledgedMs: number | null
  /** After the drain: does the database still hold it for valid? */
  isThereAfterwards: boolean | null
}

const START_MARGIN_MS = 300
const END_DEADLINE_MS = 4000
const LOOK_DEADLINE_MS = 5000

export async function runArm(open: OpenArmOf, stage: Stage, plan: Plan, progress: Progress): Promise<ArmRun> {
  const arm = await open(stage, plan, progress)
  const watching = new AbortController()
  const signal = AbortSignal.any([stage.signal, watching.signal])
  const readiness: ReadinessSample[] = []
  const startAtMs = monotonicMs() + START_MARGIN_MS
  progress.step(`steady load: ${plan.checksPerSecond} checks/s and ${plan.signInsPerSecond} sign-in/s`)
  const loading = arm.load.run(startAtMs, ({ answered, valid }) => {
    progress.note(`${answered} answers in the last second, ${valid} valid`)
  })
  // Its failure is met where it is awaited; the steps in between must not be lost to an unhandled rejection.
  loading.catch(() => {})
  const watch = watchReadiness(arm, readiness, signal)

  try {
    await waitUntil(startAtMs + plan.endSessionsAtMs, signal)
    const ends = [endSessions(arm, arm.sessions.endedBefore, 'before')]
    const faults: ArmRun['faults'] = []
    for (const fault of plan.faults) {
      await waitUntil(startAtMs + fault.startMs, signal)
      progress.step(fault.title)
      const onProven = () => {
        if (fault.kind === 'whole_server') ends.push(endSessions(arm, arm.sessions.endedDuring, 'during'))
      }
      const seen = await injectFault({ arm, fault, startAtMs, signal, onProven })
      progress.step('repaired: waiting until all is well')
      faults.push({ ...seen, recovery: await watchRecovery(arm, seen, signal) })
    }
    progress.step('draining')
    const report = await loading
    watching.abort()
    await watch
    const people = peopleOf(plan, report)
    const kept = await lookForSessions(arm, people)
    const ended = (await Promise.all(ends)).flat()
    for (const one of ended) one.isThereAfterwards = await lookForEnded(arm, one)
    const last = await arm.lastFacts(people, stage.signal)
    const facts = { ...last, ...(await arm.stop()) }
    return { plan, startAtMs, report, faults, readiness, ended, kept, facts }
  } finally {
    watching.abort()
    arm.load.stop()
  }
}

/** All at once, each with its own deadline. */
function endSessions(arm: OpenArm, sessions: KnownSession[], when: 'before' | 'during'): Promise<EndedSession[]> {
  return Promise.all(
    sessions.map(async (session) => {
      const askedMs = monotonicMs()
      const isEnded = await arm.endSession(session, AbortSignal.timeout(END_DEADLINE_MS)).catch(() => null)
      const acknowledgedMs = isEnded ? monotonicMs() : null
      return { subject: session.subject, way: session.way, when, askedMs, acknowledgedMs, isThereAfterwards: null }
    }),
  )
}

function peopleOf(plan: Plan, report: LoadReport): People {
  const signIns = report.observations.filter((one) => one.stream === 'sign-in')
  return {
    acknowledged: signIns.filter((one) => one.outcome === 'valid').map((one) => one.keep as KeptSession),
    unacknowledged: signIns.filter((one) => one.outcome !== 'valid').map((one) => personOf(plan.seed, one.subject)),
  }
}

async function lookForSessions(arm: OpenArm, { acknowledged }: People): Promise<ArmRun['kept']> {
  const known = arm.sessions.live.map(({ person, way, cookies }) => ({ person, way, cookies }))
  const found: ArmRun['kept'] = []
  for (const kept of [...known, ...acknowledged]) found.push({ ...kept, ...(await look(arm, kept)) })
  return found
}

async function lookForEnded(arm: OpenArm, ended: EndedSession): Promise<boolean | null> {
  const session = [...arm.sessions.endedBefore, ...arm.sessions.endedDuring].find(
    (one) => one.subject === ended.subject,
  )!
  return (await look(arm, session)).isThere
}

function look(arm: OpenArm, kept: KeptSession): Promise<Found> {
  return arm
    .findSession(kept, AbortSignal.timeout(LOOK_DEADLINE_MS))
    .catch(() => ({ isThere: null, sessionsOfPerson: null }))
}
