import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { closing } from '../accounts/end-sessions.ts'
import { deleteChallengesFor, lockUser, setDeletion } from '../accounts/queries.ts'
import { addressBlock } from '../limits/address-block.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../user.ts'
import { apply } from './confirm-change.ts'
import { changeState, type EmailChange, type LinkPurpose, readLinkToken } from './email-change.ts'
import * as mails from './mails.ts'
import * as queries from './queries.ts'

/** `done`: it was used before, and what it was for holds. */
export type LinkSeen =
  | { outcome: 'ready'; change: EmailChange }
  | { outcome: 'done'; change: EmailChange }
  | { outcome: 'expired' }
  | { outcome: 'unknown' }

/** What a link of a mail is good for. Changes nothing: mail scanners and previews open links too. */
export async function lookAtLink(parts: Parts, call: Call, purpose: LinkPurpose, token: string): Promise<LinkSeen> {
  const now = parts.clock.now()
  parts.limiter.passHere([{ limit: limits.linkInBlock, subject: addressBlock(call.address) }], now)
  const id = readLinkToken(parts.secret, purpose, token)
  const change = id && (await queries.findChange(parts.db, id))
  if (!change) return { outcome: 'unknown' }
  return purpose === 'prove' ? seenToProve(change, now) : seenToUndo(change, now)
}

function seenToProve(change: EmailChange, now: Date): LinkSeen {
  const state = changeState(change, now)
  if (change.proof !== 'link' || !change.is_possible) return { outcome: 'unknown' }
  if (state === 'confirmed') return { outcome: 'done', change }
  return state === 'open' ? { outcome: 'ready', change } : { outcome: 'expired' }
}

function seenToUndo(change: EmailChange, now: Date): LinkSeen {
  if (change.undone_at) return { outcome: 'done', change }
  // Asked for by staff, and not confirmed yet: the old address may refuse it beforehand.
  if (!change.confirmed_at)
    return changeState(change, now) === 'open' ? { outcome: 'ready', change } : { outcome: 'expired' }
  return now < change.undo_until! ? { outcome: 'ready', change } : { outcome: 'expired' }
}

/** The button behind the link to the new address, when staff asked for the change: every session of the person ends. */
export async function proveByLink(parts: Parts, call: Call, token: string): Promise<LinkSeen> {
  const seen = await lookAtLink(parts, call, 'prove', token)
  if (seen.outcome !== 'ready') return seen
  const { change } = seen
  const pagesUrl = `${call.origin}${call.prefix}`
  const by = byCaller(call, change.user_id)
  const done = await apply(parts, change, { by, exceptSessionId: null, pagesUrl })
  return done.outcome === 'changed' ? { outcome: 'done', change } : { outcome: 'expired' }
}

/**
 * "This was not me": the old address is put back and every session ends. No sign-in is asked for, because whoever took the
 * account over can sign in and its owner cannot. What they did since is taken back as well: later changes, a deletion.
 */
export async function undoByLink(parts: Parts, call: Call, token: string): Promise<LinkSeen> {
  const seen = await lookAtLink(parts, call, 'undo', token)
  if (seen.outcome !== 'ready') return seen
  const { change } = seen
  const ending = { userId: change.user_id, reason: 'email_changed', by: change.user_id } as const
  const user = await closing(parts, ending, (end) =>
    parts.db.transaction((db) => undo(parts, db, { call, change, end })),
  )
  if (!user) return { outcome: 'expired' }
  mails.tellUndone(parts, { user, pagesUrl: `${call.origin}${call.prefix}` })
  return { outcome: 'done', change }
}

async function undo(
  parts: Parts,
  db: Queries,
  { call, change, end }: { call: Call; change: EmailChange; end(db: Queries): Promise<number> },
): Promise<User | undefined> {
  const now = parts.clock.now()
  const { user_id: userId, old_email: address, old_email_key: key } = change
  const user = await lockUser(db, userId)
  const locked = await queries.lockChange(db, change.id)
  if (!user || !locked || seenToUndo(locked, now).outcome !== 'ready') return undefined
  if (await queries.hasAccount(db, key, userId)) return undefined

  await queries.undoChangesSince(db, userId, change.id, now)
  await deleteChallengesFor(db, user.email.toLowerCase())
  const isSwitched = locked.confirmed_at !== null
  const restored = isSwitched ? await queries.setEmail(db, userId, { address, key }, await parts.sharedNow(db)) : user
  if (isSwitched) await queries.forgetBrowsers(db, userId)
  if (user.deletes_at && user.deletes_at > now) await setDeletion(db, userId, null)
  await end(db)
  const facts = { change: change.id }
  const by = byCaller(call, userId)
  await parts.signal(db, { kind: 'user.email-change-undone', subject: userId, facts: { ...facts, by: by.id } })
  await parts.audit(db, { by, action: 'user.email-change-undone', subject: { kind: 'user', id: userId }, facts })
  return restored
}
