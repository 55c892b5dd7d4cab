import type { Parts } from '../../parts.ts'
import { isManyGone, settleGone } from './gone.ts'
import * as queries from './queries.ts'
import { isGoodAt, sealRefresh, unsealRefresh } from '../refresh-token.ts'
import { standingOf } from '../show-provider.ts'

export type Asking = Pick<
  Parts,
  'background' | 'providers' | 'clock' | 'secret' | 'signal' | 'audit' | 'log' | 'sessions'
>

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
 * A provider that has thrown its tokens away says of everybody that they are gone: then nobody is.
 */
export async function askAgain(parts: Asking): Promise<number> {
  const { providers, clock } = parts
  const asked = providers.offered().filter((provider) => standingOf(parts, provider).state === 'ordinary')
  if (asked.length === 0) return 0
  const now = clock.now()
  const before = new Date(now.getTime() - ASKED_EVERY_MS)
  const providerIds = asked.map(({ id }) => id)
  const due = await queries.takeDue(parts.background, { providerIds, before, now, limit: ROUND_MAX })
  const gone: queries.Due[] = []
  for (const each of due) if ((await askAbout(parts, each)) === 'gone') gone.push(each)
  for (const [providerId, theirs] of Map.groupBy(gone, ({ provider_id }) => provider_id)) {
    if (!(await isManyGone(parts, providerId, theirs.length))) await settleGone(parts, theirs)
    else for (const each of theirs) await askLater(parts, each)
  }
  return due.length
}

async function askAbout(parts: Asking, due: queries.Due): Promise<AskedAgain> {
  const { secret, background, clock } = parts
  const provider = parts.providers.find(due.provider_id)
  if (!provider?.is_enabled) return 'unknown'
  const kept = unsealRefresh(secret, due.refresh_sealed)
  const { id, refresh_sealed: was } = due
  if (!isGoodAt(provider, kept)) {
    await queries.dropRefresh(background, { id, was })
    return 'unknown'
  }
  const askedAt = clock.now()
  const said = await parts.providers.askAgain(provider, kept.refresh_token)
  if (said.outcome === 'there') {
    const refreshSealed = sealRefresh(secret, { ...kept, refresh_token: said.refreshToken }) ?? was
    await queries.noteAskedAgain(background, { id, was, refreshSealed, askedAt })
  } else if (said.outcome === 'unknown') await askLater(parts, due)
  return said.outcome
}

/** Within the hour. */
async function askLater({ background, clock }: Asking, { id, refresh_sealed: was }: queries.Due): Promise<void> {
  const askedAt = new Date(clock.now().getTime() - ASKED_EVERY_MS + ASKED_AGAIN_MS)
  await queries.noteAskedAgain(background, { id, was, refreshSealed: was, askedAt })
}
