import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { belongingsOf, nameOf } from './decide-entry.ts'
import { type Belonging, type Came, isOrdinary, type Link } from './may-enter.ts'

interface Asked {
  userId: string
  links: readonly Pick<Link, 'provider_id'>[]
  /** How whoever asks has shown that they are this person; what they are elsewhere shows it only once it is joined. */
  came: Came
}

/** Of whoever has typed a mailed code, and nothing else that is known to be this person's. */
export const BY_CODE: Came = { way: 'email', acr: 'single', provenBy: null, passkey: null }

/**
 * Whether somebody may add one more identity to an account that has some. Where an organisation demands a provider at which they
 * are known, only whoever has come through it may: a mailbox, or a laxer organisation of theirs, would be a way to one more door
 * of an account that was to have this one. A first identity has nothing but the mailbox to be known by.
 */
export async function assertMayJoin(parts: Parts, db: Queries, asked: Asked): Promise<void> {
  const { userId, links, came } = asked
  if (links.length === 0) return
  const belongings = (await belongingsOf(parts, db, userId)) ?? []
  assertFactorsShown(parts, belongings, asked)
  const demanded = belongings.flatMap(({ policy }) => (policy.demands === 'provider' ? (policy.provider_id ?? []) : []))
  const [first, ...others] = demanded.filter((id) => links.some(({ provider_id }) => provider_id === id))
  if (first === undefined || [first, ...others].some((id) => id === came.provenBy)) return
  throw refuse('link_demanded', { provider: nameOf(parts, first) })
}

/**
 * Where an organisation demands a second factor, and somebody has a provider that shows theirs, their identities are changed by
 * what that organisation takes alone: with two factors of somebody else, joined by a mailbox, it would have been a mailbox.
 */
export function assertFactorsShown(
  { providers }: Pick<Parts, 'providers'>,
  belongings: readonly Belonging[],
  { links, came }: Pick<Asked, 'links' | 'came'>,
): void {
  const shows = ({ policy }: Belonging) =>
    links.find(
      ({ provider_id: id }) =>
        (policy.provider_id === null || policy.provider_id === id) && providers.find(id)?.trusts_factors,
    )
  const closed = belongings.find(
    (each) => each.policy.demands === 'second-factor' && shows(each) && !isOrdinary(came, each),
  )
  if (!closed) return
  const provider = providers.find(shows(closed)!.provider_id)!.name
  throw refuse('link_second_factor', { provider })
}
