import { type Queries, sql } from '../../platform/database/index.ts'
import type { ApplicationRow } from './application.ts'

const APPLICATIONS_MAX = 10_000

export async function allApplications(db: Queries): Promise<ApplicationRow[]> {
  return db.many<ApplicationRow>(sql`
    select id, name, origins, encode(key_digest, 'base64') as key_digest, forward_key_sealed
      from applications.application
     order by id
     limit ${APPLICATIONS_MAX}`)
}

export async function upsertApplication(
  db: Queries,
  application: { id: string; name: string; origins: string[]; keyDigest: Buffer; forwardKeySealed: string },
  now: Date,
): Promise<void> {
  await db.many(sql`
    insert into applications.application (id, name, origins, key_digest, forward_key_sealed, created_at)
    values (${application.id}, ${application.name}, ${application.origins}, ${application.keyDigest},
            ${application.forwardKeySealed}, ${now})
    on conflict (id) do update
       set name = excluded.name,
           origins = excluded.origins,
           key_digest = excluded.key_digest,
           forward_key_sealed = excluded.forward_key_sealed`)
}
