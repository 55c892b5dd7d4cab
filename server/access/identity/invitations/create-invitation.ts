import type { Asker } from '../../../ground/tenants/index.ts'
import { readRoles } from '../../../ground/tenants/index.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/id.ts'
import { digestOfToken } from '../challenge.ts'
import type { Email } from '../email.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import { findUserByEmail } from '../queries.ts'
import { refuse } from '../refusals.ts'
import { DAY_MS, type Invitation, tokenOf } from './invitation.ts'
import * as queries from './queries.ts'

const NOBODY = 'usr_nobody'

export interface CreateInvitation {
  organizationId: string
  email: Email
  roles: readonly string[]
  applicationId: string | null
  expiresInDays: number
  /** Where the invitation's page is for whoever is invited. */
  pagesUrl: string
  actor: Asker['actor']
  by: By
}

/**
 * Invites an address into an organisation; the mail is sent by the caller once this is committed. An older invitation of
 * the same address is void from then on: the newest mail is the one that works.
 */
export async function createInvitation(parts: Parts, db: Queries, input: CreateInvitation): Promise<Invitation> {
  const { organizationId, email, actor, by } = input
  const { tenants } = parts
  const now = parts.clock.now()
  const roles = readRoles(input.roles)
  if (!roles) throw refuse('bad_roles')
  if (input.applicationId !== null && !parts.applications.find(input.applicationId)) throw refuse('no_application')
  await tenants.lock(db, organizationId)
  await tenants.assertMay(db, organizationId, actor, { to: 'invite', roles })

  const user = await findUserByEmail(db, email.key)
  // Asked of nobody, too: whether an address has an account takes no longer to find out, and so cannot be timed.
  const membership = await tenants.membershipIn(db, organizationId, user?.id ?? NOBODY)
  if (membership) throw refuse('already_member')
  await parts.limiter.pass(db, hitsOf(input), now)
  await queries.replaceInvitation(db, organizationId, email.key, now)
  const id = newId('inv', now)
  const invitation = await queries.insertInvitation(db, {
    id,
    organization_id: organizationId,
    email: email.address,
    email_key: email.key,
    roles,
    application_id: input.applicationId,
    pages_url: input.pagesUrl,
    tokenDigest: digestOfToken(tokenOf(parts.secret, id)),
    created_at: now,
    created_by: by.id,
    expires_at: new Date(now.getTime() + input.expiresInDays * DAY_MS),
  })
  await tellInvitation(parts, db, { by, action: 'invitation.created', invitation, facts: { roles } })
  return invitation
}

function hitsOf({ organizationId, actor, email }: CreateInvitation) {
  const inviter = actor.isStaff ? limits.invitationByStaff : limits.invitationByPerson
  return [
    { limit: limits.invitationInOrganization, subject: organizationId },
    { limit: inviter, subject: actor.id },
    { limit: limits.invitationToAddress, subject: email.key },
  ]
}

/** Ids only: an address stands in the invitation itself, and goes with it. */
export async function tellInvitation(
  parts: Parts,
  db: Queries,
  told: { by: By; action: string; invitation: Invitation; facts?: Record<string, unknown> },
): Promise<void> {
  const { by, action, invitation, facts = {} } = told
  const { id, organization_id: organizationId } = invitation
  await parts.audit(db, { by, action, subject: { kind: 'invitation', id }, organizationId, facts })
  await parts.signal(db, { kind: action, subject: id, facts: { ...facts, organization: organizationId, by: by.id } })
}
