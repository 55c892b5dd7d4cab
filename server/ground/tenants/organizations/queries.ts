import { type Queries, type Statement, sql } from '../../../platform/database/index.ts'
import type { Organization, OrganizationState } from '../organization.ts'

const columns = sql`
  organization.id, organization.name, organization.slug, organization.metadata_public, organization.metadata_private,
  organization.members, organization.created_at, organization.created_by, organization.updated_at,
  organization.deleted_at, organization.deletes_at`

/** Undefined: another has the slug. */
export async function insertOrganization(
  db: Queries,
  made: {
    id: string
    name: string
    slug: string
    words: string[]
    bucket: number
    metadataPublic: string
    metadataPrivate: string
    by: string
    now: Date
  },
): Promise<Organization | undefined> {
  return db.maybe<Organization>(sql`
    insert into tenants.organization as organization
           (id, name, slug, words, bucket, metadata_public, metadata_private, created_at, created_by, updated_at)
    values (${made.id}, ${made.name}, ${made.slug}, array_to_tsvector(${made.words}::text[]), ${made.bucket},
            ${made.metadataPublic}, ${made.metadataPrivate}, ${made.now}, ${made.by}, ${made.now})
    on conflict (slug) do nothing
    returning ${columns}`)
}

export async function findOrganization(db: Queries, id: string): Promise<Organization | undefined> {
  return db.maybe<Organization>(sql`
    select ${columns}
      from tenants.organization
     where id = ${id}`)
}

/** One change of an organisation or its members after the other: the last owner is counted under this lock. */
export async function lockOrganization(db: Queries, id: string): Promise<Organization | undefined> {
  return db.maybe<Organization>(sql`
    select ${columns}
      from tenants.organization
     where id = ${id}
       for update`)
}

export async function isSlugTaken(db: Queries, slug: string, exceptId: string): Promise<boolean> {
  const { taken } = await db.one<{ taken: boolean }>(sql`
    select exists (select from tenants.organization where slug = ${slug} and id <> ${exceptId}) as taken`)
  return taken
}

export async function updateOrganization(
  db: Queries,
  changed: {
    id: string
    name: string
    slug: string
    words: string[]
    metadataPublic: string
    metadataPrivate: string
    now: Date
  },
): Promise<Organization> {
  return db.one<Organization>(sql`
    update tenants.organization as organization
       set name = ${changed.name}, slug = ${changed.slug}, words = array_to_tsvector(${changed.words}::text[]),
           metadata_public = ${changed.metadataPublic},
           metadata_private = ${changed.metadataPrivate}, updated_at = ${changed.now}
     where id = ${changed.id}
    returning ${columns}`)
}

export async function setDeletion(
  db: Queries,
  deletion: { id: string; deletedAt: Date | null; deletesAt: Date | null; now: Date },
): Promise<Organization> {
  return db.one<Organization>(sql`
    update tenants.organization as organization
       set deleted_at = ${deletion.deletedAt}, deletes_at = ${deletion.deletesAt}, updated_at = ${deletion.now}
     where id = ${deletion.id}
    returning ${columns}`)
}

export async function countMember(db: Queries, id: string, by: 1 | -1): Promise<void> {
  await db.run(sql`update tenants.organization set members = members + ${by} where id = ${id}`)
}

const states: Record<OrganizationState, Statement> = {
  active: sql`and organization.deleted_at is null`,
  deleting: sql`and organization.deleted_at is not null`,
  all: sql``,
}

/** Newest first. `words` is a query of beginnings, as `beginningsOf` writes it. */
export async function listOrganizations(
  db: Queries,
  filter: { words: string | undefined; state: OrganizationState; beforeId: string | undefined; limit: number },
): Promise<Organization[]> {
  const { words, state, beforeId, limit } = filter
  const after = beforeId === undefined ? sql`` : sql`and organization.id < ${beforeId}`
  if (words !== undefined) return searchOrganizations(db, { words, state: states[state], after, limit })
  return db.many<Organization>(sql`
    select ${columns}
      from tenants.organization
     where true ${states[state]} ${after}
     order by organization.id desc
     limit ${limit}`)
}

/**
 * By the index of words alone: materialised, because PostgreSQL takes the beginning of a word for frequent and would walk
 * through all organisations to find none.
 */
async function searchOrganizations(
  db: Queries,
  find: { words: string; state: Statement; after: Statement; limit: number },
): Promise<Organization[]> {
  return db.many<Organization>(sql`
    with found as materialized (
      select id
        from tenants.organization
       where organization.words @@ ${find.words}::tsquery ${find.state} ${find.after}),
    page as materialized (
      select id from found order by id desc limit ${find.limit})
    select ${columns}
      from tenants.organization
     where organization.id in (select id from page)
     order by organization.id desc
     limit ${find.limit}`)
}

/** Those a person is in. */
export async function organizationsOfUser(db: Queries, userId: string, limit: number): Promise<Organization[]> {
  return db.many<Organization>(sql`
    select ${columns}
      from tenants.membership
      join tenants.organization on organization.id = membership.organization_id
     where membership.user_id = ${userId}
       and organization.deleted_at is null
     order by organization.id desc
     limit ${limit}`)
}

export async function organizationNames(db: Queries, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.many<{ id: string; name: string }>(sql`
    select id, name
      from tenants.organization
     where id = any(${ids})
     limit ${ids.length}`)
  return new Map(rows.map((row) => [row.id, row.name]))
}

export async function idsToPurge(db: Queries, now: Date, limit: number): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    select id
      from tenants.organization
     where deleted_at is not null
       and deletes_at <= ${now}
     order by deletes_at
     limit ${limit}`)
  return rows.map((row) => row.id)
}

export async function purgeOrganization(db: Queries, id: string, now: Date): Promise<void> {
  await db.run(sql`delete from tenants.organization where id = ${id}`)
  await db.run(sql`
    insert into tenants.tombstone (organization_id, purged_at)
    values (${id}, ${now})
    on conflict do nothing`)
}
