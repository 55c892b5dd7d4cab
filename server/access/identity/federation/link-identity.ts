import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import { issuersOf, type ProvenIdentity } from '../../providers/index.ts'
import type { Came } from '../fail-over/may-enter.ts'
import { assertMayJoin } from '../fail-over/may-join.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { LINKED_MAX, type LinkedIdentity, saidOf } from './linked-identity.ts'
import * as queries from './queries.ts'
import { sealRefresh } from './refresh-token.ts'

export interface Linking {
  userId: string
  identity: ProvenIdentity
  /** By what it was shown that both are one person: a code to the address, a sign-in here, or the provider's word for it. */
  shownBy: 'code' | 'session' | 'provider'
  /** How whoever does it has shown that the account is theirs; not by what is being joined. */
  came: Came
}

/**
 * Joins who somebody is elsewhere to their account, in the transaction of whoever has shown that both are one person; the
 * account is locked there. What is joined already stays where it is: nobody takes it away from somebody.
 */
export async function linkIdentity(
  parts: Parts,
  db: Queries,
  call: Call,
  { userId, identity, shownBy, came }: Linking,
): Promise<{ linked: LinkedIdentity; isNew: boolean }> {
  const now = parts.clock.now()
  const { issuer, subject, provider_id } = identity
  const held = await queries.findLinked(db, { issuer, subject })
  if (held) return { linked: await proveAgain(parts, db, held, { userId, identity }), isNew: false }
  const others = await queries.linkedOf(db, userId)
  assertNotAnother(others, identity)
  await assertMayJoin(parts, db, { userId, links: others, came })
  if (others.length >= LINKED_MAX) throw refuse('too_many_linked', { most: LINKED_MAX })

  const refresh_sealed = sealRefresh(parts.secret, identity)
  const id = newId('lid', now)
  const made = { id, user_id: userId, provider_id, issuer, subject, ...saidOf(identity), refresh_sealed }
  const linked = await queries.insertLinked(db, made, await parts.sharedNow(db))
  if (!linked) throw refuse('linked_elsewhere')
  const facts = { identity: linked.id, provider: provider_id, shown_by: shownBy }
  await parts.signal(db, { kind: 'identity.linked', subject: userId, facts })
  const target = { kind: 'user', id: userId }
  await parts.audit(db, { by: byCaller(call, userId), action: 'identity.linked', subject: target, facts })
  return { linked, isNew: true }
}

/**
 * Somebody who is known at a provider is not known there as somebody else too, however that was shown: where an organisation
 * takes nothing but this provider, a colleague who reads the mailbox would come in as them.
 */
function assertNotAnother(held: readonly LinkedIdentity[], { provider_id, issuer }: ProvenIdentity): void {
  if (held.some((each) => each.provider_id === provider_id || each.issuer === issuer)) throw refuse('linked_otherwise')
}

async function proveAgain(
  parts: Parts,
  db: Queries,
  held: LinkedIdentity,
  { userId, identity }: { userId: string; identity: ProvenIdentity },
): Promise<LinkedIdentity> {
  if (held.user_id !== userId) throw refuse('linked_elsewhere')
  const linked = await noteProved(parts, db, held, identity)
  if (!linked) throw refuse('linked_elsewhere')
  return linked
}

/** After a full round-trip. Undefined: the link was taken away meanwhile. */
export async function noteProved(parts: Parts, db: Queries, held: LinkedIdentity, identity: ProvenIdentity) {
  const provider_id = vouching(parts, held, identity)
  const refresh_sealed = sealRefresh(parts.secret, identity)
  const proved = { id: held.id, provider_id, ...saidOf(identity), refresh_sealed }
  return queries.noteProved(db, proved, await parts.sharedNow(db))
}

/**
 * Under which provider somebody is known: from one that stands for their issuer no longer they go over to the one that does, and
 * from one that stands for it nobody takes them. That there is one alone, the settings see to; what they were is known here for
 * seconds after they were changed.
 */
function vouching({ providers }: Parts, { provider_id, issuer }: LinkedIdentity, identity: ProvenIdentity): string {
  const before = providers.find(provider_id)
  if (provider_id === identity.provider_id || !before || !issuersOf(before).includes(issuer)) {
    return identity.provider_id
  }
  throw refuse('linked_otherwise')
}
