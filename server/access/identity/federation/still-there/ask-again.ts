import { takeTurn } from '../../fail-over/turns/queries.ts'
import type { Parts } from '../../parts.ts'
import type { Provider } from '../../../providers/index.ts'
import { isManyGone, settleGone } from './gone.ts'
import { throughPortions } from './portions.ts'
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
/** A round begins no further portion after that: a stop waits three seconds for what is under way. */
const ROUND_MS = 2_000
/** Few sockets, and as few answers as a process that is killed may take along: a token that was renewed is in one of them. */
export const AT_ONCE = 5
/** One process of the installation has the turn, so that a provider gets one share of calls from all of them together. */
const TURN_MS = 10_000
/** Looked at more often, or a round that took a moment would miss its turn. */
export const LOOKED_AT_EVERY_MS = 5_000

export type AskedAgain = 'there' | 'gone' | 'unknown'

/** What its job does. */
export async function askInTurn(parts: Asking, by: string): Promise<number> {
  if (parts.providers.offered().length === 0) return 0
  const turn = { name: 'ask providers again', everyMs: TURN_MS, by }
  return (await takeTurn(parts.background, turn, parts.clock.now())) ? askAgain(parts) : 0
}

/**
 * Asks providers whether people are still there, by their refresh tokens, each once a day at most. Of somebody who is gone the
 * fall-back is closed at once: in an outage nothing stands in for the provider, and only a full round-trip opens it again.
 * A provider that has thrown its tokens away says of everybody that they are gone: then nobody is. Portion after portion, until
 * nobody is due, every provider's share of calls is spent, or the round is over.
 */
export async function askAgain(parts: Asking): Promise<number> {
  const gone: queries.Due[] = []
  const asked = await throughPortions<queries.Due>(parts.clock, {
    withinMs: ROUND_MS,
    take: () => takePortion(parts),
    async each(due) {
      if ((await askAbout(parts, due)) === 'gone') gone.push(due)
    },
  })
  for (const [providerId, theirs] of Map.groupBy(gone, ({ provider_id }) => provider_id)) {
    if (!(await isManyGone(parts, providerId, theirs.length))) await settleGone(parts, theirs)
    else for (const each of theirs) await askLater(parts, each)
  }
  return asked
}

/** Of the providers that may be asked; no more than any of them may be asked now. */
async function takePortion(parts: Asking): Promise<readonly queries.Due[]> {
  const { providers, clock, background } = parts
  const isAsked = (provider: Provider) =>
    standingOf(parts, provider).state === 'ordinary' && providers.asksLeft(provider) > 0
  const asked = providers.offered().filter(isAsked)
  if (asked.length === 0) return []
  const now = clock.now()
  const before = new Date(now.getTime() - ASKED_EVERY_MS)
  const limit = Math.min(AT_ONCE, ...asked.map((provider) => providers.asksLeft(provider)))
  return queries.takeDue(background, { providerIds: asked.map(({ id }) => id), before, now, limit })
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
