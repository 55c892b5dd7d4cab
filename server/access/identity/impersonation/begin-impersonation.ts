import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Call, CookieChange } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import type { Parts } from '../parts.ts'
import { sessionUser } from '../user.ts'
import { ASSURANCE, digestOfToken, stateOf } from './impersonation.ts'
import { tellPerson } from './mail.ts'
import { assertMayBeActed } from './order-impersonation.ts'
import * as queries from './queries.ts'

export type Seen =
  | { outcome: 'ready'; row: queries.ImpersonationRow }
  /** Used, run out, or for another application than the one that hands it on. */
  | { outcome: 'over' }

const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** Consumes nothing: what opens links by itself begins nothing. */
export async function lookAtImpersonation(parts: Parts, call: Call, token: string): Promise<Seen> {
  const row = TOKEN.test(token) ? await queries.findByToken(parts.db, digestOfToken(token)) : undefined
  if (!row || row.audience !== (call.application ?? ACCOUNT_AUDIENCE)) return { outcome: 'over' }
  const mayStill = parts.administrators.scopesOf(row.staff_id).has('users:impersonate')
  return mayStill && stateOf(row, parts.clock.now()) === 'waiting' ? { outcome: 'ready', row } : { outcome: 'over' }
}

/**
 * Begins the session in this browser. Its id stands in the impersonation, and the audit has its entry, before it exists:
 * whatever is lost in between, nobody acts as a person without a trace.
 */
export async function beginImpersonation(
  parts: Parts,
  call: Call,
  token: string,
): Promise<{ outcome: 'begun'; row: queries.ImpersonationRow; cookies: CookieChange[] } | { outcome: 'over' }> {
  const seen = await lookAtImpersonation(parts, call, token)
  if (seen.outcome === 'over') return seen
  const { row } = seen
  const now = parts.clock.now()
  const lifeMs = row.minutes * 60_000
  const sessionId = newId('ses', now)
  const used = await parts.db.transaction(async (db) => {
    const user = await assertMayBeActed(parts, db, row.user_id)
    const endsAt = new Date(now.getTime() + lifeMs)
    if (!(await queries.useToken(db, { id: row.id, sessionId, now, endsAt }))) return undefined
    await parts.audit(db, {
      by: byStaff(row, call),
      action: 'impersonation.started',
      subject: { kind: 'user', id: row.user_id },
      facts: { impersonation: row.id, session: sessionId, audience: row.audience, minutes: row.minutes },
    })
    const facts = { user: row.user_id, staff: row.staff_id, minutes: row.minutes }
    await parts.signal(db, { kind: 'impersonation.started', subject: row.id, facts })
    return { user, endsAt }
  })
  if (!used) return { outcome: 'over' }
  const { cookies } = await parts.sessions.issue(call, {
    id: sessionId,
    user: sessionUser(used.user),
    audience: row.audience,
    amr: [],
    acr: ASSURANCE,
    impersonator: { id: row.staff_id, name: row.staff_name },
    lifeMs,
  })
  tellPerson(parts, used.user, { ...row, started_at: now, ends_at: used.endsAt })
  return { outcome: 'begun', row, cookies }
}

const byStaff = (row: queries.ImpersonationRow, call: Call): By => ({
  kind: 'person',
  id: row.staff_id,
  impersonatorId: null,
  address: call.address,
  userAgent: call.headers['user-agent']?.slice(0, 400) ?? null,
})
