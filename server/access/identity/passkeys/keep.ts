import { byCaller } from '../../../ground/audit/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { ownerBy } from '../owner.ts'
import { type Passkey, readName } from './passkey.ts'
import * as queries from './queries.ts'

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

/** Needs a fresh sign-in (ASVS 7.5.1). The mailbox stays a way in, so that this is never the last one. */
export async function removePasskey(parts: Parts, call: Call, id: string): Promise<void> {
  const actor = await ownerBy(parts.sessions.guards.freshPersonAlone(), call)
  await parts.db.transaction(async (db) => {
    const removed = await queries.deletePasskey(db, id, actor.id)
    if (!removed) throw refuse('no_passkey')
    await parts.signal(db, { kind: 'passkey.removed', subject: actor.id, facts: { passkey: id } })
    const subject = { kind: 'user', id: actor.id }
    const facts = { passkey: id, name: removed.name }
    await parts.audit(db, { by: byCaller(call, actor.id), action: 'passkey.removed', subject, facts })
  })
}
