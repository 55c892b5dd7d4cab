import { hasExpired, type LockerName } from './locker.ts'
import type { Parts } from './parts.ts'
import { findLocker } from './queries.ts'
import { refuse } from './refusals.ts'

export interface FilledLocker {
  content: string
  expires_at: Date
}

/** Reads, and writes nothing. That there is none is only said by a database that answers: an outage is 503, never 404. */
export async function readLocker({ db, clock }: Parts, name: LockerName): Promise<FilledLocker> {
  const held = await findLocker(db, name)
  if (!held || hasExpired(held, clock.now())) throw refuse('not_found')
  const { content, expires_at } = held
  if (content === null) throw refuse('emptied')
  return { content, expires_at }
}
