import type { Session } from '../../../../sdk/contract.ts'
import type { Actor } from '../../../platform/http/index.ts'
import type { SessionRow } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { countingOf } from './awake.ts'
import { isUsable, type Passkey } from './passkey.ts'

/** In `amr`: a recovery code was used. RFC 8176 has no word for the way out of losing everything else. */
export const BY_RECOVERY_CODE = 'recovery'

/** How a session was last proven: what it says of itself, and through which provider. */
export type Proven = Pick<Session, 'amr' | 'acr'> & { proven_by?: string | null | undefined }

/**
 * Whether whoever has these passkeys was proven by the strongest method they have. Whoever reads a mailbox must not get
 * round a passkey; a recovery code is the way out of having lost it.
 */
export function isStrongest({ amr, acr, proven_by: provider }: Proven, passkeys: readonly Passkey[]): boolean {
  if (acr === 'multiple' || amr.includes(BY_RECOVERY_CODE)) return true
  // One that was enrolled within a session of a provider may lie dormant: that provider is as good.
  return passkeys.filter(isUsable).every(({ enrolled_by_provider: by }) => by !== null && by === provider)
}

/** For what changes a way in, or the address: refused to a session that was proven by less than its person has. */
export async function assertStrongest(parts: Parts, actor: Actor): Promise<SessionRow> {
  const row = actor.sessionId === null ? undefined : await parts.sessions.find(actor.sessionId)
  if (!row) throw refuse('gone')
  const person = { userId: actor.id, audience: row.audience }
  if (!isStrongest(row, await countingOf(parts, parts.db, person))) throw refuse('passkey_needed')
  return row
}
