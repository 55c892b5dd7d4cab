import { prepared, type Queries, type Statement, sql } from '../../../platform/database/index.ts'
import type { AccountState, User } from '../user.ts'

const userColumns = sql`id, email, name, picture_url, locale, time_zone, metadata_public, metadata_private, created_at,
           last_sign_in_at, blocked_at, blocked_reason, deletes_at, email_since`
/** As in the index `user_words`, letter for letter, or PostgreSQL reads the whole table. */
const words = sql`to_tsvector('simple', translate(email || ' ' || coalesce(name, ''), '@.-_+/''', '       '))`

export interface UserFilter {
  state: AccountState | 'all'
  beforeId: string | undefined
  limit: number
}

const inState = (state: UserFilter['state']): Statement => {
  const rows: Record<UserFilter['state'], Statement> = {
    all: sql``,
    active: sql`and blocked_at is null and deletes_at is null`,
    blocked: sql`and blocked_at is not null and deletes_at is null`,
    deleting: sql`and deletes_at is not null`,
  }
  return rows[state]
}
const before = (id: string | undefined): Statement => (id === undefined ? sql`` : sql`and id < ${id}`)

/** Newest first. Ids are in the order of time, so that one is also the place to go on from. */
export async function listUsers(db: Queries, { state, beforeId, limit }: UserFilter): Promise<User[]> {
  return db.many<User>(sql`
    select ${userColumns}
      from identity.user
     where true ${before(beforeId)} ${inState(state)}
     order by id desc
     limit ${limit}`)
}

/** Among the newest accounts only: what is frequent is found there, and no index of words is read for it. */
export async function searchNewest(db: Queries, find: UserFilter & { words: string; among: number }): Promise<User[]> {
  return db.many<User>(sql`
    with newest as materialized (
      select ${userColumns}
        from identity.user
       where true ${before(find.beforeId)} ${inState(find.state)}
       order by id desc
       limit ${find.among})
    select ${userColumns}
      from newest
     where ${words} @@ to_tsquery('simple', ${find.words})
     order by id desc
     limit ${find.limit}`)
}

/**
 * By the index of words alone: materialised, because PostgreSQL takes the beginning of a word for frequent and would walk
 * through all accounts to find none (measured with 1 000 000: 4 s instead of 1 ms).
 */
export async function searchAll(db: Queries, find: UserFilter & { words: string }): Promise<User[]> {
  return db.many<User>(sql`
    with found as materialized (
      select id
        from identity.user
       where ${words} @@ to_tsquery('simple', ${find.words}) ${before(find.beforeId)} ${inState(find.state)}),
    page as materialized (
      select id from found order by id desc limit ${find.limit})
    select ${userColumns}
      from identity.user
     where id in (select id from page)
     order by id desc
     limit ${find.limit}`)
}

/** Those of a list who are there, are in this state, and have these words. */
export async function usersAmong(
  db: Queries,
  find: { ids: readonly string[]; state: UserFilter['state']; words: string | undefined },
): Promise<User[]> {
  return db.many<User>(sql`
    select ${userColumns}
      from identity.user
     where id = any(${find.ids})
       and (${find.words ?? null}::text is null or ${words} @@ to_tsquery('simple', ${find.words ?? ''}))
       ${inState(find.state)}
     order by id desc
     limit ${find.ids.length}`)
}

/** Locked until the transaction ends: nobody is let in, blocked or deleted meanwhile. */
export async function lockUser(db: Queries, id: string): Promise<User | undefined> {
  return db.maybe<User>(sql`
    select ${userColumns}
      from identity.user
     where id = ${id}
       for no key update`)
}

/** Shared among those who sign in; a block or a deletion waits for them, and they for it. */
export async function standingOf(
  db: Queries,
  id: string,
): Promise<Pick<User, 'blocked_at' | 'deletes_at'> | undefined> {
  return db.maybe(
    prepared(sql`
    select blocked_at, deletes_at
      from identity.user
     where id = ${id}
       for share`),
  )
}

export interface NewUser {
  id: string
  email: string
  emailKey: string
  name: string | null
  pictureUrl: string | null
  locale: string | null
  timeZone: string | null
  metadataPublic: string
  metadataPrivate: string
}

/** Undefined: the address has an account. */
export async function insertWholeUser(db: Queries, made: NewUser, now: Date): Promise<User | undefined> {
  return db.maybe<User>(sql`
    insert into identity.user (id, email, email_key, name, picture_url, locale, time_zone, metadata_public, metadata_private,
                               created_at)
    values (${made.id}, ${made.email}, ${made.emailKey}, ${made.name}, ${made.pictureUrl}, ${made.locale}, ${made.timeZone},
            ${made.metadataPublic}::jsonb, ${made.metadataPrivate}::jsonb, ${now})
    on conflict (email_key) do nothing
    returning ${userColumns}`)
}

