import { CONSOLE_AUDIENCE } from '../../../ground/applications/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { belongingsOf, factsFrom } from '../fail-over/decide-entry.ts'
import { mayEnter } from '../fail-over/may-enter.ts'
import { addressOf, linksOf } from '../fail-over/queries.ts'
import type { Parts } from '../parts.ts'
import { enrolledAs, isUsable, type Passkey } from './passkey.ts'
import * as queries from './queries.ts'

/**
 * Which of somebody's passkeys would let them in at this moment. The others lie dormant, or are of use in no organisation of theirs:
 * to ask for one would be to ask for what is refused. Of verdicts it asks memory; what counts is decided when one is shown.
 */
export async function awakeAmong<Held extends Passkey>(
  parts: Parts,
  db: Queries,
  { userId, audience }: { userId: string; audience: string },
  passkeys: readonly Held[],
): Promise<Held[]> {
  const usable = passkeys.filter(isUsable)
  if (usable.length === 0 || audience === CONSOLE_AUDIENCE) return usable
  const belongings = await belongingsOf(parts, db, userId)
  if (!belongings) return usable
  const [links, address] = await Promise.all([linksOf(db, userId), addressOf(db, userId)])
  if (!address) return []
  const ids = new Set(belongings.flatMap(({ policy }) => policy.provider_id ?? []))
  const verdicts = new Map([...ids].map((id) => [id, parts.providers.verdictOf(id)]))
  const facts = factsFrom(parts, { links, address, verdicts, now: parts.clock.now() })
  const came = { way: 'passkey', acr: 'multiple', provenBy: null } as const
  return usable.filter((each) => !mayEnter({ ...came, passkey: enrolledAs(each) }, belongings, facts).isRefused)
}

/**
 * Those by which it is told whether somebody was proven by the strongest they have. One that nothing takes is no such method: whoever
 * is let in by their provider alone could otherwise change nothing any more. One of a provider that lies dormant counts, for that
 * provider is as good. Of whoever works in the console all count, for there each of them opens: a provider that could make one more
 * would let itself in to everybody.
 */
export async function countingOf(
  parts: Parts,
  db: Queries,
  person: { userId: string; audience: string },
): Promise<Passkey[]> {
  const usable = (await queries.passkeysOf(db, person.userId)).filter(isUsable)
  if (parts.administrators.has(person.userId)) return usable
  const awake = new Set(await awakeAmong(parts, db, person, usable))
  return usable.filter((each) => each.enrolled_by_provider !== null || awake.has(each))
}
