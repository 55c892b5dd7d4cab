import { join } from 'node:path'
import { auditAt, BY_COMMAND_LINE } from '../../ground/audit/index.ts'
import { signalAt } from '../../ground/signals/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Secret } from '../../platform/secret.ts'
import { openKeyRing } from './key-ring.ts'

/**
 * Signs with the next key from now on. For the command line: access processes read the change within half a minute, and
 * verifiers have known the key since it was published.
 */
export async function rotateSigningKey(parts: {
  db: Database
  clock: Clock
  secret: Secret
  folder: string
  by: string
}): Promise<string> {
  const { db, clock, secret, folder, by } = parts
  const ring = await openKeyRing({
    db,
    clock,
    secret,
    signal: signalAt(() => clock.now()),
    audit: auditAt(() => clock.now()),
    file: join(folder, 'keys.sealed'),
  })
  return ring.rotate(by, BY_COMMAND_LINE)
}
