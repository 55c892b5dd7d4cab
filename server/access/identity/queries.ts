import { prepared, type Queries, sql } from '../../platform/database/index.ts'
import { ATTEMPTS_MAX, type Challenge } from './challenge.ts'
import { reserved } from './email-change/queries.ts'
import { isInvited } from './invitations/queries.ts'
import { anyPolicy } from './fail-over/queries.ts'
import type { Profile } from './profile.ts'
import type { User } from './user.ts'

const userColumns = sql`id, email, name, picture_url, locale, time_zone, metadata_public, metadata_private, created_at, last_sign_in_at,
           blocked_at, blocked_reason, deletes_at, email_since`
const challengeColumns = sql`id, purpose, browser_digest, email, email_key, audience, return_to, device_name, code_digest,
           link_digest, is_link_only, enrolment_digest, arrival_id, attempts, created_at, expires_at, replaced_at, used_at`

/** Whom an address belongs to, and how well this browser knows it. */
export interface Asker {
  /** Null: nobody has this address. */
  user_id: string | null
  locale: string | null
  time_zone: string | null
  /** Whether they have signed in in this browser. */
  is_known: boolean
  is_invited: boolean
  /** Whether any organisation says how its people sign in. */
  has_policies: boolean
}

/**
 * Who asks for a code; then it is this browser's turn until the transaction ends: two requests of one browser would
 * otherwise leave two challenges behind. One question for known and unknown addresses alike.
 */
export async function findAsker(db: Queries, emailKey: string, browserDigest: Buffer, now: Date): Promise<Asker> {
  return db.one<Asker>(
    prepared(sql`
    select person.id as user_id, person.locale, person.time_zone,
           exists (select from identity.known_browser
                    where user_id = person.id
                      and browser_digest = ${browserDigest}) as is_known,
           ${isInvited(emailKey, now)} as is_invited,
           ${anyPolicy} as has_policies,
           pg_advisory_xact_lock(${browserDigest.readBigInt64BE(0).toString()}::bigint)::text as turn
      from (values (1)) as asked
      left join identity.user as person on person.email_key = ${emailKey}`),
  )
}

/** A browser has one challenge: those that it began before are over. */
export async function putChallenge(db: Queries, challenge: Challenge): Promise<void> {
  const { id, purpose, browser_digest, email, email_key, audience, return_to, device_name } = challenge
  const { code_digest, link_digest, is_link_only, enrolment_digest, arrival_id, created_at, expires_at } = challenge
  await db.run(
    prepared(sql`
    with replaced as (
      update identity.challenge
         set replaced_at = ${created_at}
       where browser_digest = ${browser_digest}
         and replaced_at is null
         and used_at is null)
    insert into identity.challenge
           (id, purpose, browser_digest, email, email_key, audience, return_to, device_name,
            code_digest, link_digest, is_link_only, enrolment_digest, arrival_id, created_at, expires_at)
    values (${id}, ${purpose}, ${browser_digest}, ${email}, ${email_key}, ${audience}, ${return_to}, ${device_name},
            ${code_digest}, ${link_digest}, ${is_link_only}, ${enrolment_digest}, ${arrival_id}, ${created_at},
            ${expires_at})`),
  )
}

export async function findChallenge(db: Queries, id: string): Promise<Challenge | undefined> {
  return db.maybe<Challenge>(sql`
    select ${challengeColumns}
      from identity.challenge
     where id = ${id}`)
}

/** With whether its person has signed in in this browser before: what a code is typed for. */
export async function findAttempted(
  db: Queries,
  id: string,
  browserDigest: Buffer,
): Promise<(Challenge & { is_known: boolean }) | undefined> {
  return db.maybe(
    prepared(sql`
    select ${challengeColumns},
           exists (select from identity.known_browser known
                     join identity.user person on person.id = known.user_id
                    where person.email_key = challenge.email_key
                      and known.browser_digest = ${browserDigest}) as is_known
      from identity.challenge
     where id = ${id}`),
  )
}

export async function findChallengeByLink(db: Queries, linkDigest: Buffer): Promise<Challenge | undefined> {
  return db.maybe<Challenge>(sql`
    select ${challengeColumns}
      from identity.challenge
     where link_digest = ${linkDigest}`)
}

/** The one that was not replaced and not used, if there is one; two may have been begun in the same millisecond. */
export async function newestChallengeOfBrowser(db: Queries, browserDigest: Buffer): Promise<Challenge | undefined> {
  return db.maybe<Challenge>(sql`
    select ${challengeColumns}
      from identity.challenge
     where browser_digest = ${browserDigest}
     order by replaced_at is null and used_at is null desc, created_at desc, id desc
     limit 1`)
}

/** Counts an attempt and answers how many there were; undefined: there is none left, or the challenge is over. */
export async function countAttempt(
  db: Queries,
  challenge: { id: string; isReopened: boolean },
  now: Date,
): Promise<number | undefined> {
  const row = await db.maybe<{ attempts: number }>(
    prepared(sql`
    update identity.challenge
       set attempts = attempts + 1
     where id = ${challenge.id}
       and (used_at is null or ${challenge.isReopened})
       and replaced_at is null
       and expires_at > ${now}
       and attempts < ${ATTEMPTS_MAX}
    returning attempts`),
  )
  return row?.attempts
}

