import { type Queries, sql } from '../../../platform/database/index.ts'
import type { ChangeRow, Entry, EntryKind, LogKind } from '../entry.ts'

export interface ListAsked {
  kind: EntryKind
  /** Live when left out. */
  state?: 'live' | 'archived' | 'all' | undefined
  tag?: string | undefined
  /** Somewhere in key, name or description. */
  text?: string | undefined
  /** The last key of the page before. */
  after?: string | undefined
  limit: number
}

export async function listEntries(db: Queries, asked: ListAsked): Promise<Entry[]> {
  const { kind, state = 'live', tag = null, text = null, after = null, limit } = asked
  return db.many<Entry>(sql`
    select kind, key, definition, name, description, tags, epoch::float8 as epoch, seq::float8 as seq,
           created_at, created_by, changed_at, changed_by, archived_at
      from flags.entry
     where kind = ${kind}
       and (${state} = 'all' or (archived_at is null) = (${state} = 'live'))
       and (${tag}::text is null or ${tag} = any(tags))
       and (${text}::text is null
            or strpos(lower(key || ' ' || coalesce(name, '') || ' ' || coalesce(description, '')), lower(${text}::text)) > 0)
       and (${after}::text is null or key > ${after})
     order by key
     limit ${limit}`)
}

export async function findEntry(db: Queries, kind: LogKind, key: string): Promise<Entry | undefined> {
  return db.maybe<Entry>(sql`
    select kind, key, definition, name, description, tags, epoch::float8 as epoch, seq::float8 as seq,
           created_at, created_by, changed_at, changed_by, archived_at
      from flags.entry
     where kind = ${kind}
       and key = ${key}`)
}

export interface HistoryAsked {
  kind?: LogKind | undefined
  key?: string | undefined
  change_id?: string | undefined
  /** The id of the last row of the page before. */
  before?: number | undefined
  limit: number
}

/** Newest first. */
export async function listChanges(db: Queries, asked: HistoryAsked): Promise<ChangeRow[]> {
  const { kind = null, key = null, change_id: changeId = null, before = null, limit } = asked
  return db.many<ChangeRow>(sql`
    select id::float8 as id, change_id, epoch::float8 as epoch, seq::float8 as seq, at, kind, key, deed, before, after,
           by_kind, by_id, reason
      from flags.change
     where (${kind}::text is null or kind = ${kind})
       and (${key}::text is null or key = ${key})
       and (${changeId}::text is null or change_id = ${changeId})
       and (${before}::bigint is null or id < ${before})
     order by id desc
     limit ${limit}`)
}
