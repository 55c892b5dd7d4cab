import { prepared, type Queries, sql } from '../../../platform/database/index.ts'
import type { Membership, Standing } from '../membership.ts'

const columns = sql`
  membership.id, membership.organization_id, membership.user_id, membership.roles, membership.created_at,
  membership.created_by, membership.last_used_at`

/** Undefined: the person is in it already. */
export async function insertMembership(
  db: Queries,
  made: { id: string; organizationId: string; userId: string; roles: string[]; by: string; now: Date },
): Promise<Membership | undefined> {
  return db.maybe<Membership>(sql`
    insert into tenants.membership as membership (id, organization_id, user_id, roles, created_at, created_by)
    values (${made.id}, ${made.organizationId}, ${made.userId}, ${made.roles}, ${made.now}, ${made.by})
    on conflict (organization_id, user_id) do nothing
    returning ${columns}`)
}

export async function findMembership(db: Queries, id: string): Promise<Membership | undefined> {
  return db.maybe<Membership>(sql`
    select ${columns}
      from tenants.membership
     where id = ${id}`)
}

export async function membershipOf(
  db: Queries,
  organizationId: string,
  userId: string,
): Promise<Membership | undefined> {
  return db.maybe<Membership>(sql`
    select ${columns}
      from tenants.membership
     where organization_id = ${organizationId}
       and user_id = ${userId}`)
}

export async function setRoles(db: Queries, id: string, roles: string[]): Promise<Membership> {
  return db.one<Membership>(sql`
    update tenants.membership as membership
       set roles = ${roles}
     where id = ${id}
    returning ${columns}`)
}

export async function deleteMembership(db: Queries, id: string): Promise<void> {
  await db.run(sql`delete from tenants.membership where id = ${id}`)
}

export async function deleteMembershipsOf(db: Queries, organizationId: string, limit: number): Promise<number> {
  return db.run(sql`
    delete from tenants.membership
     where id in (
       select id from tenants.membership where organization_id = ${organizationId} order by id limit ${limit})`)
}

/** Two are enough to know whether one is the last. */
export async function countOwners(db: Queries, organizationId: string): Promise<number> {
  const rows = await db.many<{ id: string }>(sql`
    select id
      from tenants.membership
     where organization_id = ${organizationId}
       and 'owner' = any (roles)
     limit 2`)
  return rows.length
}

export async function countMembershipsOfUser(db: Queries, userId: string): Promise<number> {
  const { total } = await db.one<{ total: number }>(sql`
    select count(*)::int as total from tenants.membership where user_id = ${userId}`)
  return total
}

export interface ListedMembership extends Membership {
  organization_name: string
}

/** Newest first; those of an organisation that is being deleted only where it is asked for by its id. */
export async function listMemberships(
  db: Queries,
  filter: {
    organizationId: string | undefined
    userId: string | undefined
    beforeId: string | undefined
    limit: number
  },
): Promise<ListedMembership[]> {
  const { organizationId, userId, beforeId, limit } = filter
  const within = organizationId === undefined ? sql`` : sql`and membership.organization_id = ${organizationId}`
  const of = userId === undefined ? sql`` : sql`and membership.user_id = ${userId}`
  const after = beforeId === undefined ? sql`` : sql`and membership.id < ${beforeId}`
  return db.many<ListedMembership>(sql`
    select ${columns}, organization.name as organization_name
      from tenants.membership
      join tenants.organization on organization.id = membership.organization_id
     where true ${within} ${of} ${after}
     order by membership.id desc
     limit ${limit}`)
}

/** A person's, with what a page and a session need of each; not those of organisations that are being deleted. */
export async function membershipsOfUser(db: Queries, userId: string, limit: number): Promise<ListedMembership[]> {
  return db.many<ListedMembership>(sql`
    select ${columns}, organization.name as organization_name
      from tenants.membership
      join tenants.organization on organization.id = membership.organization_id
     where membership.user_id = ${userId}
       and organization.deleted_at is null
     order by organization.name, membership.id
     limit ${limit}`)
}

/**
 * Where a sign-in goes on: the last used one, or else the oldest. Held until the session stands, so that a change of
 * the roles comes either before it or after it, and never slips by in between.
 */
export async function standingAtSignIn(db: Queries, userId: string): Promise<Standing | undefined> {
  return db.maybe<Standing>(
    prepared(sql`
    select organization.id, membership.roles
      from tenants.membership
      join tenants.organization on organization.id = membership.organization_id
     where membership.user_id = ${userId}
       and organization.deleted_at is null
     order by membership.last_used_at desc nulls last, membership.id
     limit 1
       for share`),
  )
}

/** Of several people at once; not in organisations that are being deleted. */
export async function organizationsOf(
  db: Queries,
  userIds: readonly string[],
  limit: number,
): Promise<Pick<Membership, 'user_id' | 'organization_id' | 'created_at'>[]> {
  return db.many(sql`
    select membership.user_id, membership.organization_id, membership.created_at
      from tenants.membership
      join tenants.organization on organization.id = membership.organization_id
     where membership.user_id = any(${userIds}::text[])
       and organization.deleted_at is null
     order by membership.user_id, membership.organization_id
     limit ${limit}`)
}

/** What somebody is in an organisation now, held as above. */
export async function standingIn(db: Queries, organizationId: string, userId: string): Promise<Standing | undefined> {
  return db.maybe<Standing>(sql`
    select organization.id, membership.roles
      from tenants.membership
      join tenants.organization on organization.id = membership.organization_id
     where membership.organization_id = ${organizationId}
       and membership.user_id = ${userId}
       and organization.deleted_at is null
       for share`)
}

export async function noteUse(db: Queries, organizationId: string, userId: string, now: Date): Promise<void> {
  await db.run(sql`
    update tenants.membership
       set last_used_at = ${now}
     where organization_id = ${organizationId}
       and user_id = ${userId}`)
}

/** Newest person first: ids of people are in the order of time. */
export async function memberIds(
  db: Queries,
  organizationId: string,
  page: { beforeId: string | undefined; limit: number },
): Promise<string[]> {
  const after = page.beforeId === undefined ? sql`` : sql`and user_id < ${page.beforeId}`
  const rows = await db.many<{ user_id: string }>(sql`
    select user_id
      from tenants.membership
     where organization_id = ${organizationId} ${after}
     order by user_id desc
     limit ${page.limit}`)
  return rows.map((row) => row.user_id)
}
