import { expiryOf, isSameExpiry, type LockerName } from './locker.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { readLocker } from './read-locker.ts'
import { refuse } from './refusals.ts'

/** Moves the expiry, when that is worth a write: once a minute for a browser that goes on reading. */
export async function touchLocker(parts: Parts, name: LockerName, expiresInS: number): Promise<{ expires_at: Date }> {
  const { expires_at } = await readLocker(parts, name)
  const now = parts.clock.now()
  const expiresAt = expiryOf(expiresInS, parts.lifeMs, now)
  if (isSameExpiry(expires_at, expiresAt, now)) return { expires_at }
  if (!(await queries.moveExpiry(parts.db, name, expiresAt))) throw refuse('emptied')
  return { expires_at: expiresAt }
}
