import { type Queries, sql } from '../../../platform/database/index.ts'
import type { User } from '../user.ts'
import { ATTEMPTS_MAX, type EmailChange } from './email-change.ts'

const columns = sql`id, user_id, requested_by, proof, browser_digest, session_id, old_email, old_email_key, new_email, new_email_key,
           is_possible, attempts, created_at, expires_at, replaced_at, confirmed_at, undo_until, undone_at`

export async function insertChange(db: Queries, made: EmailChange): Promise<void> {
  await db.run(sql`
    insert into identity.email_change
           (id, user_id, requested_by, proof, browser_digest, old_email, old_email_key, new_email, new_email_key,
            is_possible, created_at, expires_at, session_id)
    values (${made.id}, ${made.user_id}, ${made.requested_by}, ${made.proof}, ${made.browser_digest}, ${made.old_email},
            ${made.old_email_key}, ${made.new_email}, ${made.new_email_key}, ${made.is_possible}, ${made.created_at},
            ${made.expires_at}, ${made.session_id})`)
}

/** Only the newest can be confirmed. */
export async function replaceChanges(db: Queries, userId: string, now: Date): Promise<void> {
  await db.run(sql`
    update identity.email_change
       set replaced_at = ${now}
     where user_id = ${userId}
       and confirmed_at is null
       and replaced_at is null`)
}

export async function findChange(db: Queries, id: string): Promise<EmailChange | undefined> {
  return db.maybe<EmailChange>(sql`
    select ${columns}
      from identity.email_change
     where id = ${id}`)
}

export async function lockChange(db: Queries, id: string): Promise<EmailChange | undefined> {
  return db.maybe<EmailChange>(sql`
    select ${columns}
      from identity.email_change
     where id = ${id}
       for update`)
}

/** The newest that this person began in this browser. */
export async function newestChange(
  db: Queries,
  userId: string,
  browserDigest: Buffer,
): Promise<EmailChange | undefined> {
  return db.maybe<EmailChange>(sql`
    select ${columns}
      from identity.email_change
     where user_id = ${userId}
       and browser_digest = ${browserDigest}
     order by id desc
     limit 1`)
}

/** Counts an attempt and answers how many there were; undefined: there is none left, or the change is over. */
export async function countAttempt(db: Queries, id: string, now: Date): Promise<number | undefined> {
  const row = await db.maybe<{ attempts: number }>(sql`
    update identity.email_change
       set attempts = attempts + 1
     where id = ${id}
       and replaced_at is null
       and undone_at is null
       and expires_at > ${now}
       and attempts < ${ATTEMPTS_MAX}
    returning attempts`)
  return row?.attempts
}

export async function confirmChange(db: Queries, id: string, at: { now: Date; undoUntil: Date }): Promise<void> {
  await db.run(sql`
    update identity.email_change
       set confirmed_at = ${at.now},
           undo_until = ${at.undoUntil}
     where id = ${id}`)
}

/** This change and all that came after it: what is built on a change that was taken back goes with it. */
export async function undoChangesSince(db: Queries, userId: string, sinceId: string, now: Date): Promise<void> {
  await db.run(sql`
    update identity.email_change
       set undone_at = ${now}
     where user_id = ${userId}
       and id >= ${sinceId}
       and undone_at is null`)
}

export async function setEmail(
  db: Queries,
  userId: string,
  email: { address: string; key: string },
  since: Date | null,
): Promise<User> {
  return db.one<User>(sql`
    update identity.user
       set email = ${email.address},
           email_key = ${email.key},
           email_since = ${since},
           email_proved_at = ${since},
           email_asserted_by = null,
           email_asserted_at = null
     where id = ${userId}
    returning id, email, name, picture_url, locale, time_zone, metadata_public, metadata_private, created_at,
              last_sign_in_at, blocked_at, blocked_reason, deletes_at, email_since`)
}

export async function hasAccount(db: Queries, emailKey: string, exceptUserId: string): Promise<boolean> {
  const { found } = await db.one<{ found: boolean }>(sql`
    select exists (
      select from identity.user
       where email_key = ${emailKey}
         and id <> ${exceptUserId}) as found`)
  return found
}

/** For a question about an address: somebody had it until lately and may take it back; nobody else may have it meanwhile. */
export const reserved = (emailKey: string, exceptUserId: string, now: Date) => sql`
    exists (
      select from identity.email_change
       where old_email_key = ${emailKey}
         and confirmed_at is not null
         and undone_at is null
         and undo_until > ${now}
         and user_id <> ${exceptUserId})`

export async function isReserved(
  db: Queries,
  { emailKey, exceptUserId }: { emailKey: string; exceptUserId: string },
  now: Date,
): Promise<boolean> {
  const { found } = await db.one<{ found: boolean }>(sql`select ${reserved(emailKey, exceptUserId, now)} as found`)
  return found
}

/** Whoever signed in while the address was another's is not known in those browsers any more. */
export async function forgetBrowsers(db: Queries, userId: string): Promise<void> {
  await db.run(sql`delete from identity.known_browser where user_id = ${userId}`)
}

export async function changesOf(
  db: Queries,
  userId: string,
  limit: number,
): Promise<
  { old_email: string; new_email: string; created_at: Date; confirmed_at: Date | null; undone_at: Date | null }[]
> {
  return db.many(sql`
    select old_email, new_email, created_at, confirmed_at, undone_at
      from identity.email_change
     where user_id = ${userId}
     order by id desc
     limit ${limit}`)
}

/** What nobody can confirm or undo any more. */
export async function deleteOldChanges(
  db: Queries,
  before: { expired: Date; undone: Date },
  limit: number,
): Promise<number> {
  return db.run(sql`
    delete from identity.email_change
     where id in (
       select id
         from identity.email_change
        where (confirmed_at is null and expires_at <= ${before.expired})
           or (confirmed_at is not null and undo_until <= ${before.undone})
        order by id
        limit ${limit}
          for update skip locked)`)
}
