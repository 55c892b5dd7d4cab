import { join } from 'node:path'
import { waitMs } from '../frame/wait.ts'
import { startPostgres } from '../postgres/start-postgres.ts'
import type { RunArm, Step } from './arm.ts'
import { type App, makeApp } from './apps.ts'
import { type Front, openFront } from './false-front.ts'
import { allStand } from './follow-restore.ts'
import type { HoldfastReaderSetup } from './holdfast-reader.ts'
import { changeLast, openEnvironments } from './open-environments.ts'
import { playParts } from './play-parts.ts'
import { deleteAll, restoreAll } from './restore-and-delete.ts'
import { countRows } from './wipe-tables.ts'
import { watchSigns } from './watch-signs.ts'

/** An application behind a front of the drill's own, with a disk of its own. */
export interface Placed {
  app: App
  front: Front
  folder: string
}

/** Production and demo, each a Holdfast on a database of its own, and four applications of production under load. */
export const runHoldfast: RunArm = async (scene) => {
  const { stage, plan, progress } = scene
  progress.step('holdfast: a PostgreSQL, production and demo')
  const postgres = await startPostgres(stage)
  const environments = await openEnvironments(scene, postgres.url)
  const { production, databases } = environments
  await using started = new AsyncDisposableStack()
  const place = async (name: string, index: number, upstreams: string[]): Promise<Placed> => {
    const front = started.use(await openFront(upstreams))
    const folder = join(stage.folder, name)
    const setup: HoldfastReaderSetup = { url: front.url, key: environments.applicationKey, folder }
    const reader = new URL('holdfast-reader.ts', import.meta.url).href
    const given = { reader, setup, perSecond: plan.evaluationsPerSecond, seed: plan.seed + index }
    return { app: makeApp(stage, name, given), front, folder }
  }
  progress.step('holdfast: four applications')
  const placed: Placed[] = []
  for (let index = 0; index < plan.apps; index++) {
    const one = await place(`app-${index + 1}`, index, [production.url])
    await one.app.start()
    placed.push(one)
  }
  const number = await changeLast(environments)
  await allStand(
    scene,
    placed.map(({ app }) => app),
    (standing) => standing.number === number,
  )
  const watching = new AbortController()
  const { superuserUrl } = databases.production
  const signal = AbortSignal.any([stage.signal, watching.signal])
  const signs = watchSigns({ superuserUrl, target: production.target, signal })
  await waitMs(plan.steadyMs, stage.signal)

  const steps: Step[] = []
  const { wipedMs, newcomer, access, isDemoRefused, missingAtNewAccess } = await playParts(scene, {
    environments,
    placed,
    steps,
    place,
  })
  const apps = [...placed, newcomer].map(({ app }) => app)
  const rowsBefore = await countRows(superuserUrl)
  const restore = await restoreAll(scene, environments, apps)
  const rowsAfter = await countRows(superuserUrl)
  await waitMs(plan.steadyMs, stage.signal)
  const deletion = await deleteAll(scene, environments, apps)
  watching.abort()
  for (const app of apps) await app.kill()
  const left = [await access.stop(), await environments.demo.stop(), await production.stop()]
  return {
    plan,
    apps: apps.map(({ name, buckets }) => ({ name, buckets })),
    steps,
    wipedMs,
    signalledMs: signs.signals.find((atMs) => atMs >= wipedMs) ?? null,
    namedMs: signs.named.find((atMs) => atMs >= wipedMs) ?? null,
    falseAlarms: [...signs.signals, ...signs.named].filter((atMs) => atMs < wipedMs).length,
    ...{ restore, isDemoRefused, missingAtNewAccess, deletion },
    facts: {
      access_processes: 3,
      number_before: number,
      rows_before_the_restore: rowsBefore,
      rows_after_the_restore: rowsAfter,
      looks_at_signs: signs.looks,
      left_running: left.reduce((sum, count) => sum + count, 0),
    },
  } satisfies Awaited<ReturnType<RunArm>>
}
