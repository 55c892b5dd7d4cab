import { monotonicMs } from '../frame/clock.ts'
import { isStopped, readProcess, signalProcess } from '../frame/processes.ts'
import { poll, waitMs } from '../frame/wait.ts'
import type { Store } from '../redis/open-store.ts'
import type { StoreSeen } from '../redis/read-info.ts'
import { ping } from '../redis/ping.ts'
import type { Redis } from '../redis/start-redis.ts'
import type { OpenArm } from './arm.ts'
import type { Filler } from './fill-store.ts'
import { type FaultKind, LIFE_S, LONG_LIFE_S, type PlannedFault } from './plan.ts'
import { type Evidence, proofs, type SeenFault } from './prove-fault.ts'

/** On a busy machine filling takes longer than planned; the fault is then shorter, and still has to be proven. */
const FILL_DEADLINE_MS = 20_000
const STOP_DEADLINE_MS = 2000
const RECLAIM_DEADLINE_MS = 15_000
/** Long enough for any repair here; one that is not felt by then was none, and the figures say so. */
const REPAIR_DEADLINE_MS = 5000
const SAMPLES = 100

export interface Injection {
  arm: OpenArm
  redis: Redis
  store: Store
  filler: Filler
  fault: PlannedFault
  entriesPerSecond: number
  signal: AbortSignal
  /** Called once the fault has taken effect; what is then asked of a door must not stretch the fault. */
  onEffect: () => void
}

type Seen = { startedMs: number; repairedMs: number; facts: SeenFault['facts'] } & Omit<Evidence, 'entriesPerSecond'>

export async function injectFault(injection: Injection): Promise<SeenFault> {
  const { fault, entriesPerSecond } = injection
  const { startedMs, repairedMs, facts, ...evidence } = await inject[fault.kind](injection)
  return {
    kind: fault.kind,
    title: fault.title,
    startedMs,
    repairedMs,
    settledMs: repairedMs + fault.settleMs,
    proof: proofs[fault.kind]({ ...evidence, entriesPerSecond }),
    facts,
  }
}

