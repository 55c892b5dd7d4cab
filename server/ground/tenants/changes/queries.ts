import { type Queries, sql } from '../../../platform/database/index.ts'

export interface MembershipChange {
  seq: number
  organization_id: string
  /** Null: everybody in it. */
  user_id: string | null
}

/** Takes the next number, in the order of commits: the head row stays locked until the transaction ends. */
export async function appendChange(
  db: Queries,
  change: { organizationId: string; userId: string | null; at: Date },
): Promise<void> {
  await db.run(sql`
    with head as (update tenants.membership_change_head set seq = seq + 1 returning seq)
    insert into tenants.membership_change (seq, organization_id, user_id, at)
    select head.seq, ${change.organizationId}, ${change.userId}, ${change.at}
      from head`)
}

export async function changesAfter(db: Queries, seq: number, limit: number): Promise<MembershipChange[]> {
  return db.many<MembershipChange>(sql`
    select seq::float8 as seq, organization_id, user_id
      from tenants.membership_change
     where seq > ${seq}
     order by seq
     limit ${limit}`)
}

/** How far the log goes, and how far every session has followed it. */
export async function changePosition(db: Queries): Promise<{ head: number; applied: number }> {
  return db.one<{ head: number; applied: number }>(sql`
    select head.seq::float8 as head, applied.seq::float8 as applied
      from tenants.membership_change_head head
     cross join tenants.membership_change_applied applied
     limit 1`)
}

/** Several processes note it; the furthest counts. */
export async function noteApplied(db: Queries, seq: number): Promise<void> {
  await db.run(sql`
    update tenants.membership_change_applied
       set seq = ${seq}
     where seq < ${seq}`)
}

export async function forgetChanges(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from tenants.membership_change
     where seq in (
       select membership_change.seq
         from tenants.membership_change
        where membership_change.at < ${before}
          and membership_change.seq <= (select applied.seq from tenants.membership_change_applied applied limit 1)
        order by membership_change.seq
        limit ${limit})`)
}
