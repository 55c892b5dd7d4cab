import { type Queries, sql } from '../../../platform/database/index.ts'
import { CHALLENGES_IN_BROWSER_MAX, type Passkey, type PasskeyChallenge, PASSKEYS_MAX } from './passkey.ts'

const passkeyColumns = sql`id, credential_id, user_id, rp_id, public_key, counter::float8 as counter, transports, is_multi_device,
           is_backed_up, name, enrolled_by_provider, root_amr, root_acr, root_provider, root_at, unconfirmed_since,
           created_at, last_used_at, copied_at`
const challengeColumns = sql`id, purpose, user_id, browser_digest, audience, return_to, hand_over_id, session_id,
           created_at, expires_at, used_at`

/** Those that this browser began long before are over. */
export async function putChallenge(db: Queries, challenge: PasskeyChallenge & { digest: Buffer }): Promise<void> {
  const { id, digest, purpose, user_id, browser_digest, audience, return_to, hand_over_id, session_id } = challenge
  const { created_at, expires_at } = challenge
  await db.run(sql`
    with over as (
      delete from identity.passkey_challenge
       where id in (
         select id
           from identity.passkey_challenge
          where browser_digest = ${browser_digest}
          order by id desc
         offset ${CHALLENGES_IN_BROWSER_MAX - 1}))
    insert into identity.passkey_challenge
           (id, digest, purpose, user_id, browser_digest, audience, return_to, hand_over_id, session_id,
            created_at, expires_at)
    values (${id}, ${digest}, ${purpose}, ${user_id}, ${browser_digest}, ${audience}, ${return_to}, ${hand_over_id},
            ${session_id}, ${created_at}, ${expires_at})`)
}

export async function findChallenge(db: Queries, digest: Buffer): Promise<PasskeyChallenge | undefined> {
  return db.maybe<PasskeyChallenge>(sql`
    select ${challengeColumns}
      from identity.passkey_challenge
     where digest = ${digest}`)
}

/** True for the one caller that used it up. */
export async function useChallenge(db: Queries, id: string, now: Date): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.passkey_challenge
       set used_at = ${now}
     where id = ${id}
       and used_at is null
       and expires_at > ${now}`)
  return touched === 1
}

export async function deleteExpiredChallenges(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.passkey_challenge
     where id in (
       select id
         from identity.passkey_challenge
        where expires_at <= ${before}
        order by expires_at
        limit ${limit}
          for update skip locked)`)
}

export async function findPasskey(db: Queries, credentialId: Buffer): Promise<Passkey | undefined> {
  return db.maybe<Passkey>(sql`
    select ${passkeyColumns}
      from identity.passkey
     where credential_id = ${credentialId}`)
}

export async function passkeysOf(db: Queries, userId: string): Promise<Passkey[]> {
  return db.many<Passkey>(sql`
    select ${passkeyColumns}
      from identity.passkey
     where user_id = ${userId}
     order by id
     limit ${PASSKEYS_MAX}`)
}

/** Undefined: this credential is somebody's already. */
export async function insertPasskey(db: Queries, passkey: Passkey): Promise<Passkey | undefined> {
  const { id, credential_id, user_id, rp_id, public_key, counter, transports, name, created_at } = passkey
  return db.maybe<Passkey>(sql`
    insert into identity.passkey
           (id, credential_id, user_id, rp_id, public_key, counter, transports, is_multi_device, is_backed_up, name,
            enrolled_by_provider, root_amr, root_acr, root_provider, root_at, created_at)
    values (${id}, ${credential_id}, ${user_id}, ${rp_id}, ${public_key}, ${counter}, ${transports},
            ${passkey.is_multi_device}, ${passkey.is_backed_up}, ${name}, ${passkey.enrolled_by_provider},
            ${passkey.root_amr}, ${passkey.root_acr}, ${passkey.root_provider}, ${passkey.root_at}, ${created_at})
    on conflict (credential_id) do nothing
    returning ${passkeyColumns}`)
}