const inject: Record<FaultKind, (injection: Injection) => Promise<Seen>> = {
  async expiry_off(injection) {
    const { store, filler, signal } = injection
    const before = await store.look()
    await store.must('DEBUG', 'SET-ACTIVE-EXPIRE', '0')
    const filled = await filler.fill('mostly-dead', FILL_DEADLINE_MS, signal)
    const seen = await holdFull(injection, { before, filled }, async () => {
      await store.must('DEBUG', 'SET-ACTIVE-EXPIRE', '1')
    })
    // What is dead is reclaimed a tenth of a second at a time; the next fault must not lean on what is left of this one.
    await poll(async () => isHalfEmpty(await store.look()) || null, { deadlineMs: RECLAIM_DEADLINE_MS, signal })
    // Redis is content with a quarter of dead keys, and would go on reclaiming those into the next fault.
    await filler.remove()
    return seen
  },

  async long_life(injection) {
    const { arm, store, filler } = injection
    const before = await store.look()
    await arm.setLife(LONG_LIFE_S)
    filler.setLife(LONG_LIFE_S)
    const filled = await filler.fill('all-alive', FILL_DEADLINE_MS, injection.signal)
    const medianLifeMs = await sampleLife(store)
    const seen = await holdFull(injection, { before, filled }, async () => {
      await arm.setLife(LIFE_S)
      filler.setLife(LIFE_S)
      await filler.remove()
    })
    return { ...seen, medianLifeMs }
  },

  async evicting({ store, filler, fault, signal, onEffect }) {
    const filled = await filler.fill('all-alive', FILL_DEADLINE_MS, signal)
    const before = await store.look()
    await store.must('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru')
    const startedMs = monotonicMs()
    const during = await store.look()
    onEffect()
    const flooded = await filler.flood(startedMs + fault.holdMs, signal)
    const atTheEnd = await store.look()
    await store.must('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    await filler.remove()
    return { startedMs, repairedMs: monotonicMs(), before, during, atTheEnd, facts: { filled, flooded } }
  },

  async wiped({ store, fault, signal, onEffect }) {
    const before = await store.look()
    const startedMs = monotonicMs()
    await store.must('FLUSHALL')
    const during = await store.look()
    onEffect()
    // Nothing is there to repair: what it costs is over when everybody has come back.
    await waitMs(fault.holdMs, signal)
    return { startedMs, repairedMs: monotonicMs(), before, during, atTheEnd: await store.look(), facts: {} }
  },

  async hung({ redis, store, fault, signal, onEffect }) {
    const before = await store.look()
    const startedMs = monotonicMs()
    signalProcess(redis.process(), 'SIGSTOP')
    await poll(() => isStopped(redis.process()) || null, { deadlineMs: STOP_DEADLINE_MS, signal, everyMs: 5 })
    const atTheStart = isStopped(redis.process())
    onEffect()
    const pingsDuring = await ping(redis.port)
    await waitMs(fault.holdMs, signal)
    // Somebody else may have thawed it meanwhile: then it did not last as long as is claimed.
    const byTheKernel = { atTheStart, atTheEnd: isStopped(redis.process()) }
    const repairedMs = monotonicMs()
    signalProcess(redis.process(), 'SIGCONT')
    return { startedMs, repairedMs, before, during: null, atTheEnd: null, byTheKernel, pingsDuring, facts: {} }
  },

  async killed({ redis, store, fault, signal, onEffect }) {
    const before = await store.look()
    const [victim, born] = [redis.process(), readProcess(redis.process())?.born]
    const startedMs = monotonicMs()
    signalProcess(victim, 'SIGKILL')
    const isGone = await poll(() => readProcess(victim)?.born !== born || null, {
      deadlineMs: STOP_DEADLINE_MS,
      signal,
      everyMs: 5,
    })
    onEffect()
    const pingsDuring = await ping(redis.port)
    await waitMs(fault.holdMs, signal)
    await redis.start()
    const repairedMs = monotonicMs()
    const atTheEnd = await poll(() => store.look(), { deadlineMs: STOP_DEADLINE_MS, signal })
    const byTheKernel = { atTheStart: isGone === true, atTheEnd: true }
    return { startedMs, repairedMs, before, during: null, atTheEnd, byTheKernel, pingsDuring, facts: {} }
  },
}

/** Full from the first refused write until the repair has let a write in again. */
async function holdFull(
  { store, fault, signal, onEffect }: Injection,
  { before, filled }: { before: Evidence['before']; filled: number | null },
  repair: () => Promise<void>,
): Promise<Seen> {
  const startedMs = monotonicMs()
  const during = await store.look()
  onEffect()
  await waitMs(fault.holdMs, signal)
  const atTheEnd = await store.look()
  // From the first write that is let in again; what is still being cleared away by then hinders nobody.
  const repairing = repair()
  await poll(async () => ((await store.ask('SET', 'drill:probe', 'x', 'PX', '1000')).outcome === 'ok' ? true : null), {
    deadlineMs: REPAIR_DEADLINE_MS,
    signal,
  })
  const repairedMs = monotonicMs()
  await repairing
  return { startedMs, repairedMs, before, during, atTheEnd, facts: { filled } }
}

const isHalfEmpty = (seen: StoreSeen | null) => seen !== null && seen.usedMemory < seen.maxMemory / 2

/** A long SCAN would itself keep a server from expiring (redis/redis#15411); some random entries tell as much. */
async function sampleLife(store: Store): Promise<number | null> {
  const lives: number[] = []
  for (let sample = 0; sample < SAMPLES; sample++) {
    const key = await store.ask('RANDOMKEY')
    const life = key.outcome === 'ok' && key.value ? await store.ask('PTTL', String(key.value)) : null
    if (life?.outcome === 'ok') lives.push(Number(life.value))
  }
  return lives.toSorted((left, right) => left - right)[Math.floor(lives.length / 2)] ?? null
}
