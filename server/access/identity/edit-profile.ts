import type { By } from '../../ground/audit/index.ts'
import type { Parts } from './parts.ts'
import { type ProfileErrors, readProfile } from './profile.ts'
import * as queries from './queries.ts'
import { sessionUser, type User } from './user.ts'

export type ProfileEdited = { outcome: 'saved'; user: User } | { outcome: 'invalid'; errors: ProfileErrors }

/** Saves what a person says of themselves, and passes it on to their sessions, so that every app shows the same. */
export async function editProfile(
  parts: Parts,
  userId: string,
  by: By,
  typed: Parameters<typeof readProfile>[0],
): Promise<ProfileEdited> {
  const read = readProfile(typed)
  if (read.outcome === 'invalid') return read

  const user = await parts.db.transaction(async (db) => {
    const saved = await queries.updateProfile(db, userId, read.profile)
    // What was written is private; that it was is not.
    if (saved) {
      await parts.signal(db, { kind: 'user.profile-changed', subject: userId })
      await parts.audit(db, { by, action: 'user.profile-changed', subject: { kind: 'user', id: userId } })
    }
    return saved
  })
  if (!user) throw new Error('a person with a session has no account')
  await parts.sessions.updatePerson(sessionUser(user))
  return { outcome: 'saved', user }
}
