import { type Queries, sql } from '../../platform/database/index.ts'
import type { ApplicationRow, OnUnknown } from './application.ts'
import type { Brand } from './brand.ts'

/** All are in the memory of every process: beyond this the operator would have to think of something else. */
export const APPLICATIONS_MAX = 10_000
/** Deletions whose sessions are ended in one round. */
const DELETIONS_MAX = 10

const columns = sql`
  id, name, origins, on_unknown_policy, on_unknown_max_age_s, brand, encode(key_digest, 'base64') as key_digest,
  forward_key_sealed, key_hint, key_created_at, encode(previous_key_digest, 'base64') as previous_key_digest,
  previous_forward_key_sealed, previous_key_valid_until, created_at, updated_at`

export async function allApplications(db: Queries): Promise<ApplicationRow[]> {
  return db.many<ApplicationRow>(sql`
    select ${columns}
      from applications.application
     where deleted_at is null
     order by id
     limit ${APPLICATIONS_MAX}`)
}

/** Newest first. */
export async function listApplications(
  db: Queries,
  filter: { search: string | undefined; beforeId: string | undefined; limit: number },
): Promise<ApplicationRow[]> {
  const { search = null, beforeId = null, limit } = filter
  return db.many<ApplicationRow>(sql`
    select ${columns}
      from applications.application
     where deleted_at is null
       and (${beforeId}::text is null or id < ${beforeId})
       and (${search}::text is null
            or position(lower(${search}) in lower(name)) > 0
            or position(lower(${search}) in array_to_string(origins, ' ')) > 0
            or id = ${search})
     order by id desc
     limit ${limit}`)
}

export async function findApplication(db: Queries, id: string): Promise<ApplicationRow | undefined> {
  return db.maybe<ApplicationRow>(sql`
    select ${columns}
      from applications.application
     where id = ${id}
       and deleted_at is null`)
}

/** Until the end of the transaction nobody else gives an origin away. */
export async function lockOrigins(db: Queries): Promise<void> {
  await db.run(sql`select pg_advisory_xact_lock(hashtextextended('applications.origins', 0))`)
}

/** The application that has one of these origins already. */
export async function findByOrigins(
  db: Queries,
  origins: readonly string[],
  exceptId: string,
): Promise<{ id: string; origins: string[] } | undefined> {
  return db.maybe<{ id: string; origins: string[] }>(sql`
    select id, origins
      from applications.application
     where deleted_at is null
       and origins && ${origins}::text[]
       and id <> ${exceptId}
     limit 1`)
}

export async function countApplications(db: Queries): Promise<number> {
  const { total } = await db.one<{ total: number }>(sql`
    select count(*)::int as total
      from applications.application
     where deleted_at is null`)
  return total
}

interface NewKey {
  keyDigest: Buffer
  forwardKeySealed: string
  keyHint: string
}

export async function insertApplication(
  db: Queries,
  made: { id: string; name: string; origins: readonly string[]; onUnknown: OnUnknown; brand: Brand } & NewKey,
  now: Date,
): Promise<ApplicationRow> {
  return db.one<ApplicationRow>(sql`
    insert into applications.application (id, name, origins, on_unknown_policy, on_unknown_max_age_s, brand, key_digest,
                                          forward_key_sealed, key_hint, key_created_at, created_at, updated_at)
    values (${made.id}, ${made.name}, ${made.origins}, ${made.onUnknown.policy}, ${made.onUnknown.max_age_s},
            ${JSON.stringify(made.brand)}, ${made.keyDigest}, ${made.forwardKeySealed}, ${made.keyHint}, ${now}, ${now},
            ${now})
    returning ${columns}`)
}

