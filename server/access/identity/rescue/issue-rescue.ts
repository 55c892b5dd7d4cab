import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import { mayManage, type Organization } from '../../../ground/tenants/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import type { Secret } from '../../../platform/secret.ts'
import { newCode, readCode } from '../break-glass/code.ts'
import { addressOf } from '../fail-over/queries.ts'
import type { Parts } from '../parts.ts'
import { findUser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import { accountState, type User } from '../user.ts'
import * as queries from './queries.ts'
import { type HandOver, RESCUE_LIFE_MS, type RescueRow } from './rescue.ts'

export interface IssueRescue {
  user_id: string
  hand_over: HandOver
  reason: string
  application_id?: string | undefined
}

export interface RescueIssued {
  row: RescueRow
  organization: Organization
  /** Told once: to whoever reads it out, or to the person's mailbox. */
  code: string
  /** Where it is typed. */
  url: string
}

/**
 * Makes a way in for an owner or administrator of an organisation who is locked out: their provider is broken, and they have no
 * passkey. It is somebody's word against a policy that the customer chose, so it takes an administrator of the installation with
 * a fresh sign-in and a reason, works once and for half an hour, and everybody who manages the organisation is told.
 */
export async function issueRescue(
  parts: Parts,
  call: Call,
  db: Queries,
  { organizationId, input }: { organizationId: string; input: IssueRescue },
): Promise<RescueIssued> {
  const { actor } = call
  if (actor?.kind !== 'person' || parts.administrators.roleOf(actor.id) !== 'administrator') {
    throw refuse('rescue_by_administrator')
  }
  if (actor.id === input.user_id) throw refuse('rescue_of_oneself')
  // Locked: whoever takes the role away at this moment does so before or after, and not in between.
  const organization = await parts.tenants.lock(db, organizationId)
  const user = await assertRescuable(parts, db, organizationId, input.user_id)
  if (input.hand_over === 'mail') await assertProven(parts, db, user)
  const { audience, url } = placeOf(parts, input.application_id)

  const now = parts.clock.now()
  const [code, id, issuer] = [newCode(), newId('rsc', now), await findUser(db, actor.id)]
  await queries.insertRescue(db, {
    id,
    organization_id: organizationId,
    user_id: user.id,
    audience,
    digest: digestOfRescue(parts.secret, user.id, code),
    hand_over: input.hand_over,
    reason: input.reason.trim(),
    issued_by: actor.id,
    issued_by_name: issuer?.name ?? issuer?.email ?? null,
    created_at: now,
    expires_at: new Date(now.getTime() + RESCUE_LIFE_MS),
  })
  // The reason is somebody's words about somebody: it stays with the rescue, and out of the audit.
  const facts = { rescue: id, hand_over: input.hand_over, audience }
  const subject = { kind: 'user', id: user.id }
  await parts.audit(db, { by: byCaller(call), action: 'rescue.issued', subject, organizationId, facts })
  await parts.signal(db, { kind: 'rescue.issued', subject: id, facts: { user: user.id, organization: organizationId } })
  return { row: (await queries.findRescue(db, id))!, organization, code, url }
}

/** Whoever has no say in it gets no way round its policy. */
export async function assertRescuable(
  parts: Parts,
  db: Queries,
  organizationId: string,
  userId: string,
): Promise<User> {
  const user = await findUser(db, userId)
  const membership = user && (await parts.tenants.membershipIn(db, organizationId, user.id))
  if (!membership || !mayManage(membership.roles)) throw refuse('rescue_of_manager')
  const state = accountState(user)
  if (state !== 'active') throw refuse('rescue_of_closed', { state })
  return user
}

/** A mailbox that nobody ever proved may be anybody's. */
async function assertProven(parts: Parts, db: Queries, user: User): Promise<void> {
  const address = await addressOf(db, user.id)
  const isAsserted = address?.asserted_by != null && parts.providers.find(address.asserted_by)?.trusts_email === true
  if (address?.proved_at == null && !isAsserted) throw refuse('rescue_not_by_mail')
}

function placeOf({ applications, config }: Parts, applicationId: string | undefined) {
  if (applicationId === undefined) return { audience: ACCOUNT_AUDIENCE, url: `${config.url}/sign-in/rescue` }
  const origin = applications.find(applicationId)?.origins[0]
  if (origin === undefined) throw refuse('no_application')
  // The app's SDK hands it on from there, and the cookie becomes the app's own.
  return { audience: applicationId, url: `${origin}/auth/sign-in/rescue` }
}

/** Bound to its person, and keyed apart from printed codes: neither opens what the other does. */
export const digestOfRescue = (secret: Secret, userId: string, code: string) =>
  secret.hmac('rescue', `${userId}\n${readCode(code) ?? ''}`)
