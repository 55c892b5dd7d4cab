import type { Static } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import { countOlder, type Queries } from '../../../platform/database/index.ts'
import { type Answer, type Call, empty, json } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import { once } from '../../../platform/idempotency.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { checkPolicy, warningOf } from './check-policy.ts'
import { isLooser } from './looser.ts'
import { type SignInPolicy, USUAL } from './policy.ts'
import * as queries from './queries.ts'
import type { SavePolicy } from './shapes.ts'
import { tellPolicy } from './tell.ts'

/** Long enough for somebody who did not mean it to read a mail, and longer than nearly every outage. */
export const WAIT_MS = 24 * 60 * 60_000

type OfOrganization<Body = unknown> = Call<Body, unknown, { id: string }>

/** What is in force, and what waits. */
export async function showPolicy(parts: Parts, call: OfOrganization): Promise<Answer> {
  const { id } = call.params
  await parts.tenants.assertMay(parts.db, id, call.actor!, { to: 'read' })
  return json(200, await shown(parts, parts.db, id))
}

/**
 * `PUT /v1/organizations/{id}/sign-in-policy`. A policy that lets in nobody more holds at once; a looser one waits for a day
 * and for its providers to be well, and everybody who manages the organisation is told. What waited before is replaced.
 */
export async function savePolicy(parts: Parts, call: OfOrganization<Static<typeof SavePolicy>>): Promise<Answer> {
  const { id } = call.params
  const { epoch, reason } = call.body
  const policy = inOrder(call.body.policy)
  checkPolicy(policy, (provider) => parts.providers.find(provider))
  let tell = async () => {}
  const answer = await once(parts, call, async (db) => {
    const now = await parts.sharedNow(db)
    await assertAllKnow(db)
    await parts.tenants.lock(db, id)
    const before = await inForce(db, id)
    if (before.epoch !== epoch) throw refuse('policy_changed', { epoch: before.epoch })
    const by = call.actor!.id
    await queries.settleWaiting(db, { organizationId: id, as: 'replaced' }, now)
    const isWaiting = isLooser(before.policy, policy)
    const takesEffectAt = new Date(now.getTime() + WAIT_MS)
    if (isWaiting) {
      const change = { id: newId('spc', now), organizationId: id, policy, reason, by, takesEffectAt }
      await queries.insertChange(db, change, now)
    } else await queries.putPolicy(db, { organizationId: id, policy, epoch: epoch + 1, by }, now)
    const kind = isWaiting ? 'waiting' : 'changed'
    await note(parts, db, call, { kind, reason, policy, epoch: isWaiting ? epoch : epoch + 1 })
    tell = () =>
      tellPolicy(parts, id, isWaiting ? { kind: 'waiting', takesEffectAt } : { kind: 'changed' }, { policy, reason })
    return json(isWaiting ? 202 : 200, await shown(parts, db, id))
  })
  await tell()
  return answer
}

/** As processes of access call themselves where they beat. */
const ACCESS = 'holdfast access'

/** A release of before policies reads none: what was saved here as a demand would be none there, and nobody would know. */
async function assertAllKnow(db: Queries): Promise<void> {
  const count = await countOlder(db, ACCESS)
  if (count > 0) throw refuse('policy_older_process', { count })
}

/** `DELETE /v1/organizations/{id}/sign-in-policy/waiting`: what was loosened will not take effect. */
export async function withdrawPolicy(parts: Parts, call: OfOrganization): Promise<Answer> {
  const { id } = call.params
  let tell = async () => {}
  const answer = await once(parts, call, async (db) => {
    await parts.tenants.lock(db, id)
    const change = await queries.settleWaiting(db, { organizationId: id, as: 'withdrawn' }, await parts.sharedNow(db))
    if (!change) throw refuse('no_policy_waiting')
    const { policy, reason } = change
    await note(parts, db, call, { kind: 'withdrawn', reason: null, policy, epoch: (await inForce(db, id)).epoch })
    tell = () => tellPolicy(parts, id, { kind: 'withdrawn' }, { policy, reason })
    return empty(204)
  })
  await tell()
  return answer
}

/** Each way once and in our order, so that equal policies are equal. */
function inOrder({ ordinary, fail_over: failOver, ...policy }: SignInPolicy): SignInPolicy {
  const ordered = <Way extends string>(ways: readonly Way[], all: readonly Way[]) =>
    all.filter((way) => ways.includes(way))
  return {
    ...policy,
    ordinary: ordered(ordinary, ['provider', 'passkey', 'email']),
    fail_over: failOver && { ...failOver, ways: ordered(failOver.ways, ['passkey', 'email']) },
  }
}

export async function inForce(db: Queries, organizationId: string): Promise<{ policy: SignInPolicy; epoch: number }> {
  const [kept] = await queries.policiesOf(db, [organizationId])
  return kept ?? { policy: USUAL, epoch: 0 }
}

async function shown(parts: Parts, db: Queries, organizationId: string) {
  const [{ policy, epoch }, waiting] = await Promise.all([
    inForce(db, organizationId),
    queries.findWaiting(db, organizationId),
  ])
  return {
    ...{ policy, epoch },
    // Of the one that was just saved, where it waits.
    warning: warningOf(waiting?.policy ?? policy, (provider) => parts.providers.find(provider)),
    waiting: waiting
      ? {
          policy: waiting.policy,
          asked_at: waiting.asked_at,
          takes_effect_at: waiting.takes_effect_at,
          asked_by: waiting.asked_by,
          reason: waiting.reason,
        }
      : null,
  }
}

interface Noted {
  kind: 'changed' | 'waiting' | 'withdrawn'
  reason: string | null
  policy: SignInPolicy
  epoch: number
}

async function note(parts: Parts, db: Queries, call: OfOrganization, { kind, reason, policy, epoch }: Noted) {
  const { id } = call.params
  const action = `sign-in-policy.${kind}`
  await parts.signal(db, { kind: action, subject: id, facts: { by: call.actor!.id, epoch, organization_id: id } })
  const subject = { kind: 'organization', id }
  const facts = { epoch, policy, ...(reason !== null && { reason }) }
  await parts.audit(db, { by: byCaller(call), action, subject, organizationId: id, facts })
}
