import { addEnrolment } from '../../ground/environment/index.ts'
import { newSecret } from '../../platform/id.ts'
import { digestOfToken } from './challenge.ts'
import type { Parts } from './parts.ts'

/** Long enough to read a mail on another machine; whoever is later restarts Holdfast. */
export const ENROLMENT_LIFE_MS = 15 * 60_000

/** Makes a link by which the first administrator enrols. Of all that are open one works, once: the others end with it. */
export async function makeEnrolmentLink(parts: Parts): Promise<string> {
  const token = newSecret()
  const now = parts.clock.now()
  const made = { tokenDigest: digestOfToken(token), expiresAt: new Date(now.getTime() + ENROLMENT_LIFE_MS) }
  await parts.db.transaction((db) => addEnrolment(db, made, now))
  return `${parts.config.url}/enrol/${token}`
}
