import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { type Audit, byCaller } from '../../audit/index.ts'
import type { Signal } from '../../signals/index.ts'
import type { StaffRow } from '../queries.ts'
import { type Scope, type StaffRole, staffRoles } from '../scopes.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'

export interface ChangeParts {
  now(): Date
  audit: Audit
  signal: Signal
  /** Those of them whose account lets them in: not blocked, not going to be deleted. */
  ableAmong(db: Queries, userIds: readonly string[]): Promise<string[]>
  /** As far as the caller may go itself. */
  scopesOfCaller(db: Queries, call: Pick<Call, 'actor'>): Promise<ReadonlySet<Scope>>
}

type Caller = Pick<Call, 'actor' | 'address' | 'headers'>

/** Gives somebody a role, or another one. Nobody gives what they have not, and the last administrator stays one. */
export async function setRole(
  parts: ChangeParts,
  db: Queries,
  call: Caller,
  { userId, role }: { userId: string; role: StaffRole },
): Promise<StaffRow> {
  await queries.lockStaff(db)
  const own = await parts.scopesOfCaller(db, call)
  if ([...staffRoles[role]].some((scope) => !own.has(scope))) throw refuse('beyond_own')
  const before = await queries.findStaff(db, userId)
  if (before?.role === role) return before
  if (before?.role === 'administrator') await assertNotLast(parts, db, userId)

  const row = await queries.setRole(db, { userId, role, by: call.actor!.id }, parts.now())
  const facts = { role, ...(before && { before: before.role }) }
  const action = before ? 'staff.role_changed' : 'staff.added'
  await parts.audit(db, { by: byCaller(call), action, subject: { kind: 'user', id: userId }, facts })
  if (role === 'administrator') {
    await parts.signal(db, { kind: 'administrator.granted', subject: userId, facts: { by: call.actor!.id } })
  }
  return row
}

/** Takes the role away. The account stays; the console is closed to it. */
export async function removeStaff(parts: ChangeParts, db: Queries, call: Caller, userId: string): Promise<void> {
  await queries.lockStaff(db)
  const before = await queries.findStaff(db, userId)
  if (!before) throw refuse('no_staff', { id: userId.replace(/[^\w]/g, '') })
  if (before.role === 'administrator') await assertNotLast(parts, db, userId)

  await queries.removeStaff(db, userId)
  const subject = { kind: 'user', id: userId }
  await parts.audit(db, { by: byCaller(call), action: 'staff.removed', subject, facts: { before: before.role } })
  await parts.signal(db, { kind: 'administrator.removed', subject: userId, facts: { by: call.actor!.id } })
}

/** Who is blocked is no other: asked under the lock that blocking takes as well, so that they cannot pass each other. */
async function assertNotLast({ ableAmong }: ChangeParts, db: Queries, userId: string): Promise<void> {
  const others = await queries.otherAdministrators(db, userId)
  const able = await ableAmong(db, others)
  if (able.length === 0) throw refuse('last_administrator')
}
