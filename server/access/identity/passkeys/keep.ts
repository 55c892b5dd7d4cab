import { type By, byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { closing } from '../accounts/end-sessions.ts'
import { assertMayChangeWaysOf } from '../accounts/protect-staff.ts'
import { appendTombstone } from '../accounts/tombstones.ts'
import { ownerBy } from '../owner.ts'
import type { Parts } from '../parts.ts'
import { findUser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import { tellMethod } from './mails.ts'
import { type Passkey, readName } from './passkey.ts'
import * as queries from './queries.ts'
import { assertStrongest } from './strongest.ts'

/** Whoever is signed in sees theirs; so does support that acts for them. */
export async function listPasskeys(parts: Parts, userId: string): Promise<Passkey[]> {
  return queries.passkeysOf(parts.db, userId)
}

export async function renamePasskey(
  parts: Parts,
  call: Call,
  { id, name: typed }: { id: string; name: string },
): Promise<Passkey> {
  const actor = await ownerBy(parts.sessions.guards.personAlone, call)
  const name = readName(typed)
  if (name === undefined) throw refuse('bad_passkey_name')
  return parts.db.transaction(async (db) => {
    const renamed = await queries.renamePasskey(db, { id, userId: actor.id, name })
    if (!renamed) throw refuse('no_passkey')
    const subject = { kind: 'user', id: actor.id }
    await parts.audit(db, {
      by: byCaller(call, actor.id),
      action: 'passkey.renamed',
      subject,
      facts: { passkey: id, name },
    })
    return renamed
  })
}

/** By staff, for whoever has lost it and everything else that could confirm them. */
export async function removePasskeyOf(
  parts: Parts,
  call: Call,
  { userId, id }: { userId: string; id: string },
): Promise<void> {
  const by = byCaller(call)
  const removed = await parts.db.transaction(async (db) => {
    await assertMayChangeWaysOf(db, call, { userId, path: '/account/passkeys' })
    return takeAway(parts, db, { id, userId, by, facts: { by: by.id } })
  })
  const user = await findUser(parts.db, userId)
  if (user) tellMethod(parts, call, user, { kind: 'removed', passkey: removed.name })
}

interface TakeAway {
  id: string
  userId: string
  by: By
  facts: Record<string, unknown>
}

async function takeAway(parts: Parts, db: Queries, { id, userId, by, facts }: TakeAway): Promise<Passkey> {
  const removed = await queries.deletePasskey(db, id, userId)
  if (!removed) throw refuse('no_passkey')
  // Before the commit: one too many names a key that is about to go; one too few would let it come back.
  await appendTombstone(db, parts.folder, { passkey_id: id, at: parts.clock.now().toISOString() })
  await parts.signal(db, { kind: 'passkey.removed', subject: userId, facts: { passkey: id } })
  const subject = { kind: 'user', id: userId }
  await parts.audit(db, {
    by,
    action: 'passkey.removed',
    subject,
    facts: { passkey: id, name: removed.name, ...facts },
  })
  return removed
}

/** After a restore, where nobody knows whether it had been removed: its owner says that it is still theirs. */
export async function confirmPasskey(parts: Parts, call: Call, id: string): Promise<Passkey> {
  const actor = await ownerBy(parts.sessions.guards.freshPersonAlone(), call)
  await assertStrongest(parts, actor)
  return parts.db.transaction(async (db) => {
    const confirmed = await queries.confirmPasskey(db, id, actor.id)
    if (!confirmed) throw refuse('no_passkey')
    const subject = { kind: 'user', id: actor.id }
    const facts = { passkey: id, name: confirmed.name }
    await parts.audit(db, { by: byCaller(call, actor.id), action: 'passkey.confirmed', subject, facts })
    return confirmed
  })
}

/** All of theirs at once: after a restore each of them asks the same. */
export async function confirmPasskeys(parts: Parts, call: Call): Promise<Passkey[]> {
  const actor = await ownerBy(parts.sessions.guards.freshPersonAlone(), call)
  await assertStrongest(parts, actor)
  return parts.db.transaction(async (db) => {
    const confirmed = await queries.confirmPasskeys(db, actor.id)
    const subject = { kind: 'user', id: actor.id }
    const by = byCaller(call, actor.id)
    for (const { id, name } of confirmed) {
      await parts.audit(db, { by, action: 'passkey.confirmed', subject, facts: { passkey: id, name } })
    }
    return confirmed
  })
}

/**
 * Needs a fresh sign-in by the strongest method (ASVS 7.5.1), and ends the person's other sessions where they say so
 * (ASVS 7.4.3). The mailbox stays a way in, so that this is never the last one.
 */
export async function removePasskey(
  parts: Parts,
  call: Call,
  { id, endsOthers }: { id: string; endsOthers: boolean },
): Promise<void> {
  const actor = await ownerBy(parts.sessions.guards.freshPersonAlone(), call)
  await assertStrongest(parts, actor)
  const by = byCaller(call, actor.id)
  const ending = { userId: actor.id, exceptSessionId: actor.sessionId, by: actor.id } as const
  const removed = await closing(parts, { ...ending, reason: 'signed_out_elsewhere' }, (end) =>
    parts.db.transaction(async (db) => {
      const endedSessions = endsOthers ? await end(db) : 0
      return takeAway(parts, db, { id, userId: actor.id, by, facts: { ended_sessions: endedSessions } })
    }),
  )
  const user = await findUser(parts.db, actor.id)
  if (user) tellMethod(parts, call, user, { kind: 'removed', passkey: removed.name })
}
