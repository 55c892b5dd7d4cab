import { type Queries, sql } from '../../platform/database/index.ts'
import type { AuditSaid } from './entry.ts'
import { newPersonal } from './personal.ts'

export async function appendEntry(db: Queries, said: AuditSaid, at: Date): Promise<void> {
  const { by, action, subject, organizationId = null, facts = {} } = said
  const { salt, digest } = newPersonal(by.address, by.userAgent)
  await db.run(sql`
    insert into audit.entry (at, action, actor_kind, actor_id, impersonator_id, subject_kind, subject_id,
                             organization_id, facts, address, user_agent, personal_salt, personal_digest)
    values (${at}, ${action}, ${by.kind}, ${by.id}, ${by.impersonatorId}, ${subject.kind}, ${subject.id},
            ${organizationId}, ${JSON.stringify(facts)}, ${by.address}, ${by.userAgent}, ${salt}, ${digest})`)
}
