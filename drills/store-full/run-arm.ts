import { monotonicMs } from '../frame/clock.ts'
import type { Progress } from '../frame/progress.ts'
import type { Stage } from '../frame/stage.ts'
import { waitMs, waitUntil } from '../frame/wait.ts'
import type { LoadReport } from '../load/generator.ts'
import { openStore } from '../redis/open-store.ts'
import { type PingSample, watchByPing } from '../redis/ping.ts'
import { startRedis } from '../redis/start-redis.ts'
import type { OpenArm, OpenArmOf } from './arm.ts'
import type { KnownSession } from './door.ts'
import { findShape, openFiller } from './fill-store.ts'
import { injectFault } from './inject-fault.ts'
import type { Plan } from './plan.ts'
import type { SeenFault } from './prove-fault.ts'

/** Everything that was seen of an arm; what it means is told by `judge-arm.ts`. */
export interface ArmRun {
  plan: Plan
  report: LoadReport
  faults: SeenFault[]
  pings: PingSample[]
  readiness: ReadinessSample[]
  ended: EndedSession[]
  /** Whether the arm had stored anything at all before the faults: a cache that nobody uses proves nothing. */
  hasOwnEntries: boolean
  facts: Record<string, unknown>
}

export interface EndedSession {
  subject: number
  askedMs: number
  /** Null: the door did not say that it is done, so nothing was promised. */
  acknowledgedMs: number | null
}

export interface ReadinessSample {
  atMs: number
  /** Null: it did not answer in a second. */
  isOk: boolean | null
  isNamed: boolean
}

const START_MARGIN_MS = 300
const END_DEADLINE_MS = 4000
const READINESS_EVERY_MS = 250
const READINESS_DEADLINE_MS = 1000

export async function runArm(open: OpenArmOf, stage: Stage, plan: Plan, progress: Progress): Promise<ArmRun> {
  const redis = await startRedis(stage, plan)
  using store = await openStore(redis.url)
  const arm = await open({ stage, plan, redis, progress })
  const filler = openFiller(store, await findShape(store))
  const watching = new AbortController()
  const signal = AbortSignal.any([stage.signal, watching.signal])
  const [readiness, pings, ended]: [ReadinessSample[], PingSample[], EndedSession[]] = [[], [], []]
  const entriesPerSecond = plan.entriesPerSecond - plan.signInsPerSecond
  const startAtMs = monotonicMs() + START_MARGIN_MS
  progress.step(
    `steady load: ${plan.signInsPerSecond} sign-ins, ${entriesPerSecond} entries, ${plan.checksPerSecond} checks/s`,
  )
  const loading = arm.load.run(startAtMs, ({ answered, valid }) => {
    progress.note(`${answered} answers in the last second, ${valid} valid`)
  })
  // Its failure is met where it is awaited; the steps in between must not be lost to an unhandled rejection.
  loading.catch(() => {})
  const watches = [
    filler.keepWriting(entriesPerSecond, signal),
    watchByPing(redis.port, pings, signal),
    watchReadiness(arm, readiness, signal),
  ]

  try {
    await waitUntil(startAtMs + plan.endSessionsAtMs, signal)
    const endSome = (round: number) =>
      endSessions(arm, arm.toEnd.slice(round * plan.endedEach, (round + 1) * plan.endedEach), ended)
    const ends = [endSome(0)]
    const faults: SeenFault[] = []
    await waitUntil(startAtMs + plan.steadyMs, signal)
    for (const [index, fault] of plan.faults.entries()) {
      progress.step(fault.title)
      const onEffect = () => void ends.push(endSome(index + 1))
      const { entriesPerSecond: made } = plan
      faults.push(await injectFault({ arm, redis, store, filler, fault, entriesPerSecond: made, signal, onEffect }))
      progress.step('repaired: waiting until all is well')
      await waitUntil(faults.at(-1)!.settledMs, signal)
    }
    await waitMs(plan.drainMs, signal)
    arm.load.finish()
    const report = await loading
    await Promise.all(ends)
    watching.abort()
    await Promise.all(watches)
    const facts = {
      store: redis.version,
      max_memory: plan.maxMemory,
      entries_written: filler.written(),
      entry: { prefix_length: filler.shape.prefix.length, bytes_as_dumped: filler.shape.dump.length },
      ...(await arm.stop()),
    }
    return { plan, report, faults, pings, readiness, ended, hasOwnEntries: filler.shape.isOwn, facts }
  } finally {
    watching.abort()
    arm.load.stop()
  }
}

/** All at once, each with its own deadline. */
async function endSessions(arm: OpenArm, sessions: KnownSession[], ended: EndedSession[]): Promise<void> {
  await Promise.all(
    sessions.map(async (session) => {
      const askedMs = monotonicMs()
      const isEnded = await arm.endSession(session, AbortSignal.timeout(END_DEADLINE_MS)).catch(() => null)
      ended.push({ subject: session.subject, askedMs, acknowledgedMs: isEnded ? monotonicMs() : null })
    }),
  )
}

async function watchReadiness(arm: OpenArm, samples: ReadinessSample[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const asked = AbortSignal.timeout(READINESS_DEADLINE_MS)
    const seen = await arm.readReadiness(asked).catch(() => ({ isOk: null, isNamed: false }))
    samples.push({ atMs: monotonicMs(), ...seen })
    await waitMs(READINESS_EVERY_MS, signal).catch(() => {})
  }
}