/** False: it was removed meanwhile, or its counter is not ahead of the one that is known. */
export async function notePasskeyUse(
  db: Queries,
  { id, counter, isBackedUp }: { id: string; counter: number; isBackedUp: boolean },
  now: Date,
): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.passkey
       set counter = ${counter},
           is_backed_up = ${isBackedUp},
           last_used_at = ${now}
     where id = ${id}
       and copied_at is null
       and (counter < ${counter} or (counter = 0 and ${counter} = 0))`)
  return touched === 1
}

export async function renamePasskey(
  db: Queries,
  { id, userId, name }: { id: string; userId: string; name: string },
): Promise<Passkey | undefined> {
  return db.maybe<Passkey>(sql`
    update identity.passkey
       set name = ${name}
     where id = ${id}
       and user_id = ${userId}
    returning ${passkeyColumns}`)
}

export async function deletePasskey(db: Queries, id: string, userId: string): Promise<Passkey | undefined> {
  return db.maybe<Passkey>(sql`
    delete from identity.passkey
     where id = ${id}
       and user_id = ${userId}
    returning ${passkeyColumns}`)
}

/** When they said "not now" in this browser; null: never. */
export async function declinedAt(db: Queries, userId: string, browserDigest: Buffer): Promise<Date | null> {
  const known = await db.maybe<{ passkey_declined_at: Date | null }>(sql`
    select passkey_declined_at
      from identity.known_browser
     where user_id = ${userId}
       and browser_digest = ${browserDigest}`)
  return known?.passkey_declined_at ?? null
}

export async function noteDeclined(db: Queries, userId: string, browserDigest: Buffer, now: Date): Promise<void> {
  await db.run(sql`
    update identity.known_browser
       set passkey_declined_at = ${now}
     where user_id = ${userId}
       and browser_digest = ${browserDigest}`)
}

export async function findOwnPasskey(db: Queries, id: string, userId: string): Promise<Passkey | undefined> {
  return db.maybe<Passkey>(sql`
    select ${passkeyColumns}
      from identity.passkey
     where id = ${id}
       and user_id = ${userId}`)
}

export async function demandsPasskey(db: Queries, organizationIds: readonly string[]): Promise<boolean> {
  const { is_required } = await db.one<{ is_required: boolean }>(sql`
    select exists (
      select from identity.sign_in_policy
       where organization_id = any(${organizationIds}::text[])
         and policy->>'passkeys' = 'required') as is_required`)
  return is_required
}

/** False too where the table is not there yet: nothing was migrated. */
export async function isPasskeyTableThere(db: Queries): Promise<boolean> {
  const { is_there } = await db.one<{ is_there: boolean }>(sql`
    select to_regclass('identity.passkey') is not null as is_there`)
  return is_there
}

/** Of the relying party that most of them were made for, when that is another one. */
export async function passkeysOfAnother(
  db: Queries,
  relyingPartyId: string,
): Promise<{ rp_id: string; passkeys: number } | undefined> {
  return db.maybe<{ rp_id: string; passkeys: number }>(sql`
    select rp_id, count(*)::int as passkeys
      from identity.passkey
     where rp_id <> ${relyingPartyId}
     group by rp_id
     order by passkeys desc
     limit 1`)
}

/** True for the first who found out. */
export async function markCopied(db: Queries, id: string, now: Date): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.passkey
       set copied_at = ${now}
     where id = ${id}
       and copied_at is null`)
  return touched === 1
}

export async function confirmPasskey(db: Queries, id: string, userId: string): Promise<Passkey | undefined> {
  return db.maybe<Passkey>(sql`
    update identity.passkey
       set unconfirmed_since = null
     where id = ${id}
       and user_id = ${userId}
    returning ${passkeyColumns}`)
}

export async function confirmPasskeys(db: Queries, userId: string): Promise<Passkey[]> {
  return db.many<Passkey>(sql`
    update identity.passkey
       set unconfirmed_since = null
     where user_id = ${userId}
       and unconfirmed_since is not null
    returning ${passkeyColumns}`)
}

/** After a restore: what was removed since the backup is removed again; answers how many were there. */
export async function removeAgain(db: Queries, ids: readonly string[]): Promise<number> {
  return db.run(sql`delete from identity.passkey where id = any(${ids}::text[])`)
}
