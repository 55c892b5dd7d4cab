import { type Queries, sql } from '../../../platform/database/index.ts'
import { isInvited } from '../invitations/queries.ts'
import type { User } from '../user.ts'
import { type Arrival, ARRIVALS_IN_BROWSER_MAX } from './arrival.ts'
import { DEPARTURES_IN_BROWSER_MAX, type ProviderChallenge } from './departure.ts'
import { type ClosedReason, LINKED_MAX, type LinkedIdentity } from './linked-identity.ts'

const userColumns = sql`id, email, name, picture_url, locale, time_zone, metadata_public, metadata_private, created_at,
              last_sign_in_at, blocked_at, blocked_reason, deletes_at, email_since`
const linkedColumns = sql`id, user_id, provider_id, issuer, subject, email, is_email_verified, name, linked_at, last_proved_at,
           closed_at, closed_reason, closed_by`
const challengeColumns = sql`id, purpose, user_id, session_id, provider_id, provider_version, browser_digest, audience, return_to, here,
           wants_fresh, has_passkeys, departure_sealed, created_at, expires_at, used_at`
const arrivalColumns = sql`id, browser_digest, provider_id, identity_sealed, audience, return_to, created_at, expires_at, used_at`

/** Those that this browser began long before are over. */
export async function putDeparture(db: Queries, left: ProviderChallenge & { state_digest: Buffer }): Promise<void> {
  const { id, purpose, user_id, provider_id, provider_version, browser_digest, audience, return_to, here } = left
  const { session_id, state_digest, wants_fresh, has_passkeys, departure_sealed, created_at, expires_at } = left
  await db.run(sql`
    with over as (
      delete from identity.provider_challenge
       where id in (
         select id
           from identity.provider_challenge
          where browser_digest = ${browser_digest}
          order by id desc
         offset ${DEPARTURES_IN_BROWSER_MAX - 1}))
    insert into identity.provider_challenge
           (id, state_digest, purpose, user_id, provider_id, provider_version, browser_digest, audience, return_to, here,
            wants_fresh, has_passkeys, departure_sealed, created_at, expires_at, session_id)
    values (${id}, ${state_digest}, ${purpose}, ${user_id}, ${provider_id}, ${provider_version}, ${browser_digest},
            ${audience}, ${return_to}, ${here}, ${wants_fresh}, ${has_passkeys},
            ${departure_sealed}, ${created_at}, ${expires_at}, ${session_id})`)
}

export async function findDeparture(db: Queries, stateDigest: Buffer): Promise<ProviderChallenge | undefined> {
  return db.maybe<ProviderChallenge>(sql`
    select ${challengeColumns}
      from identity.provider_challenge
     where state_digest = ${stateDigest}`)
}

/** Somebody has signed in with it before. */
export async function isBrowserOfSomebody(db: Queries, browserDigest: Buffer): Promise<boolean> {
  const { known } = await db.one<{ known: boolean }>(sql`
    select exists (
      select from identity.known_browser
       where browser_digest = ${browserDigest}) as known`)
  return known
}

/** True for the one caller that used it up. */
export async function useDeparture(db: Queries, id: string, now: Date): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.provider_challenge
       set used_at = ${now}
     where id = ${id}
       and used_at is null
       and expires_at > ${now}`)
  return touched === 1
}

export async function deleteExpiredDepartures(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.provider_challenge
     where id in (
       select id
         from identity.provider_challenge
        where expires_at <= ${before}
        order by expires_at
        limit ${limit}
          for update skip locked)`)
}

export async function putArrival(db: Queries, arrival: Arrival): Promise<void> {
  const { id, browser_digest, provider_id, identity_sealed, audience, return_to, created_at, expires_at } = arrival
  await db.run(sql`
    with over as (
      delete from identity.arrival
       where id in (
         select id
           from identity.arrival
          where browser_digest = ${browser_digest}
          order by id desc
         offset ${ARRIVALS_IN_BROWSER_MAX - 1}))
    insert into identity.arrival
           (id, browser_digest, provider_id, identity_sealed, audience, return_to, created_at, expires_at)
    values (${id}, ${browser_digest}, ${provider_id}, ${identity_sealed}, ${audience}, ${return_to}, ${created_at},
            ${expires_at})`)
}

