import type { LockerName } from './locker.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'

/**
 * Empties a locker for good. What is left says so for as long as a locker may live: a request that began before, or an
 * older store that is still read through, must not bring back what somebody left.
 */
export async function emptyLocker(parts: Parts, name: LockerName): Promise<void> {
  const now = parts.clock.now()
  const expiresAt = new Date(now.getTime() + parts.lifeMs)
  const isFull = await parts.isFull(name.application)
  await queries.emptyLocker(parts.db, { ...name, expiresAt, isFull }, now)
}
