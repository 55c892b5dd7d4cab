import { type Queries, sql } from '../../../platform/database/index.ts'
import type { Passkey } from '../passkeys/passkey.ts'
import { type HandOver, HAND_OVERS_IN_BROWSER_MAX } from './hand-over.ts'

const columns = sql`id, purpose, user_id, browser_digest, audience, return_to, here, created_at, expires_at, claimed_by, passkey_id,
           shown_at, code_expires_at, used_at`

export type Begun = Omit<HandOver, 'claimed_by' | 'passkey_id' | 'shown_at' | 'code_expires_at' | 'used_at'> & {
  state_digest: Buffer
}

/** Those that this browser began long before are over. */
export async function putHandOver(db: Queries, begun: Begun): Promise<void> {
  const { id, state_digest, purpose, user_id, browser_digest, audience, return_to, here, created_at, expires_at } =
    begun
  await db.run(sql`
    with over as (
      delete from identity.hand_over
       where id in (
         select id
           from identity.hand_over
          where browser_digest = ${browser_digest}
          order by id desc
         offset ${HAND_OVERS_IN_BROWSER_MAX - 1}))
    insert into identity.hand_over
           (id, state_digest, purpose, user_id, browser_digest, audience, return_to, here, created_at, expires_at)
    values (${id}, ${state_digest}, ${purpose}, ${user_id}, ${browser_digest}, ${audience}, ${return_to}, ${here},
            ${created_at}, ${expires_at})`)
}

/** The first browser that comes with the state has it; undefined: there is none, or another browser was first. */
export async function claimHandOver(
  db: Queries,
  { stateDigest, browser }: { stateDigest: Buffer; browser: Buffer },
): Promise<{ id: string } | undefined> {
  return db.maybe<{ id: string }>(sql`
    update identity.hand_over
       set claimed_by = ${browser}
     where state_digest = ${stateDigest}
       and (claimed_by is null or claimed_by = ${browser})
    returning id`)
}

export async function isHandOver(db: Queries, stateDigest: Buffer): Promise<boolean> {
  const { is_there } = await db.one<{ is_there: boolean }>(sql`
    select exists (select from identity.hand_over where state_digest = ${stateDigest}) as is_there`)
  return is_there
}

export async function findHandOver(db: Queries, id: string): Promise<HandOver | undefined> {
  return db.maybe<HandOver>(sql`
    select ${columns}
      from identity.hand_over
     where id = ${id}`)
}

/** False: it was used or is over. A code that was given before is worth nothing from now on. */
export async function giveCode(
  db: Queries,
  { id, passkeyId, digest, expiresAt }: { id: string; passkeyId: string; digest: Buffer; expiresAt: Date },
  now: Date,
): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.hand_over
       set passkey_id = ${passkeyId},
           shown_at = ${now},
           code_digest = ${digest},
           code_expires_at = ${expiresAt}
     where id = ${id}
       and used_at is null
       and expires_at > ${now}`)
  return touched === 1
}

/** With what was shown for it. */
export type CameBack = HandOver & {
  shown_at: Date
  code_expires_at: Date
  passkey: Pick<Passkey, 'id' | 'user_id' | 'is_multi_device' | 'unconfirmed_since' | 'copied_at'>
}

export async function findByCode(db: Queries, codeDigest: Buffer): Promise<CameBack | undefined> {
  return db.maybe<CameBack>(sql`
    select hand_over.id, hand_over.purpose, hand_over.user_id, hand_over.browser_digest, hand_over.audience, hand_over.return_to,
           hand_over.here, hand_over.created_at, hand_over.expires_at, hand_over.claimed_by, hand_over.passkey_id,
           hand_over.shown_at, hand_over.code_expires_at, hand_over.used_at,
           jsonb_build_object(
             'id', passkey.id,
             'user_id', passkey.user_id,
             'is_multi_device', passkey.is_multi_device,
             'unconfirmed_since', passkey.unconfirmed_since,
             'copied_at', passkey.copied_at) as passkey
      from identity.hand_over
      join identity.passkey on passkey.id = hand_over.passkey_id
     where hand_over.code_digest = ${codeDigest}`)
}

/** True for the one caller that used it up, while its code is the newest and good. */
export async function useHandOver(
  db: Queries,
  { id, codeDigest }: { id: string; codeDigest: Buffer },
  now: Date,
): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.hand_over
       set used_at = ${now}
     where id = ${id}
       and code_digest = ${codeDigest}
       and used_at is null
       and code_expires_at > ${now}`)
  return touched === 1
}

/** Its code was shown where it does not belong: nobody comes in by it any more. */
export async function voidHandOver(db: Queries, id: string, now: Date): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.hand_over
       set used_at = ${now}
     where id = ${id}
       and used_at is null`)
  return touched === 1
}

export async function deleteExpiredHandOvers(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.hand_over
     where id in (
       select id
         from identity.hand_over
        where expires_at <= ${before}
        order by expires_at
        limit ${limit}
          for update skip locked)`)
}
