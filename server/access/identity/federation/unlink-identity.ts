import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { lockUser } from '../accounts/queries.ts'
import { appendTombstone } from '../accounts/tombstones.ts'
import { cameIn } from '../fail-over/act-for.ts'
import { belongingsOf } from '../fail-over/decide-entry.ts'
import type { Belonging } from '../fail-over/may-enter.ts'
import { assertFactorsShown } from '../fail-over/may-join.ts'
import { ownerBy } from '../owner.ts'
import type { Parts } from '../parts.ts'
import { assertStrongest } from '../passkeys/strongest.ts'
import { refuse } from '../refusals.ts'
import type { LinkedIdentity } from './linked-identity.ts'
import { tellUnlinked } from './mails.ts'
import * as queries from './queries.ts'

/**
 * Takes a linked identity away. Needs a fresh sign-in by the strongest method (ASVS 7.5.1). The mailbox stays a way in, so that
 * this is never the last one; where an organisation of the person demands this very provider it would be, and is refused.
 */
export async function unlinkIdentity(parts: Parts, call: Call, id: string): Promise<void> {
  const actor = await ownerBy(parts.sessions.guards.freshPersonAlone(), call)
  const session = await assertStrongest(parts, actor)
  const { user, removed } = await parts.db.transaction(async (db) => {
    const user = await lockUser(db, actor.id)
    const removed = user && (await queries.deleteLinked(db, { id, userId: user.id }))
    if (!removed) throw refuse('no_linked_identity')
    // Linked again it would be open: nobody takes back by it what an administrator has decided.
    if (removed.closed_reason === 'administrator') throw refuse('linked_identity_closed')
    const belongings = (await belongingsOf(parts, db, user.id)) ?? []
    // Without it another would be linked in its place.
    assertFactorsShown(parts, belongings, { links: [removed], came: await cameIn(db, session) })
    await assertNotDemanded(parts, db, { removed, belongings })
    // Before the commit: one too many names a link that is about to go; one too few would let it come back.
    await appendTombstone(db, parts.folder, { linked_identity_id: id, at: parts.clock.now().toISOString() })
    const facts = { identity: id, provider: removed.provider_id }
    await parts.signal(db, { kind: 'identity.unlinked', subject: user.id, facts })
    const subject = { kind: 'user', id: user.id }
    await parts.audit(db, { by: byCaller(call, user.id), action: 'identity.unlinked', subject, facts })
    return { user, removed }
  })
  const provider = parts.providers.find(removed.provider_id)?.name ?? removed.issuer
  tellUnlinked(parts, { user, provider, pagesUrl: `${call.origin}${call.prefix}` })
}

/** Where an organisation takes nothing but this provider, somebody without it could not come back. */
async function assertNotDemanded(
  parts: Parts,
  db: Queries,
  { removed, belongings }: { removed: LinkedIdentity; belongings: readonly Belonging[] },
): Promise<void> {
  const { user_id: userId, provider_id: providerId } = removed
  const left = await queries.linkedOf(db, userId)
  if (left.some(({ provider_id }) => provider_id === providerId)) return
  const isOnlyWay = ({ policy }: Belonging) =>
    policy.provider_id === providerId &&
    (policy.demands === 'provider' || policy.ordinary.every((way) => way === 'provider'))
  if (belongings.some(isOnlyWay)) {
    throw refuse('linked_identity_demanded', { provider: parts.providers.find(providerId)?.name ?? removed.issuer })
  }
}
