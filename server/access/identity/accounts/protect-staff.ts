import { listStaff, lockStaff } from '../../../ground/environment/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { refuse } from '../refusals.ts'
import { activeAmong } from './queries.ts'

/**
 * Before an account is blocked or deleted: staff can be closed out by an administrator only, or by themselves, and the last
 * administrator who can still sign in by nobody. Read in the transaction and one at a time, or two could close out each other.
 */
export async function assertMayClose(db: Queries, actorId: string, userId: string): Promise<void> {
  await lockStaff(db)
  const staff = await listStaff(db)
  const target = staff.find((row) => row.user_id === userId)
  if (!target) return
  if (!isAdministrator(staff, actorId) && actorId !== userId) throw refuse('staff_protected')
  if (target.role !== 'administrator') return
  const others = staff.filter((row) => row.role === 'administrator' && row.user_id !== userId)
  const able = await activeAmong(
    db,
    others.map((row) => row.user_id),
  )
  if (able.length === 0) throw refuse('last_administrator')
}

/**
 * Before staff change somebody's address or ways to sign in. Never their own: `path` is where that is done, with the strongest method
 * asked for and the old address having its say. And of whoever works in the console only an administrator, or support could take
 * the account of one.
 */
export async function assertMayChangeWaysOf(
  db: Queries,
  { actor }: Call,
  { userId, path }: { userId: string; path: string },
): Promise<void> {
  if (actor!.id === userId) throw refuse('own_account', { path })
  const staff = await listStaff(db)
  const isStaff = staff.some((row) => row.user_id === userId)
  if (isStaff && !isAdministrator(staff, actor!.id)) throw refuse('staff_protected')
}

const isAdministrator = (staff: Awaited<ReturnType<typeof listStaff>>, userId: string) =>
  staff.some((row) => row.user_id === userId && row.role === 'administrator')