/** True for the one caller that used it up. */
export async function useChallenge(
  db: Queries,
  challenge: { id: string; isReopened: boolean },
  now: Date,
): Promise<boolean> {
  const touched = await db.run(
    prepared(sql`
    update identity.challenge
       set used_at = ${now}
     where id = ${challenge.id}
       and (used_at is null or ${challenge.isReopened})
       and replaced_at is null
       and expires_at > ${now}`),
  )
  return touched === 1
}

export async function deleteExpiredChallenges(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.challenge
     where id in (
       select id
         from identity.challenge
        where expires_at <= ${before}
        order by expires_at
        limit ${limit}
          for update skip locked)`)
}

export async function findUser(db: Queries, id: string): Promise<User | undefined> {
  return db.maybe<User>(sql`
    select ${userColumns}
      from identity.user
     where id = ${id}`)
}

export interface Entrant {
  user: User | undefined
  /** Whether they have signed in in this browser before. */
  is_known: boolean
  /** The address was somebody's who may still take it back. */
  is_reserved: boolean
  /** Whether any organisation says how its people sign in. */
  has_policies: boolean
}

/** Whoever comes with the right code. */
export async function findEntrant(db: Queries, emailKey: string, browserDigest: Buffer, now: Date): Promise<Entrant> {
  const { is_known, is_reserved, has_policies, ...row } = await db.one<
    { [Name in keyof User]: User[Name] | null } & Omit<Entrant, 'user'>
  >(
    prepared(sql`
    select ${userColumns},
           exists (select from identity.known_browser
                    where user_id = person.id
                      and browser_digest = ${browserDigest}) as is_known,
           person.id is null and ${reserved(emailKey, '', now)} as is_reserved,
           ${anyPolicy} as has_policies
      from (values (1)) as asked
      left join identity.user as person on person.email_key = ${emailKey}`),
  )
  return { user: row.id === null ? undefined : (row as User), is_known, is_reserved, has_policies }
}

export async function findUserByEmail(db: Queries, emailKey: string): Promise<User | undefined> {
  return db.maybe<User>(sql`
    select ${userColumns}
      from identity.user
     where email_key = ${emailKey}`)
}

/** Of two that come at once, one makes the account; undefined for the other. */
export async function insertUser(
  db: Queries,
  user: { id: string; email: string; emailKey: string },
  now: Date,
): Promise<User | undefined> {
  return db.maybe<User>(
    prepared(sql`
    insert into identity.user (id, email, email_key, created_at)
    values (${user.id}, ${user.email}, ${user.emailKey}, ${now})
    on conflict (email_key) do nothing
    returning ${userColumns}`),
  )
}

export async function updateProfile(db: Queries, id: string, profile: Profile): Promise<User | undefined> {
  return db.maybe<User>(sql`
    update identity.user
       set name = ${profile.name},
           picture_url = ${profile.picture_url},
           locale = ${profile.locale},
           time_zone = ${profile.time_zone}
     where id = ${id}
    returning ${userColumns}`)
}

export async function noteSignIn(db: Queries, userId: string, now: Date): Promise<void> {
  await db.run(
    prepared(sql`
    update identity.user
       set last_sign_in_at = ${now}
     where id = ${userId}`),
  )
}

/** They have shown that the address is theirs; since when is told by the first time. Answers whether it is this one. */
export async function noteSignInByMail(
  db: Queries,
  userId: string,
  { now, provedAt }: { now: Date; provedAt: Date },
): Promise<boolean> {
  const { is_first } = await db.one<{ is_first: boolean }>(
    prepared(sql`
    update identity.user
       set last_sign_in_at = ${now},
           email_proved_at = coalesce(email_proved_at, ${provedAt})
     where id = ${userId}
    returning email_proved_at = ${provedAt} as is_first`),
  )
  return is_first
}

export async function countUsers(db: Queries): Promise<number> {
  const { total } = await db.one<{ total: number }>(sql`
    select count(*)::int as total
      from identity.user`)
  return total
}

export async function isKnownBrowser(db: Queries, userId: string, browserDigest: Buffer): Promise<boolean> {
  const { known } = await db.one<{ known: boolean }>(sql`
    select exists (
      select from identity.known_browser
       where user_id = ${userId}
         and browser_digest = ${browserDigest}) as known`)
  return known
}

/**
 * Everybody who is known in a browser stays so under its new cookie, and nobody under the old one; whoever has just signed
 * in there is known from now on.
 */
export async function keepBrowser(
  db: Queries,
  userId: string,
  { from, to }: { from: Buffer; to: Buffer },
  now: Date,
): Promise<void> {
  await db.run(
    prepared(sql`
    with moved as (
      update identity.known_browser
         set browser_digest = ${to},
             last_seen_at = case when user_id = ${userId} then ${now}::timestamptz else last_seen_at end
       where browser_digest = ${from}
      returning user_id)
    insert into identity.known_browser (user_id, browser_digest, first_seen_at, last_seen_at)
    select ${userId}, ${to}, ${now}::timestamptz, ${now}::timestamptz
     where not exists (select from moved where user_id = ${userId})`),
  )
}

export async function deleteUnusedBrowsers(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.known_browser
     where (user_id, browser_digest) in (
       select user_id, browser_digest
         from identity.known_browser
        where last_seen_at <= ${before}
        order by last_seen_at
        limit ${limit}
          for update skip locked)`)
}
