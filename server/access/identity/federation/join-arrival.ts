import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import type { Challenge } from '../challenge.ts'
import type { Admitted } from '../complete-sign-in.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { unsealIdentity } from './arrival.ts'
import { BY_CODE } from '../fail-over/may-join.ts'
import { linkIdentity } from './link-identity.ts'
import { profileOf } from './linked-identity.ts'
import { passkeysOf } from '../passkeys/queries.ts'
import { isStrongest } from '../passkeys/strongest.ts'
import { proofOf, withCode } from './proof.ts'
import * as queries from './queries.ts'

interface Joining {
  call: Call
  challenge: Challenge
  admitted: Admitted
}

/**
 * Where a mail's code or link was asked for by somebody who had come back from a provider: their address is proven now, and
 * what they are there is joined to its account, in the transaction that lets them in. Nobody came back, or the account is
 * not open: nothing is joined.
 */
export async function joinArrival(
  parts: Parts,
  db: Queries,
  { call, challenge, admitted }: Joining,
): Promise<Partial<Pick<Admitted, 'user' | 'proof' | 'joined'>>> {
  const { arrival_id: id, browser_digest: browserDigest } = challenge
  const { user } = admitted
  if (id === null || !user || user.blocked_at || user.deletes_at) return {}
  const arrival = await queries.useArrival(db, { id, browserDigest }, parts.clock.now())
  // Waited too long: the address is proven, who they are elsewhere no longer is.
  if (!arrival) throw refuse('arrival_over')
  const provider = parts.providers.find(arrival.provider_id)
  if (!provider) throw refuse('provider_not_offered')
  const identity = unsealIdentity(parts.secret, arrival.identity_sealed)
  const proof = withCode(proofOf(provider, identity, parts.clock.now()))
  const passkeys = admitted.isNewAccount ? [] : await passkeysOf(db, user.id)
  // Whoever reads a mailbox must not get round a passkey by a way in of their own, with however many factors of their own.
  if (!isStrongest({ ...proof, acr: 'single', proven_by: provider.id }, passkeys)) throw refuse('link_needs_passkey')
  const shown = { shownBy: 'code', came: BY_CODE } as const
  const { isNew } = await linkIdentity(parts, db, call, { userId: user.id, identity, ...shown })
  if (admitted.isNewAccount) return { proof, user: await queries.nameNewUser(db, user.id, profileOf(identity)) }
  return { proof, ...(isNew && { joined: provider.name }) }
}
