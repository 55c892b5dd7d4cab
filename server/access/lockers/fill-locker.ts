import { CONTENT_BYTES_MAX, expiryOf, hasExpired, isSameExpiry, LOCKERS_MAX, type LockerName } from './locker.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'

export interface FillLocker {
  content: string
  expiresInS: number
  /** How long ago this was to be written; 0: now. */
  ageMs: number
}

export interface Filled {
  outcome: 'kept' | 'unchanged' | 'newer'
  expires_at: Date
}

/**
 * Keeps what an application gives. The last one wins, as in every store of this kind, but for two: what was emptied is not
 * filled again (a request that began before the sign-out ends after it), and what waited through an outage does not
 * replace what was written since.
 */
export async function fillLocker(parts: Parts, name: LockerName, input: FillLocker): Promise<Filled> {
  const { db, clock, lifeMs } = parts
  const { content, ageMs } = input
  const bytes = Buffer.byteLength(content)
  if (bytes > CONTENT_BYTES_MAX) throw refuse('too_large', { bytes })
  const now = clock.now()
  const expiresAt = expiryOf(input.expiresInS, lifeMs, now)
  const changedAt = new Date(now.getTime() - ageMs)

  const held = await queries.findLocker(db, name)
  const isThere = held !== undefined && !hasExpired(held, now)
  if (isThere && held.content === content && isSameExpiry(held.expires_at, expiresAt, now)) {
    return { outcome: 'unchanged', expires_at: held.expires_at }
  }
  const isFull = held === undefined && (await parts.isFull(name.application))
  const newerThan = ageMs > 0 ? changedAt : null
  const filling = { ...name, content, expiresAt, changedAt, newerThan, isFull }
  if (await queries.fillLocker(db, filling, now)) return { outcome: 'kept', expires_at: expiresAt }

  const standing = await queries.findLocker(db, name)
  if (!standing) throw refuse('full', { max: LOCKERS_MAX })
  if (standing.content === null) throw refuse('emptied')
  return { outcome: 'newer', expires_at: standing.expires_at }
}
