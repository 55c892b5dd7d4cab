import { replaceEnrolment } from '../../ground/environment/index.ts'
import { newSecret } from '../../platform/id.ts'
import { digestOfToken } from './challenge.ts'
import type { Parts } from './parts.ts'

/** Long enough to read a mail on another machine; whoever is later restarts Holdfast. */
export const ENROLMENT_LIFE_MS = 15 * 60_000

/** Makes the link by which the first administrator enrols: it works once, and voids every earlier one. */
export async function makeEnrolmentLink(parts: Parts): Promise<string> {
  const token = newSecret()
  const expiresAt = new Date(parts.clock.now().getTime() + ENROLMENT_LIFE_MS)
  await parts.db.transaction((db) => replaceEnrolment(db, digestOfToken(token), expiresAt))
  return `${parts.config.url}/enrol/${token}`
}
