import { type By, byCaller } from '../../../ground/audit/index.ts'
import { DatabaseOutage, type Queries, sqlStateOf } from '../../../platform/database/index.ts'
import type { Actor, Call } from '../../../platform/http/index.ts'
import { sameDigest } from '../../../platform/secret.ts'
import { closing } from '../accounts/end-sessions.ts'
import { lockUser } from '../accounts/queries.ts'
import { readCode } from '../challenge.ts'
import { addressBlock } from '../limits/address-block.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import { assertStrongest } from '../passkeys/strongest.ts'
import { sessionUser, type User } from '../user.ts'
import { ATTEMPTS_MAX, changeState, type EmailChange, isCodeOf, UNDO_MS } from './email-change.ts'
import * as mails from './mails.ts'
import * as queries from './queries.ts'
import { isFree } from './start-change.ts'

export interface ConfirmByCode {
  changeId: string
  /** Whose session began it, and goes on; every other one of the person ends. */
  actor: Actor
  code: string
  browserDigest: Buffer | undefined
}

export type Confirmed =
  | { outcome: 'changed'; user: User }
  | { outcome: 'wrong'; attemptsLeft: number }
  | { outcome: 'malformed' | 'expired' | 'spent' | 'other-browser' }

/** Changes the address by the code of the mail to the new one. An attempt is counted and committed before it is compared. */
export async function confirmByCode(parts: Parts, call: Call, input: ConfirmByCode): Promise<Confirmed> {
  const code = readCode(input.code)
  if (input.browserDigest === undefined) return { outcome: 'other-browser' }
  if (code === undefined) return { outcome: 'malformed' }
  const hits = [
    { limit: limits.codeInBrowser, subject: input.browserDigest },
    { limit: limits.codeInBlock, subject: addressBlock(call.address) },
  ]
  parts.limiter.passHere(hits, parts.clock.now())
  try {
    // Once more: they may have got a passkey while the mail was on its way.
    await assertStrongest(parts, input.actor)
    const counted = await parts.db.transaction((db) => countAttempt(parts, db, input))
    if (counted.outcome !== 'counted') return counted
    const { change, attemptsLeft } = counted
    const isRight = change.is_possible && isCodeOf(parts.secret, change.id, code)
    if (!isRight) return attemptsLeft === 0 ? { outcome: 'spent' } : { outcome: 'wrong', attemptsLeft }
    const { id: userId, sessionId } = input.actor
    return await apply(parts, change, {
      by: byCaller(call, userId),
      exceptSessionId: sessionId,
      pagesUrl: `${call.origin}${call.prefix}`,
    })
  } catch (error) {
    if (error instanceof DatabaseOutage) parts.limiter.giveBackHere(hits)
    throw error
  }
}

type Counted =
  | { outcome: 'counted'; change: EmailChange; attemptsLeft: number }
  | { outcome: 'expired' | 'spent' | 'other-browser' }

async function countAttempt(parts: Parts, db: Queries, input: ConfirmByCode): Promise<Counted> {
  const now = parts.clock.now()
  const change = await queries.lockChange(db, input.changeId)
  if (change?.user_id !== input.actor.id || change.proof !== 'code') return { outcome: 'expired' }
  // Neither counted nor compared: from elsewhere nobody can use up the attempts, or learn whether a code was right.
  if (!sameDigest(change.browser_digest!, input.browserDigest!)) return { outcome: 'other-browser' }
  if (change.session_id !== input.actor.sessionId) return { outcome: 'other-browser' }
  const state = changeState(change, now)
  if (state === 'over' || state === 'undone') return { outcome: 'expired' }
  const attempts = await queries.countAttempt(db, change.id, now)
  if (attempts === undefined) return { outcome: now >= change.expires_at ? 'expired' : 'spent' }
  return { outcome: 'counted', change, attemptsLeft: ATTEMPTS_MAX - attempts }
}

export interface Applying {
  by: By
  exceptSessionId: string | null
  pagesUrl: string
}

/**
 * Switches the address in one transaction, with the end of all other sessions; then tells both mailboxes. A proof that is
 * shown again, because the answer to its COMMIT was lost, changes nothing more and sends the mails that may be missing.
 */
export async function apply(
  parts: Parts,
  { id, user_id: userId }: EmailChange,
  { by, exceptSessionId, pagesUrl }: Applying,
): Promise<{ outcome: 'changed'; user: User } | { outcome: 'expired' }> {
  try {
    const ending = { userId, exceptSessionId, reason: 'email_changed', by: by.id } as const
    const done = await closing(parts, ending, (end) =>
      parts.db.transaction((db) => switchEmail(parts, db, { id, userId, by, end })),
    )
    if (!done) return { outcome: 'expired' }
    // Once more, outside: what this process remembers of the sessions has the old address.
    await parts.sessions.updatePerson(sessionUser(done.user))
    mails.tellChanged(parts, { ...done, pagesUrl })
    return { outcome: 'changed', user: done.user }
  } catch (error) {
    // Somebody made an account with that address at this very moment.
    if (sqlStateOf(error) === '23505') return { outcome: 'expired' }
    throw error
  }
}

async function switchEmail(
  parts: Parts,
  db: Queries,
  input: { id: string; userId: string; by: By; end(db: Queries): Promise<number> },
): Promise<{ user: User; change: EmailChange } | undefined> {
  const now = parts.clock.now()
  const user = await lockUser(db, input.userId)
  const change = await queries.lockChange(db, input.id)
  if (!user || !change) return undefined
  const state = changeState(change, now)
  if (state === 'confirmed') return { user, change }
  if (state !== 'open' || user.blocked_at || user.deletes_at) return undefined
  if (!(await isFree(db, change, now))) return undefined

  const to = { address: change.new_email, key: change.new_email_key }
  const changed = await queries.setEmail(db, user.id, to, await parts.sharedNow(db))
  const undoUntil = new Date(now.getTime() + UNDO_MS)
  await queries.confirmChange(db, change.id, { now, undoUntil })
  await input.end(db)
  await parts.sessions.within(db).updatePerson(sessionUser(changed))
  const facts = { change: change.id }
  await parts.signal(db, { kind: 'user.email-changed', subject: user.id, facts: { ...facts, by: input.by.id } })
  await parts.audit(db, { by: input.by, action: 'user.email-changed', subject: { kind: 'user', id: user.id }, facts })
  return { user: changed, change: { ...change, confirmed_at: now, undo_until: undoUntil } }
}
