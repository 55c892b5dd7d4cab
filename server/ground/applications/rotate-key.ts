import type { Queries } from '../../platform/database/index.ts'
import type { Call } from '../../platform/http/index.ts'
import { byCaller } from '../audit/index.ts'
import type { ApplicationRow } from './application.ts'
import { newKey } from './new-key.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { findApplication } from './update-application.ts'

/** Time to bring the new key to every server of the app: nobody is signed out by a rotation (docs/decisions). */
const OVERLAP_MS = 24 * 60 * 60_000

/**
 * Makes a new key. The one before stays good for a day, for the feed and for signatures, unless somebody else may have
 * it; one before that is void.
 */
export async function rotateKey(
  parts: Parts,
  db: Queries,
  call: Pick<Call, 'actor' | 'address' | 'headers'>,
  { id, isPreviousRevoked }: { id: string; isPreviousRevoked: boolean },
): Promise<{ row: ApplicationRow; key: string }> {
  const now = parts.clock.now()
  await findApplication(db, id)
  const { key, ...sealed } = newKey(parts.secret, parts.environment)
  const previousValidUntil = isPreviousRevoked ? null : new Date(now.getTime() + OVERLAP_MS)
  const row = await queries.replaceKey(db, { id, ...sealed }, previousValidUntil, now)
  if (!row) throw new Error('an application that was there could not be given a key')
  await parts.audit(db, {
    by: byCaller(call),
    action: 'application.key_rotated',
    subject: { kind: 'application', id },
    facts: { previous_key_valid_until: previousValidUntil },
  })
  return { row, key }
}
