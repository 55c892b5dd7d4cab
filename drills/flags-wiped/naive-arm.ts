import { fileURLToPath } from 'node:url'
import { monotonicMs } from '../frame/clock.ts'
import { childEnvironment } from '../frame/stage.ts'
import { poll, waitMs } from '../frame/wait.ts'
import { openStore, type Store } from '../redis/open-store.ts'
import { startRedis } from '../redis/start-redis.ts'
import type { RunArm, Step } from './arm.ts'
import { type App, makeApp } from './apps.ts'
import { allStand, restoreOf } from './follow-restore.ts'
import { NAIVE_HASH, type NaiveReaderSetup } from './naive-reader.ts'
import { playPart } from './part.ts'
import { FLAGS, keyOf, organizationsOf } from './truth.ts'

const MAX_MEMORY = '64mb'
const JOB_DEADLINE_MS = 10_000

/** Flags of production in a Redis that demo uses too, as in 2022; the job that resets demo's data does what it always did. */
export const runNaive: RunArm = async (scene) => {
  const { stage, plan, progress } = scene
  progress.step('naive: a Redis with the flags of production, and four applications that read it')
  const redis = await startRedis(stage, { maxMemory: MAX_MEMORY })
  using store = await openStore(redis.url)
  await writeFlags(store)
  const setup: NaiveReaderSetup = { redisUrl: redis.url }
  const reader = new URL('naive-reader.ts', import.meta.url).href
  const make = (name: string, index: number) =>
    makeApp(stage, name, { reader, setup, perSecond: plan.evaluationsPerSecond, seed: plan.seed + index })
  const apps = Array.from({ length: plan.apps }, (_, index) => make(`app-${index + 1}`, index))
  for (const app of apps) await app.start()
  await waitMs(plan.steadyMs, stage.signal)

  const steps: Step[] = []
  let wipedMs = 0
  await playPart(scene, steps, {
    letter: 'a',
    title: 'demo runs its job against the Redis that it shares',
    async act() {
      const before = await store.look()
      const exitCode = await runDemoJob()
      wipedMs = monotonicMs()
      const after = await store.look()
      const flushes = before && after ? after.flushes - before.flushes : null
      return () => ({
        isProven: flushes === 1 && before!.keys > 0 && after!.keys === 0 && exitCode === 0,
        rests: { flushes, dbsize_before: before?.keys ?? null, dbsize_after: after?.keys ?? null },
      })
    },
  })
  await playPart(scene, steps, {
    letter: 'd',
    title: 'an application restarts cold during the wipe',
    act: () => restart(store, apps[0]!),
  })
  const newcomer = make('newcomer', plan.apps)
  await playPart(scene, steps, {
    letter: 'f',
    title: 'a new application, during the wipe',
    async act() {
      await newcomer.start()
      return async () => ({ isProven: await isEmpty(store), rests: { dbsize: (await store.look())?.keys ?? null } })
    },
  })

  const all = [...apps, newcomer]
  progress.step('(g) somebody has noticed, and writes the flags back from a file')
  const askedMs = monotonicMs()
  await writeFlags(store)
  const doneMs = monotonicMs()
  const followed = await allStand(scene, all, ({ flags }) => flags === FLAGS)
  await waitMs(plan.steadyMs, stage.signal)
  for (const app of all) await app.kill()
  return {
    plan,
    apps: all.map(({ name, buckets }) => ({ name, buckets })),
    steps,
    wipedMs,
    // It has nothing that could tell: Redis is up, and an empty hash is a hash.
    ...{ signalledMs: null, namedMs: null, falseAlarms: 0 },
    restore: restoreOf({ askedMs, doneMs }, followed, all),
    ...{ isDemoRefused: null, missingAtNewAccess: null, deletion: null },
    facts: { store: redis.version },
  }

  /** A process of demo's own, with the address of production's Redis in its settings. */
  async function runDemoJob(): Promise<number | null> {
    const job = stage.spawn('demo-job', process.execPath, [fileURLToPath(new URL('demo-job.ts', import.meta.url))], {
      env: childEnvironment({ DEMO_REDIS_URL: redis.url }),
    })
    await poll(() => (job.exitCode === null ? null : true), { deadlineMs: JOB_DEADLINE_MS, signal: stage.signal })
    return job.exitCode
  }
}

async function writeFlags(store: Store): Promise<void> {
  for (let flag = 0; flag < FLAGS; flag++) {
    const organizations = organizationsOf(flag, { isTurned: false })
    await store.must('HSET', NAIVE_HASH, keyOf(flag), JSON.stringify(organizations))
  }
}

async function restart(store: Store, app: App) {
  const before = app.pid()
  await app.kill()
  await app.start()
  return async () => ({
    isProven: app.pid() !== before && (await isEmpty(store)),
    rests: { pid_before: before, pid_after: app.pid(), dbsize: (await store.look())?.keys ?? null },
  })
}

const isEmpty = async (store: Store) => (await store.look())?.keys === 0
