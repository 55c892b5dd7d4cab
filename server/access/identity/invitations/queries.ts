import { type Queries, type Statement, sql } from '../../../platform/database/index.ts'
import type { Invitation, InvitationState } from './invitation.ts'

const columns = sql`id, organization_id, email, email_key, roles, application_id, pages_url, created_at, created_by,
           expires_at, accepted_at, accepted_by, revoked_at`

export async function insertInvitation(
  db: Queries,
  made: Omit<Invitation, 'accepted_at' | 'accepted_by' | 'revoked_at'> & { tokenDigest: Buffer },
): Promise<Invitation> {
  return db.one<Invitation>(sql`
    insert into identity.invitation
           (id, organization_id, email, email_key, roles, application_id, pages_url, token_digest, created_at, created_by,
            expires_at)
    values (${made.id}, ${made.organization_id}, ${made.email}, ${made.email_key}, ${made.roles}, ${made.application_id},
            ${made.pages_url}, ${made.tokenDigest}, ${made.created_at}, ${made.created_by}, ${made.expires_at})
    returning ${columns}`)
}

/** Those of the address in this organisation that were neither accepted nor revoked: there is one at most. */
export async function replaceInvitation(db: Queries, organizationId: string, emailKey: string, now: Date) {
  await db.run(sql`
    update identity.invitation
       set revoked_at = ${now}
     where organization_id = ${organizationId}
       and email_key = ${emailKey}
       and accepted_at is null
       and revoked_at is null`)
}

export async function findInvitation(db: Queries, id: string): Promise<Invitation | undefined> {
  return db.maybe<Invitation>(sql`select ${columns} from identity.invitation where id = ${id}`)
}

export async function findInvitationByToken(db: Queries, tokenDigest: Buffer): Promise<Invitation | undefined> {
  return db.maybe<Invitation>(sql`select ${columns} from identity.invitation where token_digest = ${tokenDigest}`)
}

/** Of two who press at once, the second sees what the first did. */
export async function lockInvitation(db: Queries, id: string): Promise<Invitation | undefined> {
  return db.maybe<Invitation>(sql`select ${columns} from identity.invitation where id = ${id} for update`)
}

export async function markAccepted(db: Queries, id: string, userId: string, now: Date): Promise<void> {
  await db.run(sql`
    update identity.invitation
       set accepted_at = ${now}, accepted_by = ${userId}
     where id = ${id}`)
}

export async function markRevoked(db: Queries, id: string, by: string, now: Date): Promise<Invitation> {
  return db.one<Invitation>(sql`
    update identity.invitation
       set revoked_at = ${now}, revoked_by = ${by}
     where id = ${id}
    returning ${columns}`)
}

/** An organisation is going: nobody gets in any more. How many there were, at most `limit`. */
export async function revokeOfOrganization(
  db: Queries,
  organizationId: string,
  now: Date,
  limit: number,
): Promise<number> {
  return db.run(sql`
    update identity.invitation
       set revoked_at = ${now}
     where id in (
       select id
         from identity.invitation
        where organization_id = ${organizationId}
          and accepted_at is null
          and revoked_at is null
        limit ${limit})`)
}

/** For a question about an address; asked for every address alike, so that it tells nobody anything. */
export const isInvited = (emailKey: string, now: Date) => sql`
    exists (
      select from identity.invitation
       where email_key = ${emailKey}
         and accepted_at is null
         and revoked_at is null
         and expires_at > ${now})`

const states = (now: Date): Record<InvitationState, Statement> => ({
  open: sql`and accepted_at is null and revoked_at is null and expires_at > ${now}`,
  accepted: sql`and accepted_at is not null`,
  revoked: sql`and revoked_at is not null`,
  expired: sql`and accepted_at is null and revoked_at is null and expires_at <= ${now}`,
})

export async function listInvitations(
  db: Queries,
  filter: {
    organizationId?: string | undefined
    emailKey?: string | undefined
    state?: InvitationState | undefined
    beforeId?: string | undefined
    limit: number
    now: Date
  },
): Promise<Invitation[]> {
  const { organizationId, emailKey, state, beforeId, limit, now } = filter
  const within = organizationId === undefined ? sql`` : sql`and organization_id = ${organizationId}`
  const to = emailKey === undefined ? sql`` : sql`and email_key = ${emailKey}`
  const after = beforeId === undefined ? sql`` : sql`and id < ${beforeId}`
  return db.many<Invitation>(sql`
    select ${columns}
      from identity.invitation
     where true ${within} ${to} ${state ? states(now)[state] : sql``} ${after}
     order by id desc
     limit ${limit}`)
}

/** Addresses of people who never came are not kept for ever. */
export async function deleteOldInvitations(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.invitation
     where id in (
       select id from identity.invitation where expires_at <= ${before} order by expires_at limit ${limit})`)
}

/** Of whoever is deleted for good: those to their address, and whom they invited stays as it is. */
export async function deleteInvitationsTo(db: Queries, emailKey: string): Promise<void> {
  await db.run(sql`delete from identity.invitation where email_key = ${emailKey}`)
}