export async function updateUser(
  db: Queries,
  id: string,
  edited: Omit<NewUser, 'id' | 'email' | 'emailKey'>,
): Promise<User> {
  return db.one<User>(sql`
    update identity.user
       set name = ${edited.name},
           picture_url = ${edited.pictureUrl},
           locale = ${edited.locale},
           time_zone = ${edited.timeZone},
           metadata_public = ${edited.metadataPublic}::jsonb,
           metadata_private = ${edited.metadataPrivate}::jsonb
     where id = ${id}
    returning ${userColumns}`)
}

/** How long PostgreSQL writes it, which is what its limit goes by. */
export async function storedLength(db: Queries, json: string): Promise<number> {
  const { bytes } = await db.one<{ bytes: number }>(sql`
    select octet_length(${json}::jsonb::text) as bytes`)
  return bytes
}

export async function setBlock(
  db: Queries,
  id: string,
  block: { at: Date; reason: string; by: string } | null,
): Promise<User> {
  return db.one<User>(sql`
    update identity.user
       set blocked_at = ${block?.at ?? null},
           blocked_reason = ${block?.reason ?? null},
           blocked_by = ${block?.by ?? null}
     where id = ${id}
    returning ${userColumns}`)
}

export async function setDeletion(
  db: Queries,
  id: string,
  deletion: { at: Date; by: string; deletesAt: Date } | null,
): Promise<User> {
  return db.one<User>(sql`
    update identity.user
       set deletion_requested_at = ${deletion?.at ?? null},
           deletion_requested_by = ${deletion?.by ?? null},
           deletes_at = ${deletion?.deletesAt ?? null}
     where id = ${id}
    returning ${userColumns}`)
}

/** Of these, those who can sign in. */
export async function activeAmong(db: Queries, ids: readonly string[]): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    select id
      from identity.user
     where id = any(${ids})
       and blocked_at is null
       and deletes_at is null
     limit ${ids.length}`)
  return rows.map((row) => row.id)
}

export async function dueDeletions(db: Queries, now: Date, limit: number): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    select id
      from identity.user
     where deletes_at <= ${now}
     order by deletes_at
     limit ${limit}`)
  return rows.map((row) => row.id)
}

export interface DueUser {
  id: string
  email_key: string
  deletes_at: Date
  deletion_requested_by: string
}

/** Undefined: somebody else has it, or it is not due any more. */
export async function takeDueUser(db: Queries, id: string, now: Date): Promise<DueUser | undefined> {
  return db.maybe<DueUser>(sql`
    select id, email_key, deletes_at, deletion_requested_by
      from identity.user
     where id = ${id}
       and deletes_at <= ${now}
       for update skip locked`)
}

/** Known browsers and changes of address go with the row. */
export async function deleteUser(db: Queries, id: string): Promise<string | undefined> {
  const row = await db.maybe<{ email_key: string }>(sql`
    delete from identity.user where id = ${id} returning email_key`)
  return row?.email_key
}

export async function deleteChallengesFor(db: Queries, emailKey: string): Promise<void> {
  await db.run(sql`delete from identity.challenge where email_key = ${emailKey}`)
}

export async function insertTombstone(
  db: Queries,
  stone: { userId: string; emailDigest: Buffer | null; requestedBy: string; deletedAt: Date },
): Promise<void> {
  await db.run(sql`
    insert into identity.tombstone (user_id, email_digest, requested_by, deleted_at)
    values (${stone.userId}, ${stone.emailDigest}, ${stone.requestedBy}, ${stone.deletedAt})
    on conflict (user_id) do nothing`)
}

export async function tombstonesAfter(
  db: Queries,
  userId: string,
  limit: number,
): Promise<{ user_id: string; deleted_at: Date }[]> {
  return db.many(sql`
    select user_id, deleted_at
      from identity.tombstone
     where user_id > ${userId}
     order by user_id
     limit ${limit}`)
}

export async function knownBrowsersOf(
  db: Queries,
  userId: string,
  limit: number,
): Promise<{ first_seen_at: Date; last_seen_at: Date }[]> {
  return db.many(sql`
    select first_seen_at, last_seen_at
      from identity.known_browser
     where user_id = ${userId}
     order by last_seen_at desc
     limit ${limit}`)
}

/** The number of what is being taken away for good; the next one waits until this is committed. */
export async function nextRemoval(db: Queries): Promise<number> {
  const { seq } = await db.one<{ seq: number }>(sql`
    update identity.removal_head set seq = seq + 1 returning seq::float8 as seq`)
  return seq
}

export async function removalHead(db: Queries): Promise<number> {
  const { seq } = await db.one<{ seq: number }>(sql`
    select seq::float8 as seq from identity.removal_head limit 1`)
  return seq
}
