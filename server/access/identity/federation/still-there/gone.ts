import { BY_ITSELF } from '../../../../ground/audit/index.ts'
import { takeTurn } from '../../fail-over/turns/queries.ts'
import type { Asking } from './ask-again.ts'
import * as queries from './queries.ts'

const DAY_MS = 24 * 3_600_000
/**
 * So many people of one provider are believed to have gone within a day, however few there are; and beyond them this share of
 * all about whom it can be asked. A company that loses a tenth of its people in a day tells whoever runs its sign-in; a
 * provider that revoked its tokens, or lost them, does not.
 */
export const GONE_FEW = 5
export const GONE_SHARE_MAX = 0.1

/** Whether the provider says of more people that they are gone than can be true. Then that is told, once a day. */
export async function isManyGone(parts: Asking, providerId: string, saidNow: number): Promise<boolean> {
  const { background, clock } = parts
  const now = clock.now()
  const since = new Date(now.getTime() - DAY_MS)
  const gone = saidNow + (await queries.countGone(background, { providerId, since }))
  if (gone <= GONE_FEW) return false
  // No more are counted than it takes to know.
  const enough = Math.ceil(gone / GONE_SHARE_MAX)
  const held = await queries.countAskable(background, { providerId, limit: enough })
  if (gone <= GONE_SHARE_MAX * (held + gone - saidNow)) return false
  await tellMany(parts, { providerId, gone, held })
  return true
}

async function tellMany(
  { background, clock, signal, log }: Asking,
  { providerId, gone, held }: { providerId: string; gone: number; held: number },
): Promise<void> {
  const turn = { name: `many gone at ${providerId}`, everyMs: DAY_MS, by: BY_ITSELF.id }
  await background.transaction(async (db) => {
    if (!(await takeTurn(db, turn, clock.now()))) return
    log.warn({ provider: providerId, gone, held }, 'a provider says that many people are gone; nobody is closed by it')
    await signal(db, { kind: 'provider.many_gone', subject: providerId, facts: { gone } })
  })
}

/** They are: nothing stands in for the provider any more. */
export async function settleGone(parts: Asking, gone: readonly queries.Due[]): Promise<void> {
  for (const each of gone) await closeAsGone(parts, each)
}

async function closeAsGone(
  parts: Asking,
  { id, user_id: userId, provider_id: provider, refresh_sealed: was }: queries.Due,
): Promise<void> {
  const ends = await parts.background.transaction(async (db) => {
    const closed = await queries.closeAsGone(db, { id, was }, parts.clock.now())
    // Came through the provider at this very moment: that is newer.
    if (!closed) return undefined
    const facts = { identity: id, provider, reason: 'invalid_grant' }
    await parts.signal(db, { kind: 'identity.closed', subject: userId, facts })
    const subject = { kind: 'user', id: userId }
    await parts.audit(db, { by: BY_ITSELF, action: 'identity.closed', subject, facts })
    // What had stood in for the provider stands for nobody any more; what came another way goes on.
    const by = BY_ITSELF.id
    return parts.sessions.failOver.endWithin(db, { userId, standsInFor: provider, reason: 'failover_ended', by })
  })
  await ends?.tell()
}
