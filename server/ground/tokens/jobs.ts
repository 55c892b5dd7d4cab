import type { Job } from '../../platform/jobs.ts'
import { REMEMBERED_MS } from './known-tokens.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'

/** At most one write a minute a token, however often it is used. */
const USED_EVERY_MS = 60_000
/** What another process revoked is refused here after this; in an outage nobody can revoke. */
const REVOKED_EVERY_MS = 2_000
/** Twice as long as a token is remembered: clocks of processes differ. */
const REVOKED_WINDOW_MS = 2 * REMEMBERED_MS

/** What runs by itself. */
export const tokenJobs = (parts: Parts): Job[] => [
  { name: 'write when tokens were used', everyMs: USED_EVERY_MS, run: () => writeUsed(parts) },
  // As often: what another process made or revoked is known here within this.
  { name: 'read tokens that ask flags', everyMs: REVOKED_EVERY_MS, run: () => parts.standing.reload() },
  { name: 'forget revoked tokens', everyMs: REVOKED_EVERY_MS, run: () => forgetRevoked(parts) },
  {
    name: 'tell of refused tokens',
    everyMs: USED_EVERY_MS,
    run: () => parts.refused.tell(parts.background, parts.signal),
  },
]

async function writeUsed({ background, used }: Parts): Promise<void> {
  const sights = [...used].map(([id, at]) => ({ id, at }))
  if (sights.length === 0) return
  await queries.noteTokensUsed(background, sights)
  // What was used again meanwhile waits for the next round.
  for (const { id, at } of sights) if (used.get(id) === at) used.delete(id)
}

async function forgetRevoked({ background, clock, known }: Parts): Promise<void> {
  const since = new Date(clock.now().getTime() - REVOKED_WINDOW_MS)
  for (const id of await queries.idsRevokedSince(background, since)) known.forget(id)
}