/** The one that this browser came back with last, while its address can still be proven. */
export async function newestArrival(db: Queries, browserDigest: Buffer, now: Date): Promise<Arrival | undefined> {
  return db.maybe<Arrival>(sql`
    select ${arrivalColumns}
      from identity.arrival
     where browser_digest = ${browserDigest}
       and used_at is null
       and expires_at > ${now}
     order by id desc
     limit 1`)
}

export async function findArrival(db: Queries, id: string): Promise<Arrival | undefined> {
  return db.maybe<Arrival>(sql`
    select ${arrivalColumns}
      from identity.arrival
     where id = ${id}`)
}

/** For the one caller that used it up, in the browser that came back with it. */
export async function useArrival(
  db: Queries,
  { id, browserDigest }: { id: string; browserDigest: Buffer },
  now: Date,
): Promise<Arrival | undefined> {
  return db.maybe<Arrival>(sql`
    update identity.arrival
       set used_at = ${now}
     where id = ${id}
       and browser_digest = ${browserDigest}
       and used_at is null
       and expires_at > ${now}
    returning ${arrivalColumns}`)
}

export async function deleteExpiredArrivals(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.arrival
     where id in (
       select id
         from identity.arrival
        where expires_at <= ${before}
        order by expires_at
        limit ${limit}
          for update skip locked)`)
}

export async function findLinked(
  db: Queries,
  { issuer, subject }: { issuer: string; subject: string },
): Promise<LinkedIdentity | undefined> {
  return db.maybe<LinkedIdentity>(sql`
    select ${linkedColumns}
      from identity.linked_identity
     where issuer = ${issuer}
       and subject = ${subject}`)
}

export async function linkedOf(db: Queries, userId: string): Promise<LinkedIdentity[]> {
  return db.many<LinkedIdentity>(sql`
    select ${linkedColumns}
      from identity.linked_identity
     where user_id = ${userId}
     order by id
     limit ${LINKED_MAX}`)
}

/** Where codes go, and by whom it is known to be the person's. */
export async function addressOf(
  db: Queries,
  userId: string,
): Promise<
  { address: string; proved_at: Date | null; asserted_by: string | null; asserted_at: Date | null } | undefined
> {
  return db.maybe(sql`
    select email as address, email_proved_at as proved_at, email_asserted_by as asserted_by,
           email_asserted_at as asserted_at
      from identity.user
     where id = ${userId}`)
}

export interface NewLink {
  id: string
  user_id: string
  provider_id: string
  issuer: string
  subject: string
  email: string | null
  is_email_verified: boolean
  name: string | null
  refresh_sealed: string | null
}

/** Closed, where an administrator has closed another there. Undefined: it is somebody's already, and stays so. */
export async function insertLinked(db: Queries, made: NewLink, now: Date): Promise<LinkedIdentity | undefined> {
  return db.maybe<LinkedIdentity>(sql`
    insert into identity.linked_identity
           (id, user_id, provider_id, issuer, subject, email, is_email_verified, name, refresh_sealed, linked_at,
            last_proved_at, closed_at, closed_reason, closed_by)
    select ${made.id}, ${made.user_id}, ${made.provider_id}, ${made.issuer}, ${made.subject}, ${made.email},
           ${made.is_email_verified}::boolean, ${made.name}, ${made.refresh_sealed}, ${now}::timestamptz,
           ${now}::timestamptz, closing.closed_at, case when closing.closed_at is not null then 'administrator' end,
           closing.closed_by
      from (select) as once
      left join lateral (
        select closed_at, closed_by
          from identity.link_closing
         where user_id = ${made.user_id}
           and (issuer = ${made.issuer} or provider_id = ${made.provider_id})
         order by closed_at
         limit 1) closing on true
    on conflict (issuer, subject) do nothing
    returning ${linkedColumns}`)
}

/**
 * A full round-trip: it is opened again where the provider itself had closed it, and stays closed where an administrator
 * did. A token that the provider no longer gives is not kept. Undefined: it was taken away meanwhile.
 */
export async function noteProved(
  db: Queries,
  proved: { id: string } & Pick<NewLink, 'provider_id' | 'email' | 'is_email_verified' | 'name' | 'refresh_sealed'>,
  now: Date,
): Promise<LinkedIdentity | undefined> {
  const stays = sql`closed_reason = 'administrator'`
  return db.maybe<LinkedIdentity>(sql`
    update identity.linked_identity
       set provider_id = ${proved.provider_id}, email = ${proved.email}, is_email_verified = ${proved.is_email_verified},
           name = ${proved.name}, refresh_sealed = ${proved.refresh_sealed}, asked_again_at = null,
           last_proved_at = ${now},
           closed_at = case when ${stays} then closed_at end,
           closed_by = case when ${stays} then closed_by end,
           closed_reason = case when ${stays} then closed_reason end
     where id = ${proved.id}
    returning ${linkedColumns}`)
}

export async function deleteLinked(
  db: Queries,
  { id, userId }: { id: string; userId: string },
): Promise<LinkedIdentity | undefined> {
  return db.maybe<LinkedIdentity>(sql`
    delete from identity.linked_identity
     where id = ${id}
       and user_id = ${userId}
    returning ${linkedColumns}`)
}

/** After a restore: those that had been taken away since the backup. */
export async function unlinkAgain(db: Queries, ids: readonly string[]): Promise<number> {
  return db.run(sql`delete from identity.linked_identity where id = any(${ids})`)
}

/** The token goes with it: nobody is asked any more about somebody who is gone. */
export async function closeLinked(
  db: Queries,
  closing: { id: string; userId: string; reason: ClosedReason; by: string },
  now: Date,
): Promise<LinkedIdentity | undefined> {
  return db.maybe<LinkedIdentity>(sql`
    update identity.linked_identity
       set closed_at = ${now}, closed_reason = ${closing.reason}, closed_by = ${closing.by}, refresh_sealed = null
     where id = ${closing.id}
       and user_id = ${closing.userId}
    returning ${linkedColumns}`)
}

/** It outlives the link. */
export async function keepClosing(db: Queries, { user_id, issuer, provider_id, closed_at, closed_by }: LinkedIdentity) {
  await db.run(sql`
    insert into identity.link_closing (user_id, issuer, provider_id, closed_at, closed_by)
    values (${user_id}, ${issuer}, ${provider_id}, ${closed_at}, ${closed_by})
        on conflict (user_id, issuer) do update
       set provider_id = excluded.provider_id, closed_at = excluded.closed_at, closed_by = excluded.closed_by`)
}

export async function dropClosing(db: Queries, { user_id, issuer, provider_id }: LinkedIdentity): Promise<void> {
  await db.run(sql`
    delete from identity.link_closing
     where user_id = ${user_id}
       and (issuer = ${issuer} or provider_id = ${provider_id})`)
}

export async function reopenLinked(
  db: Queries,
  { id, userId }: { id: string; userId: string },
): Promise<LinkedIdentity | undefined> {
  return db.maybe<LinkedIdentity>(sql`
    update identity.linked_identity
       set closed_at = null, closed_reason = null, closed_by = null
     where id = ${id}
       and user_id = ${userId}
    returning ${linkedColumns}`)
}

/** Undefined: the address has an account. */
export async function insertAssertedUser(
  db: Queries,
  made: { id: string; email: string; emailKey: string; name: string | null; pictureUrl: string | null; by: string },
  now: Date,
): Promise<User | undefined> {
  return db.maybe<User>(sql`
    insert into identity.user (id, email, email_key, name, picture_url, created_at, email_asserted_by, email_asserted_at)
    values (${made.id}, ${made.email}, ${made.emailKey}, ${made.name}, ${made.pictureUrl}, ${now}, ${made.by}, ${now})
    on conflict (email_key) do nothing
    returning ${userColumns}`)
}

export async function isInvitedTo(db: Queries, emailKey: string, now: Date): Promise<boolean> {
  const { found } = await db.one<{ found: boolean }>(sql`select ${isInvited(emailKey, now)} as found`)
  return found
}

/** What is not known yet is taken from where the person came from. */
export async function nameNewUser(
  db: Queries,
  id: string,
  { name, pictureUrl }: { name: string | null; pictureUrl: string | null },
): Promise<User> {
  return db.one<User>(sql`
    update identity.user
       set name = coalesce(name, ${name}),
           picture_url = coalesce(picture_url, ${pictureUrl})
     where id = ${id}
    returning ${userColumns}`)
}

/** The same address as it was kept is asserted again; since when is told by the first time. */
export async function noteAsserted(
  db: Queries,
  { userId, emailKey, by }: { userId: string; emailKey: string; by: string },
  now: Date,
): Promise<void> {
  await db.run(sql`
    update identity.user
       set email_asserted_by = ${by},
           email_asserted_at = case when email_asserted_by = ${by} then email_asserted_at else ${now} end
     where id = ${userId}
       and email_key = ${emailKey}`)
}
