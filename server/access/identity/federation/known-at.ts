import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../user.ts'
import { linkedOf } from './queries.ts'

/**
 * Through which providers an account was entered before its address was proven by a code or a link: on the word of a provider
 * that is trusted for it. Whoever has just proven it is told of them, but for the one that they have just joined themselves.
 */
export async function knownAt(
  { providers }: Pick<Parts, 'providers'>,
  db: Queries,
  { user, joined }: { user: Pick<User, 'id'>; joined?: string },
): Promise<string[]> {
  const linked = await linkedOf(db, user.id)
  const names = linked.map(({ provider_id, issuer }) => providers.find(provider_id)?.name ?? issuer)
  return [...new Set(names)].filter((name) => name !== joined)
}