export async function updateApplication(
  db: Queries,
  changed: { id: string; name: string; origins: readonly string[]; onUnknown: OnUnknown; brand: Brand },
  now: Date,
): Promise<ApplicationRow> {
  return db.one<ApplicationRow>(sql`
    update applications.application
       set name = ${changed.name},
           origins = ${changed.origins},
           on_unknown_policy = ${changed.onUnknown.policy},
           on_unknown_max_age_s = ${changed.onUnknown.max_age_s},
           brand = ${JSON.stringify(changed.brand)},
           updated_at = ${now}
     where id = ${changed.id}
       and deleted_at is null
    returning ${columns}`)
}

/** The key that was good until now becomes the one before, up to `previousValidUntil`; null: it is void at once. */
export async function replaceKey(
  db: Queries,
  { id, keyDigest, forwardKeySealed, keyHint }: { id: string } & NewKey,
  previousValidUntil: Date | null,
  now: Date,
): Promise<ApplicationRow | undefined> {
  return db.maybe<ApplicationRow>(sql`
    update applications.application
       set previous_key_digest = case when ${previousValidUntil}::timestamptz is null then null else key_digest end,
           previous_forward_key_sealed =
             case when ${previousValidUntil}::timestamptz is null then null else forward_key_sealed end,
           previous_key_valid_until = ${previousValidUntil},
           key_digest = ${keyDigest},
           forward_key_sealed = ${forwardKeySealed},
           key_hint = ${keyHint},
           key_created_at = ${now},
           updated_at = ${now}
     where id = ${id}
       and deleted_at is null
    returning ${columns}`)
}

/** Leaves a tombstone without keys and origins. False: it had been deleted before, or never was. */
export async function deleteApplication(db: Queries, id: string, by: string, now: Date): Promise<boolean> {
  const rows = await db.run(sql`
    update applications.application
       set deleted_at = ${now},
           deleted_by = ${by},
           updated_at = ${now},
           origins = '{}',
           brand = '{}',
           key_digest = null,
           forward_key_sealed = null,
           previous_key_digest = null,
           previous_forward_key_sealed = null,
           previous_key_valid_until = null
     where id = ${id}
       and deleted_at is null`)
  return rows === 1
}

export interface Deletion {
  id: string
  deleted_at: Date
  deleted_by: string
}

/** Deleted, and some of its sessions may still live. */
export async function deletionsToFinish(db: Queries): Promise<Deletion[]> {
  return db.many<Deletion>(sql`
    select id, deleted_at, deleted_by
      from applications.application
     where deleted_at is not null
       and sessions_ended_at is null
     order by deleted_at
     limit ${DELETIONS_MAX}`)
}

export async function noteSessionsEnded(db: Queries, id: string, now: Date): Promise<void> {
  await db.run(sql`
    update applications.application
       set sessions_ended_at = ${now}
     where id = ${id}
       and deleted_at is not null`)
}

/** What a person has set since stays; a tombstone stays one. */
export async function upsertApplication(
  db: Queries,
  application: { id: string; name: string; origins: readonly string[] } & NewKey,
  now: Date,
): Promise<void> {
  const { id, name, origins, keyDigest, forwardKeySealed, keyHint } = application
  await db.run(sql`
    insert into applications.application as held (id, name, origins, key_digest, forward_key_sealed, key_hint,
                                                  key_created_at, created_at, updated_at)
    values (${id}, ${name}, ${origins}, ${keyDigest}, ${forwardKeySealed}, ${keyHint}, ${now}, ${now}, ${now})
    on conflict (id) do update
       set origins = case when held.origins @> excluded.origins then held.origins else excluded.origins end,
           key_digest = excluded.key_digest,
           forward_key_sealed = excluded.forward_key_sealed,
           key_hint = excluded.key_hint,
           key_created_at = excluded.key_created_at,
           previous_key_digest = null,
           previous_forward_key_sealed = null,
           previous_key_valid_until = null,
           updated_at = excluded.updated_at
     where held.deleted_at is null
       and held.key_digest is distinct from excluded.key_digest
        or held.deleted_at is null
       and not held.origins @> excluded.origins`)
}
