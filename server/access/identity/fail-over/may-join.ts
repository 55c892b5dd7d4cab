import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { belongingsOf, nameOf } from './decide-entry.ts'

/**
 * Whether somebody may add one more identity to an account that has some. Where an organisation demands a provider at which they
 * are known, only whoever has come through it may: a mailbox, or a laxer organisation of theirs, would be a way to one more door
 * of an account that was to have this one. A first identity has nothing but the mailbox to be known by.
 */
export async function assertMayJoin(
  parts: Parts,
  db: Queries,
  asked: { userId: string; links: readonly { provider_id: string }[]; provenBy: string | null },
): Promise<void> {
  const { userId, links, provenBy } = asked
  if (links.length === 0) return
  const belongings = (await belongingsOf(parts, db, userId)) ?? []
  const demanded = belongings.flatMap(({ policy }) => (policy.demands === 'provider' ? (policy.provider_id ?? []) : []))
  const [first, ...others] = demanded.filter((id) => links.some(({ provider_id }) => provider_id === id))
  if (first === undefined || [first, ...others].some((id) => id === provenBy)) return
  throw refuse('link_demanded', { provider: nameOf(parts, first) })
}
