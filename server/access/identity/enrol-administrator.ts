import { byCaller } from '../../ground/audit/index.ts'
import { grantAdministrator, useEnrolment } from '../../ground/environment/index.ts'
import { DatabaseOutage, type Queries } from '../../platform/database/index.ts'
import type { Call } from '../../platform/http/index.ts'
import type { Challenge } from './challenge.ts'
import type { Parts } from './parts.ts'
import { refuse } from './refusals.ts'
import type { User } from './user.ts'

/** In the transaction that signs the first administrator in: the enrolment link is used up, and they are one. */
export async function enrolAdministrator(
  parts: Parts,
  db: Queries,
  { call, challenge, user }: { call: Call; challenge: Challenge; user: User },
): Promise<void> {
  const now = parts.clock.now()
  const isFirst = await useEnrolment(db, challenge.enrolment_digest!, now)
  // After a lost COMMIT the same person comes again, and is one already.
  if (!isFirst && !parts.administrators.has(user.id)) throw refuse('enrolment_spent')
  await grantAdministrator(db, user.id, 'enrolment', now)
  await parts.signal(db, { kind: 'administrator.granted', subject: user.id, facts: { by: 'enrolment' } })
  const subject = { kind: 'user', id: user.id }
  await parts.audit(db, {
    by: byCaller(call, user.id),
    action: 'administrator.granted',
    subject,
    facts: { by: 'enrolment' },
  })
}

/** After the commit. */
export async function learnAdministrators({ administrators, log }: Parts): Promise<void> {
  try {
    await administrators.reload()
  } catch (error) {
    // They are read again every few seconds; the grant itself is committed.
    if (!(error instanceof DatabaseOutage)) throw error
    log.warn({}, 'the new administrator is known here a little later: the database is away')
  }
}
