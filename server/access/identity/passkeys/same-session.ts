import type { Actor } from '../../../platform/http/index.ts'
import type { SessionRow } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { assertStrongest } from './strongest.ts'

export interface Begun {
  /** The session that began it; null: the previous release began it, and said of none. */
  sessionId: string | null
  /** How long ago the person may have proved who they are: for as long as it took to begin, and for the way since. */
  freshWithinMs: number
  refusal: 'passkey_other_browser' | 'departure_other_browser'
}

/**
 * For what is rooted in the session that finishes it: that has to be the one that began it, still fresh, and still proven by the
 * strongest method its person has. Two sessions of one person are never put together, a fresh one and another that is worth more.
 * By its row: what a process remembers of a session may be from before its newest sign-in.
 */
export async function assertSameSession(
  parts: Parts,
  actor: Actor,
  { sessionId, freshWithinMs, refusal }: Begun,
): Promise<SessionRow> {
  if (actor.sessionId === null || actor.sessionId !== sessionId) throw refuse(refusal)
  const row = await assertStrongest(parts, actor)
  const agedMs = parts.clock.now().getTime() - row.authenticated_at.getTime()
  if (agedMs > freshWithinMs || row.stands_in_for !== null) throw refuse(refusal)
  return row
}
