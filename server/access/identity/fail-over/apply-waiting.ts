import { BY_ITSELF } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import type { SignInPolicy } from './policy.ts'
import * as queries from './queries.ts'
import { inForce } from './save-policy.ts'
import { tellPolicy } from './tell.ts'

/** Of one round; the next takes more. */
const CHANGES_A_ROUND = 50
/**
 * No outage lasts so long: a provider that has not been offered since, or is deleted, was given up, and whoever leaves it must
 * not be bound to it for ever.
 */
const GIVEN_UP_MS = 7 * 24 * 60 * 60_000

/**
 * Puts looser policies in force that have waited long enough. None begins while a provider that it or its predecessor names is
 * not well, by the row of its verdict: what an outage would open must not be made wider in it, and to switch the provider off
 * ends no outage. Then it waits on, and is looked at every few seconds.
 */
export async function applyWaiting(parts: Parts): Promise<void> {
  const { background } = parts
  for (const { id, organization_id } of await queries.dueChanges(
    background,
    await parts.sharedNow(background),
    CHANGES_A_ROUND,
  )) {
    const applied = await background.transaction((db) => apply(parts, db, { id, organizationId: organization_id }))
    if (applied) await tellPolicy(parts, organization_id, { kind: 'applied' }, applied)
  }
}

async function apply(
  parts: Parts,
  db: Queries,
  { id, organizationId }: { id: string; organizationId: string },
): Promise<queries.WaitingChange | undefined> {
  const now = await parts.sharedNow(db)
  const organization = await parts.tenants.find(db, organizationId)
  if (!organization || organization.deleted_at) {
    await queries.settleWaiting(db, { organizationId, as: 'withdrawn' }, now)
    return undefined
  }
  // In the order in which whoever saves one takes them.
  await parts.tenants.lock(db, organizationId)
  const waiting = await queries.findWaiting(db, organizationId)
  // Withdrawn, replaced, or put in force by another process meanwhile.
  if (waiting?.id !== id) return undefined
  const before = await inForce(db, organizationId)
  const isGivenUp = now.getTime() - waiting.asked_at.getTime() >= GIVEN_UP_MS
  if (!(await mayBegin(parts, db, [before.policy, waiting.policy], isGivenUp))) return undefined
  await queries.settleWaiting(db, { organizationId, as: 'applied' }, now)
  const epoch = before.epoch + 1
  const { policy, asked_by: by, reason } = waiting
  await queries.putPolicy(db, { organizationId, policy, epoch, by }, now)
  const facts = { by, epoch, organization_id: organizationId }
  await parts.signal(db, { kind: 'sign-in-policy.applied', subject: organizationId, facts })
  await parts.audit(db, {
    by: BY_ITSELF,
    action: 'sign-in-policy.applied',
    subject: { kind: 'organization', id: organizationId },
    organizationId,
    facts: { epoch, policy, asked_by: by, ...(reason !== null && { reason }) },
  })
  return waiting
}

async function mayBegin(
  parts: Parts,
  db: Queries,
  policies: readonly SignInPolicy[],
  isGivenUp: boolean,
): Promise<boolean> {
  const ids = new Set(policies.flatMap(({ provider_id }) => provider_id ?? []))
  const conditions = await Promise.all([...ids].map((id) => parts.providers.conditionIn(db, id)))
  return conditions.every((condition) => condition === 'well' || (condition === 'withdrawn' && isGivenUp))
}
