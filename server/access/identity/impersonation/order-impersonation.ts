import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { newId, newSecret } from '../../../platform/id.ts'
import type { Parts } from '../parts.ts'
import { findUser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import { accountState } from '../user.ts'
import { digestOfToken, LINK_LIFE_MS, MINUTES } from './impersonation.ts'
import { findImpersonation, type ImpersonationRow, insertImpersonation } from './queries.ts'

export interface OrderImpersonation {
  user_id: string
  application_id?: string | undefined
  reason: string
  minutes?: number | undefined
}

/**
 * Lets support act as a person, for minutes and with a reason. Nothing begins here: the answer holds a link that works once
 * and for a minute, in the browser of whoever asked. So a token cannot, and a console left open cannot without a fresh sign-in.
 */
export async function orderImpersonation(
  parts: Parts,
  call: Call,
  db: Queries,
  input: OrderImpersonation,
): Promise<{ row: ImpersonationRow; url: string }> {
  const { id: staffId, kind } = call.actor!
  if (kind !== 'person') throw refuse('impersonation_by_person')
  const user = await assertMayBeActed(parts, db, input.user_id)
  const { audience, base } = placeOf(parts, input.application_id)
  const [now, token, staff] = [parts.clock.now(), newSecret(), await findUser(db, staffId)]
  const id = newId('imp', now)
  const minutes = input.minutes ?? MINUTES.usual
  await insertImpersonation(db, {
    id,
    user_id: user.id,
    audience,
    staff_id: staffId,
    staff_name: staff?.name ?? staff?.email ?? null,
    reason: input.reason.trim(),
    minutes,
    created_at: now,
    token_digest: digestOfToken(token),
    token_expires_at: new Date(now.getTime() + LINK_LIFE_MS),
  })
  // The reason is somebody's words about somebody: it stays with the impersonation, and out of the audit.
  await parts.audit(db, {
    by: byCaller(call),
    action: 'impersonation.requested',
    subject: { kind: 'user', id: user.id },
    facts: { impersonation: id, audience, minutes },
  })
  return { row: (await findImpersonation(db, id))!, url: `${base}/impersonate/${token}` }
}

/** Never staff, whose rights would come along; and nobody whose account is closed. */
export async function assertMayBeActed(parts: Parts, db: Queries, userId: string) {
  const user = await findUser(db, userId)
  if (!user) throw refuse('no_user', { id: userId.replace(/[^\w]/g, '') })
  if (parts.administrators.has(user.id)) throw refuse('impersonation_of_staff')
  const state = accountState(user)
  if (state !== 'active') throw refuse('impersonation_of_closed', { state })
  return user
}

function placeOf({ applications, config }: Parts, applicationId: string | undefined) {
  if (applicationId === undefined) return { audience: ACCOUNT_AUDIENCE, base: config.url }
  const origin = applications.find(applicationId)?.origins[0]
  if (origin === undefined) throw refuse('no_application')
  // The app's SDK hands it on from there, and the cookie becomes the app's own.
  return { audience: applicationId, base: `${origin}/auth` }
}
