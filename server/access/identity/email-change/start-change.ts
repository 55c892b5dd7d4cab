import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/id.ts'
import { lockUser } from '../accounts/queries.ts'
import { noUser } from '../accounts/list-users.ts'
import type { Email } from '../email.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import type { User } from '../user.ts'
import { CODE_LIFE_MS, type EmailChange, LINK_LIFE_MS, type Proof } from './email-change.ts'
import * as mails from './mails.ts'
import * as queries from './queries.ts'

export interface StartChange {
  userId: string
  by: By
  email: Email
  proof: Proof
  /** In which the code works; a link works in any. */
  browserDigest: Buffer | null
  /** In which the code is typed; a link needs none. */
  sessionId: string | null
  /** Where our pages are for whoever reads the mail. */
  pagesUrl: string
  language: string | undefined
}

/**
 * Begins a change of address within the caller's transaction; `tell` sends its mails once that is committed.
 *
 * The new address has to be proven. One that has an account already gets a mail that says so, and the asker the same
 * answer as always: who has an account is told to the owner of the mailbox alone.
 */
export async function startChange(
  parts: Parts,
  db: Queries,
  input: StartChange,
): Promise<{ change: EmailChange; tell(): void }> {
  const { userId, by, email, proof } = input
  const now = parts.clock.now()
  const user = await lockUser(db, userId)
  if (!user) throw noUser(userId)
  if (user.email === email.address) throw refuse('same_email')
  const hits = [
    { limit: limits.changeByPerson, subject: userId },
    { limit: limits.mailToAddress, subject: email.key },
  ]
  await parts.limiter.pass(db, hits, now)
  const change = changeOf(user, input, now)
  change.is_possible = await isFree(db, change, now)
  await queries.replaceChanges(db, userId, now)
  await queries.insertChange(db, change)
  const facts = { change: change.id, proof }
  await parts.signal(db, { kind: 'user.email-change-requested', subject: userId, facts: { ...facts, by: by.id } })
  await parts.audit(db, { by, action: 'user.email-change-requested', subject: { kind: 'user', id: userId }, facts })
  return { change, tell: () => mails.tellStarted(parts, { change, user, ...input }) }
}

/** Nobody else has the address, and nobody may take it back. */
export async function isFree(db: Queries, change: EmailChange, now: Date): Promise<boolean> {
  const { new_email_key: emailKey, user_id: exceptUserId } = change
  // Both are asked, always: an address that is free takes no longer than one that has an account.
  const hasAccount = await queries.hasAccount(db, emailKey, exceptUserId)
  const isReserved = await queries.isReserved(db, { emailKey, exceptUserId }, now)
  return !hasAccount && !isReserved
}

function changeOf(user: User, { email, proof, by, browserDigest, sessionId }: StartChange, now: Date): EmailChange {
  return {
    id: newId('emc', now),
    user_id: user.id,
    requested_by: by.id,
    proof,
    browser_digest: browserDigest,
    session_id: sessionId,
    old_email: user.email,
    old_email_key: user.email.toLowerCase(),
    new_email: email.address,
    new_email_key: email.key,
    is_possible: true,
    attempts: 0,
    created_at: now,
    expires_at: new Date(now.getTime() + (proof === 'code' ? CODE_LIFE_MS : LINK_LIFE_MS)),
    replaced_at: null,
    confirmed_at: null,
    undo_until: null,
    undone_at: null,
  }
}
