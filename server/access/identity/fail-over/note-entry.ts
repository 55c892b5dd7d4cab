import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import type { SignInMethod } from '../complete-sign-in.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../user.ts'
import type { Decision } from './decide-entry.ts'
import * as queries from './queries.ts'

const HOUR_MS = 60 * 60_000

/** What a session is begun with. */
export function beginningOf(decision: Decision | undefined) {
  if (!decision) return {}
  const { organizationIds, failOver } = decision
  return {
    mayActFor: (id: string) => organizationIds.includes(id),
    ...(failOver && { standsInFor: failOver.providerId, lifeMs: failOver.minutes * 60_000 }),
  }
}

/** With the session, or not at all: who was let in because their provider was down is listed, audited and told. */
export async function noteEntry(
  parts: Parts,
  db: Queries,
  entered: { call: Call; user: User; method: SignInMethod; sessionId: string; decision: Decision },
): Promise<void> {
  const { call, user, method, sessionId, decision } = entered
  const { failOver, came } = decision
  const now = parts.clock.now()
  if (came.way === 'provider') await queries.noteProved(db, sessionId, now)
  if (!failOver) return
  const { providerId, organizationId, epoch } = failOver
  await queries.insertSignIn(db, {
    id: newId('fos', now),
    user_id: user.id,
    organization_id: organizationId,
    provider_id: providerId,
    epoch,
    method: method as queries.FailOverSignIn['method'],
    session_id: sessionId,
    at: now,
  })
  const facts = { provider: providerId, epoch, method, session: sessionId }
  await parts.signal(db, {
    kind: 'fail-over.signed-in',
    subject: user.id,
    facts: { ...facts, organization_id: organizationId },
  })
  const subject = { kind: 'user', id: user.id }
  await parts.audit(db, { by: byCaller(call, user.id), action: 'fail-over.signed-in', subject, organizationId, facts })
}

/** Counted, for nobody sees otherwise whom a policy keeps out in an outage; by the hour, and without a name. */
export async function noteRefusals(
  parts: Parts,
  db: Queries,
  userId: string,
  { refused, came }: Decision,
): Promise<void> {
  const now = parts.clock.now()
  const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS)
  for (const { organizationId, because } of refused) {
    await queries.countRefusal(db, { hour, organizationId, reason: because })
    const facts = { organization_id: organizationId, reason: because, way: came.way }
    await parts.signal(db, { kind: 'fail-over.refused', subject: userId, facts })
  }
}
