import { prepared, type Queries, type Statement, sql } from '../../platform/database/index.ts'
import type { AuditSaid } from './entry.ts'
import { newPersonal } from './personal.ts'

interface Entry extends AuditSaid {
  at: Date
}

/** Written with the COMMIT, together with what else the transaction does that is audited. */
export async function appendEntry(db: Queries, said: AuditSaid, at: Date): Promise<void> {
  await db.gather(insertEntries, { ...said, at })
}

function insertEntries(entries: readonly Entry[]): Statement {
  const of = <T>(take: (entry: Entry) => T) => entries.map(take)
  const personal = of(({ by }) => newPersonal(by.address, by.userAgent))
  return prepared(sql`
    insert into audit.entry (at, action, actor_kind, actor_id, impersonator_id, subject_kind, subject_id,
                             organization_id, facts, address, user_agent, personal_salt, personal_digest)
    select at, action, actor_kind, actor_id, impersonator_id, subject_kind, subject_id,
           organization_id, facts::jsonb, address, user_agent, personal_salt, personal_digest
      from unnest(${of(({ at }) => at)}::timestamptz[], ${of(({ action }) => action)}::text[],
                  ${of(({ by }) => by.kind)}::text[], ${of(({ by }) => by.id)}::text[],
                  ${of(({ by }) => by.impersonatorId)}::text[],
                  ${of(({ subject }) => subject.kind)}::text[], ${of(({ subject }) => subject.id)}::text[],
                  ${of(({ organizationId = null }) => organizationId)}::text[],
                  ${of(({ facts = {} }) => JSON.stringify(facts))}::text[],
                  ${of(({ by }) => by.address)}::text[], ${of(({ by }) => by.userAgent)}::text[],
                  ${personal.map(({ salt }) => salt)}::bytea[], ${personal.map(({ digest }) => digest)}::bytea[])
           with ordinality as said (at, action, actor_kind, actor_id, impersonator_id, subject_kind, subject_id,
                                    organization_id, facts, address, user_agent, personal_salt, personal_digest, place)
     order by place`)
}
