import { type Queries, sql } from '../../../platform/database/index.ts'

export interface EntryRow {
  id: string
  at: Date
  action: string
  actor_kind: string
  actor_id: string
  impersonator_id: string | null
  subject_kind: string
  subject_id: string
  organization_id: string | null
  facts: Record<string, unknown>
  address: string | null
  user_agent: string | null
  sealed: boolean
}

export interface EntryFilter {
  actor?: string | undefined
  subject?: string | undefined
  action?: string | undefined
  organizationId?: string | undefined
  /** Included. */
  from?: Date | undefined
  /** Excluded. */
  to?: Date | undefined
  beforeId?: string | undefined
  id?: string | undefined
}

/** Entries are appended in the order of time but for what processes' clocks and open transactions differ. */
const OUT_OF_ORDER = '10 minutes'
const NEAR_MAX = 1000

const columns = sql`
  entry.id::text as id, entry.at, entry.action, entry.actor_kind, entry.actor_id, entry.impersonator_id,
  entry.subject_kind, entry.subject_id, entry.organization_id, entry.facts, entry.address, entry.user_agent,
  coalesce(entry.id <= head.after_id
           or (entry.id <= head.until_id and (entry.xid, entry.id) <= (head.to_xid, head.to_id)), false) as sealed`

/** How far it is sealed, once for all rows. */
const head = sql`
  select seal.after_id, seal.to_xid, seal.to_id, coalesce(next.after_id, 9223372036854775807) as until_id
    from audit.seal
    left join audit.line next on next.line = seal.line + 1
   order by seal.number desc
   limit 1`

/**
 * Newest first. A stretch of time becomes a stretch of ids first: each filter has an index in the order of ids, and a
 * year ago is found as fast as today.
 */
export async function listEntries(db: Queries, filter: EntryFilter, limit: number): Promise<EntryRow[]> {
  const { actor, subject, action, organizationId, from, to, beforeId, id } = filter
  return db.many<EntryRow>(sql`
    with head as (${head})
    select ${columns}
      from audit.entry
      left join head on true
     where true
       ${id === undefined ? sql`` : sql`and entry.id = ${id}::bigint`}
       ${beforeId === undefined ? sql`` : sql`and entry.id < ${beforeId}::bigint`}
       ${actor === undefined ? sql`` : sql`and entry.actor_id = ${actor}`}
       ${subject === undefined ? sql`` : sql`and entry.subject_id = ${subject}`}
       ${action === undefined ? sql`` : sql`and entry.action = ${action}`}
       ${organizationId === undefined ? sql`` : sql`and entry.organization_id = ${organizationId}`}
       ${from === undefined ? sql`` : since(from)}
       ${to === undefined ? sql`` : until(to)}
     order by entry.id desc
     limit ${limit}`)
}

const since = (from: Date) => sql`
       and entry.at >= ${from}
       and entry.id >= (select coalesce(min(near.id), 9223372036854775807)
                          from (select id from audit.entry
                                 where at >= ${from}::timestamptz - ${OUT_OF_ORDER}::interval
                                 order by at
                                 limit ${NEAR_MAX}) as near)`

const until = (to: Date) => sql`
       and entry.at < ${to}
       and entry.id <= (select coalesce(max(near.id), 0)
                          from (select id from audit.entry
                                 where at < ${to}::timestamptz + ${OUT_OF_ORDER}::interval
                                 order by at desc
                                 limit ${NEAR_MAX}) as near)`
