import type { Static } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { type Answer, type Call, empty, json } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import { noUser } from '../accounts/list-users.ts'
import { lockUser } from '../accounts/queries.ts'
import { appendTombstone } from '../accounts/tombstones.ts'
import { assertMayChangeWaysOf } from '../accounts/protect-staff.ts'
import type { Parts } from '../parts.ts'
import { passkeyShown } from '../passkeys/shapes.ts'
import { passkeysOf } from '../passkeys/queries.ts'
import { codesOf } from '../recovery-codes/queries.ts'
import { refuse } from '../refusals.ts'
import { tellUnlinked } from './mails.ts'
import type { LinkedIdentity } from './linked-identity.ts'
import * as queries from './queries.ts'
import { type Closing, linkedShown } from './shapes.ts'

type StaffCall = Call<unknown, unknown, { id: string; identity: string }>
type ClosingCall = StaffCall & Call<Static<typeof Closing>>

/** `GET /v1/users/{id}/sign-in-methods`: by what somebody can sign in, for support. */
export async function methodsOf(parts: Parts, userId: string): Promise<Answer> {
  const { db } = parts
  const address = await queries.addressOf(db, userId)
  if (!address) throw noUser(userId)
  const codes = await codesOf(db, userId)
  return json(200, {
    email: address,
    passkeys: (await passkeysOf(db, userId)).map(passkeyShown),
    linked_identities: (await queries.linkedOf(db, userId)).map((linked) => linkedShown(parts, linked)),
    recovery_codes_left: codes.filter(({ used_at }) => used_at === null).length,
  })
}

/**
 * `POST /v1/users/{id}/linked-identities/{identity}/close`: from now on the provider alone lets the person in by it; in an outage
 * nothing stands in for it. Works while the provider is down, and holds until it is reopened by hand: also for what the person
 * links there instead.
 */
export async function closeLinked(parts: Parts, call: ClosingCall): Promise<Answer> {
  const by = call.actor!.id
  const ends: { tell(): Promise<void> }[] = []
  const answer = await changed(parts, call, 'identity.closed', async (db, { id, userId }) => {
    const closed = await queries.closeLinked(db, { id, userId, reason: 'administrator', by }, parts.clock.now())
    if (!closed) return undefined
    await queries.keepClosing(db, closed)
    // What has come in by it meanwhile goes too, with it or not at all.
    const { provider_id: standsInFor } = closed
    ends.push(await parts.sessions.failOver.endWithin(db, { userId, standsInFor, reason: 'revoked', by }))
    return closed
  })
  for (const { tell } of ends) await tell()
  return answer
}

/** `POST /v1/users/{id}/linked-identities/{identity}/reopen`. */
export const reopenLinked = (parts: Parts, call: ClosingCall): Promise<Answer> =>
  changed(parts, call, 'identity.reopened', async (db, whose) => {
    const opened = await queries.reopenLinked(db, whose)
    if (opened) await queries.dropClosing(db, opened)
    return opened
  })

/**
 * `DELETE /v1/users/{id}/linked-identities/{identity}`: for whoever their provider made anew, with another subject. They come
 * in by it again once they have proven their address. What was closed is closed again when they do.
 */
export async function removeLinked(parts: Parts, call: StaffCall): Promise<Answer> {
  const { id: userId, identity: id } = call.params
  const { user, removed } = await parts.db.transaction(async (db) => {
    await assertMayChangeWaysOf(db, call, { userId, path: '/account/linked-identities' })
    const user = await lockUser(db, userId)
    if (!user) throw noUser(userId)
    const removed = await queries.deleteLinked(db, { id, userId })
    if (!removed) throw refuse('no_linked_identity')
    await appendTombstone(db, parts.folder, { linked_identity_id: id, at: parts.clock.now().toISOString() })
    const facts = { identity: id, provider: removed.provider_id }
    await parts.signal(db, { kind: 'identity.unlinked', subject: userId, facts: { ...facts, by: call.actor!.id } })
    const subject = { kind: 'user', id: userId }
    await parts.audit(db, { by: byCaller(call), action: 'identity.unlinked', subject, facts })
    return { user, removed }
  })
  const provider = parts.providers.find(removed.provider_id)?.name ?? removed.issuer
  tellUnlinked(parts, { user, provider, pagesUrl: parts.config.url })
  return empty(204)
}

type Change = (db: Queries, whose: { id: string; userId: string }) => Promise<LinkedIdentity | undefined>

function changed(parts: Parts, call: ClosingCall, action: string, change: Change): Promise<Answer> {
  return once(parts, call, async (db) => {
    const { id: userId, identity: id } = call.params
    await assertMayChangeWaysOf(db, call, { userId, path: '/account/linked-identities' })
    if (!(await lockUser(db, userId))) throw noUser(userId)
    const linked = await change(db, { id, userId })
    if (!linked) throw refuse('no_linked_identity')
    const facts = { identity: id, provider: linked.provider_id }
    await parts.signal(db, { kind: action, subject: userId, facts: { ...facts, by: call.actor!.id } })
    const subject = { kind: 'user', id: userId }
    await parts.audit(db, { by: byCaller(call), action, subject, facts: { ...facts, reason: call.body.reason } })
    return json(200, linkedShown(parts, linked))
  })
}
