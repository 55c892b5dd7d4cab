import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { belongingsOf, nameOf } from './decide-entry.ts'
import * as queries from './queries.ts'

/**
 * Whether a mailed code may join another identity of a provider to an account that is known there already. Where an organisation
 * demands that provider, it may not: whoever reads the mailbox could bring an account of their own at the same provider, and
 * come through the one door that was to be more than a mailbox. A first identity has nothing but the mailbox to be known by.
 */
export async function assertMayJoin(
  parts: Parts,
  db: Queries,
  { userId, providerId }: { userId: string; providerId: string },
): Promise<void> {
  const links = await queries.linksOf(db, userId)
  // One that an administrator has closed makes room for another: somebody's account there may really be a new one.
  if (!links.some(({ provider_id, closed_at }) => provider_id === providerId && closed_at === null)) return
  const belongings = (await belongingsOf(parts, db, userId)) ?? []
  const isDemanded = belongings.some(({ policy }) => policy.demands === 'provider' && policy.provider_id === providerId)
  if (isDemanded) throw refuse('link_demanded', { provider: nameOf(parts, providerId) })
}
