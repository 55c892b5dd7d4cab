import { type Queries, sql } from '../../platform/database/index.ts'
import { ATTEMPTS_MAX, type Challenge } from './challenge.ts'
import type { Profile } from './profile.ts'
import type { User } from './user.ts'

const userColumns = sql`id, email, name, picture_url, locale, time_zone, metadata_public, metadata_private, created_at, last_sign_in_at,
           blocked_at, blocked_reason, deletes_at, email_since`
const challengeColumns = sql`id, purpose, browser_digest, email, email_key, audience, return_to, device_name, code_digest,
           link_digest, is_link_only, enrolment_digest, attempts, created_at, expires_at, replaced_at, used_at`

/** One after the other: two requests of one browser would otherwise leave two challenges behind. */
export async function awaitBrowserTurn(db: Queries, browserDigest: Buffer): Promise<void> {
  await db.one(sql`
    select pg_advisory_xact_lock(${browserDigest.readBigInt64BE(0).toString()}::bigint)`)
}

export async function replaceChallenges(db: Queries, browserDigest: Buffer, now: Date): Promise<void> {
  await db.run(sql`
    update identity.challenge
       set replaced_at = ${now}
     where browser_digest = ${browserDigest}
       and replaced_at is null
       and used_at is null`)
}

export async function insertChallenge(db: Queries, challenge: Challenge): Promise<void> {
  const { id, purpose, browser_digest, email, email_key, audience, return_to, device_name } = challenge
  const { code_digest, link_digest, is_link_only, enrolment_digest, created_at, expires_at } = challenge
  await db.run(sql`
    insert into identity.challenge
           (id, purpose, browser_digest, email, email_key, audience, return_to, device_name,
            code_digest, link_digest, is_link_only, enrolment_digest, created_at, expires_at)
    values (${id}, ${purpose}, ${browser_digest}, ${email}, ${email_key}, ${audience}, ${return_to}, ${device_name},
            ${code_digest}, ${link_digest}, ${is_link_only}, ${enrolment_digest}, ${created_at}, ${expires_at})`)
}

export async function findChallenge(db: Queries, id: string): Promise<Challenge | undefined> {
  return db.maybe<Challenge>(sql`
    select ${challengeColumns}
      from identity.challenge
     where id = ${id}`)
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
  const row = await db.maybe<{ attempts: number }>(sql`
    update identity.challenge
       set attempts = attempts + 1
     where id = ${challenge.id}
       and (used_at is null or ${challenge.isReopened})
       and replaced_at is null
       and expires_at > ${now}
       and attempts < ${ATTEMPTS_MAX}
    returning attempts`)
  return row?.attempts
}

/** True for the one caller that used it up. */
export async function useChallenge(
  db: Queries,
  challenge: { id: string; isReopened: boolean },
  now: Date,
): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.challenge
       set used_at = ${now}
     where id = ${challenge.id}
       and (used_at is null or ${challenge.isReopened})
       and replaced_at is null
       and expires_at > ${now}`)
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
  return db.maybe<User>(sql`
    insert into identity.user (id, email, email_key, created_at)
    values (${user.id}, ${user.email}, ${user.emailKey}, ${now})
    on conflict (email_key) do nothing
    returning ${userColumns}`)
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
  await db.run(sql`
    update identity.user
       set last_sign_in_at = ${now}
     where id = ${userId}`)
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

export async function keepBrowser(db: Queries, userId: string, browserDigest: Buffer, now: Date): Promise<void> {
  await db.run(sql`
    insert into identity.known_browser (user_id, browser_digest, first_seen_at, last_seen_at)
    values (${userId}, ${browserDigest}, ${now}, ${now})
    on conflict (user_id, browser_digest) do update set last_seen_at = excluded.last_seen_at`)
}

/** Everybody who is known in a browser stays so under its new cookie, and nobody under the old one. */
export async function moveBrowser(db: Queries, fromDigest: Buffer, toDigest: Buffer): Promise<void> {
  await db.run(sql`
    update identity.known_browser
       set browser_digest = ${toDigest}
     where browser_digest = ${fromDigest}`)
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
