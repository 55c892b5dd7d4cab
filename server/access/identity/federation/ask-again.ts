import { BY_ITSELF } from '../../../ground/audit/index.ts'
import type { Parts } from '../parts.ts'
import * as queries from './queries.ts'
import { sealRefresh, unsealRefresh } from './refresh-token.ts'
import { standingOf } from './show-provider.ts'

type Asking = Pick<Parts, 'background' | 'providers' | 'clock' | 'secret' | 'signal' | 'audit' | 'log' | 'sessions'>

/** Whoever left a company yesterday is known by tomorrow; more often is a load on the provider. */
export const ASKED_EVERY_MS = 24 * 3_600_000
/** What did not answer is asked once more after that. */
const ASKED_AGAIN_MS = 3_600_000
/** In one round: each has its own deadline, and they are asked one after the other. */
const ROUND_MAX = 20

export type AskedAgain = 'there' | 'gone' | 'unknown'

/**
 * Asks providers whether people are still there, by their refresh tokens, each once a day at most. Of somebody who is gone the
 * fall-back is closed at once: in an outage nothing stands in for the provider, and only a full round-trip opens it again.
 */
export async function askAgain(parts: Asking): Promise<number> {
  const { providers, clock } = parts
  const asked = providers.offered().filter((provider) => standingOf(parts, provider).state === 'ordinary')
  if (asked.length === 0) return 0
  const now = clock.now()
  const before = new Date(now.getTime() - ASKED_EVERY_MS)
  const providerIds = asked.map(({ id }) => id)
  const due = await queries.takeDue(parts.background, { providerIds, before, now, limit: ROUND_MAX })
  for (const each of due) await askAbout(parts, each)
  return due.length
}

/** When it is wanted, whatever the rhythm says. Undefined: there is nothing to ask by. */
export async function askAgainNow(parts: Asking, id: string): Promise<AskedAgain | undefined> {
  const due = await queries.takeOne(parts.background, id, parts.clock.now())
  return due && askAbout(parts, due)
}

async function askAbout(parts: Asking, due: queries.Due): Promise<AskedAgain> {
  const { secret, background, clock } = parts
  const provider = parts.providers.find(due.provider_id)
  if (!provider?.is_enabled) return 'unknown'
  const now = clock.now()
  const said = await parts.providers.askAgain(provider, unsealRefresh(secret, due.refresh_sealed))
  const keep = { id: due.id, was: due.refresh_sealed }
  if (said.outcome === 'there') {
    const refreshSealed = sealRefresh(secret, said.refreshToken) ?? due.refresh_sealed
    await queries.noteAskedAgain(background, { ...keep, refreshSealed, askedAt: now })
  } else if (said.outcome === 'gone') await closeAsGone(parts, due)
  else {
    const askedAt = new Date(now.getTime() - ASKED_EVERY_MS + ASKED_AGAIN_MS)
    await queries.noteAskedAgain(background, { ...keep, refreshSealed: due.refresh_sealed, askedAt })
  }
  return said.outcome
}

async function closeAsGone(
  parts: Asking,
  { id, user_id: userId, provider_id: provider, refresh_sealed: was }: queries.Due,
) {
  const isClosed = await parts.background.transaction(async (db) => {
    const closed = await queries.closeAsGone(db, { id, was }, parts.clock.now())
    // Came through the provider at this very moment: that is newer.
    if (!closed) return false
    const facts = { identity: id, provider, reason: 'invalid_grant' }
    await parts.signal(db, { kind: 'identity.closed', subject: userId, facts })
    const subject = { kind: 'user', id: userId }
    await parts.audit(db, { by: BY_ITSELF, action: 'identity.closed', subject, facts })
    return true
  })
  // What had stood in for the provider stands for nobody any more.
  if (isClosed) await parts.sessions.failOver.end({ userId, reason: 'failover_ended', by: BY_ITSELF.id })
}
