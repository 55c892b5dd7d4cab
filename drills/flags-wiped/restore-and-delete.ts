import { monotonicMs } from '../frame/clock.ts'
import type { Deletion, Restore, Scene } from './arm.ts'
import type { App } from './apps.ts'
import { allStand, restoreOf } from './follow-restore.ts'
import type { Environments } from './open-environments.ts'
import { FLAGS, keyOf } from './truth.ts'

/** What access serves goes back into the tables that lost it; a dry run says how many it would take away. */
export async function restoreAll(
  on: Scene,
  { administrator: by }: Environments,
  all: readonly App[],
): Promise<Restore> {
  on.progress.step('(g) holdfast flags restore')
  const reason = 'The drill'
  const { confirm } = await by.ask<{ confirm: number | null }>('POST', '/v1/flags/restore', { dry_run: true, reason })
  const askedMs = monotonicMs()
  const said = { reason, ...(confirm !== null && { confirm }) }
  const { number } = await by.ask<{ number: string }>('POST', '/v1/flags/restore', said)
  const doneMs = monotonicMs()
  const epoch = number.split('.', 1)[0]!
  const followed = await allStand(on, all, (one) => one.number?.split('.', 1)[0] === epoch && one.flags === FLAGS)
  return restoreOf({ askedMs, doneMs }, followed, all)
}

/** The other half of the promise: what somebody means, and says how much it is, happens. */
export async function deleteAll(
  on: Scene,
  { administrator: by }: Environments,
  all: readonly App[],
): Promise<Deletion> {
  on.progress.step('all flags are deleted on purpose, confirmed by their number')
  const keys = Array.from({ length: FLAGS }, (_, flag) => keyOf(flag))
  const unconfirmed = await by.ask('POST', '/v1/flags/delete', { keys }).then(
    () => null,
    (error: Error) => error.message,
  )
  await by.ask('POST', '/v1/flags/delete', { keys, confirm: FLAGS, reason: 'The drill' })
  const gone = await allStand(on, all, ({ flags }) => flags === 0)
  const isRefusedUnconfirmed = unconfirmed?.includes('flags.mass_deletion') === true
  return { isRefusedUnconfirmed, stillHolding: all.length - gone.count, allGoneMs: gone.atMs }
}
