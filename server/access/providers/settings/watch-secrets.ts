import { BY_ITSELF } from '../../../ground/audit/index.ts'
import type { Parts } from '../parts.ts'
import * as queries from '../queries.ts'

const DAY_MS = 24 * 60 * 60_000
/** Time to plan, and time to hurry. */
export const WARN_DAYS = [30, 7] as const
const WARNED_MAX = 200

/** Tells of each client secret once 30 and once 7 days before it runs out; of several processes one does. */
export async function watchSecrets({ background, clock, log, audit, signal }: Parts): Promise<void> {
  const now = clock.now()
  for (const days of [...WARN_DAYS].toReversed()) {
    await background.transaction(async (db) => {
      const until = new Date(now.getTime() + days * DAY_MS)
      const warned = await queries.markSecretsWarned(db, { days, until, limit: WARNED_MAX })
      for (const { id, client_secret_expires_at } of warned) {
        const facts = { days, expires_at: client_secret_expires_at.toISOString() }
        await signal(db, { kind: 'provider.secret_expires', subject: id, facts })
        await audit(db, { by: BY_ITSELF, action: 'provider.secret_expires', subject: { kind: 'provider', id }, facts })
        log.warn({ provider: id, days }, 'the client secret of a provider runs out soon: make a new one there')
      }
    })
  }
}
