import { listStaff, lockStaff } from '../../../ground/environment/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
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
  const isByAdministrator = staff.some((row) => row.user_id === actorId && row.role === 'administrator')
  if (!isByAdministrator && actorId !== userId) throw refuse('staff_protected')
  if (target.role !== 'administrator') return
  const others = staff.filter((row) => row.role === 'administrator' && row.user_id !== userId)
  const able = await activeAmong(
    db,
    others.map((row) => row.user_id),
  )
  if (able.length === 0) throw refuse('last_administrator')
}
