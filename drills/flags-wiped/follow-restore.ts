import { monotonicMs } from '../frame/clock.ts'
import { poll } from '../frame/wait.ts'
import type { Restore, Scene } from './arm.ts'
import type { App } from './apps.ts'
import type { Standing } from './app.ts'

const LOOK_EVERY_MS = 20

/** When the last of all applications says what it should; null: not within the time that is given. */
export async function allStand(
  { stage, plan }: Scene,
  apps: readonly App[],
  isSo: (standing: Standing) => boolean,
): Promise<{ atMs: number | null; count: number }> {
  const count = () =>
    apps.filter((app) => {
      const standing = app.standing()
      return standing !== undefined && isSo(standing)
    }).length
  const all = await poll(() => (count() === apps.length ? monotonicMs() : null), {
    ...{ deadlineMs: plan.settleMs, signal: stage.signal, everyMs: LOOK_EVERY_MS },
  })
  return { atMs: all, count: count() }
}

export function restoreOf(
  { askedMs, doneMs }: Pick<Restore, 'askedMs' | 'doneMs'>,
  followed: { atMs: number | null; count: number },
  apps: readonly App[],
): Restore {
  return { askedMs, doneMs, allFollowedMs: followed.atMs, followers: followed.count, applications: apps.length }
}
