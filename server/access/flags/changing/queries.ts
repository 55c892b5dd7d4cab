import { type Queries, sql } from '../../../platform/database/index.ts'
import type { Deed, Entry, FlagNumber, Kept, LogKind, Row } from '../entry.ts'
import type { Head, KeyRow } from '../following/queries.ts'

/** Any number, as long as nobody else uses it: "hf" and 5. For what must not depend on a row that may be gone. */
const ADVISORY_LOCK = 0x6866_0005

export async function lockWithoutHead(db: Queries): Promise<void> {
  await db.many(sql`select pg_advisory_xact_lock(${ADVISORY_LOCK})`)
}

/** Every change waits here for the one before it. */
export async function lockHead(db: Queries): Promise<Head | undefined> {
  return db.maybe<Head>(sql`
    select epoch::float8 as epoch, seq::float8 as seq, digest, changes::float8 as changes, whole_from::float8 as whole_from
      from flags.head
     limit 1
       for update`)
}

export async function putHead(db: Queries, head: Head, now: Date): Promise<void> {
  await db.run(sql`
    insert into flags.head (epoch, seq, digest, changes, whole_from, changed_at)
    values (${head.epoch}, ${head.seq}, ${head.digest}, ${head.changes}, ${head.whole_from}, ${now})
    on conflict (only_row) do update
       set epoch = excluded.epoch,
           seq = excluded.seq,
           digest = excluded.digest,
           changes = excluded.changes,
           whole_from = excluded.whole_from,
           changed_at = excluded.changed_at`)
}

export interface Appended extends FlagNumber {
  changeId: string
  at: Date
  deed: Deed
  byKind: string
  byId: string
  reason: string | null
  intentId: string | null
  /** Id of the first of them. */
  firstId: number
}

export async function appendChanges(db: Queries, rows: readonly Row[], said: Appended): Promise<void> {
  const written = rows.map(({ kind, key, before, after }, index) => ({
    id: said.firstId + index,
    kind,
    key,
    before,
    after,
  }))
  await db.run(sql`
    insert into flags.change (id, change_id, epoch, seq, at, kind, key, deed, before, after, by_kind, by_id, reason, intent_id)
    select row.id, ${said.changeId}, ${said.epoch}::bigint, ${said.seq}::bigint, ${said.at}::timestamptz, row.kind, row.key,
           ${said.deed}, row.before, row.after, ${said.byKind}, ${said.byId}, ${said.reason}::text,
           case when row.before is not null and row.after is null then ${said.intentId}::text end
      from json_to_recordset(${JSON.stringify(written)}::json)
        as row (id bigint, kind text, key text, before json, after json)`)
}

export async function addIntent(
  db: Queries,
  intent: { id: string; byKind: string; byId: string; confirmed: number; reason: string | null },
): Promise<void> {
  await db.run(sql`
    insert into flags.intent (id, by_kind, by_id, confirmed, reason)
    values (${intent.id}, ${intent.byKind}, ${intent.byId}, ${intent.confirmed}, ${intent.reason})`)
}

export interface Put extends Kept {
  kind: LogKind
  key: string
}

export async function putEntries(
  db: Queries,
  entries: readonly Put[],
  { epoch, seq, at, by }: FlagNumber & { at: Date; by: string },
): Promise<void> {
  await db.run(sql`
    insert into flags.entry as held (kind, key, definition, name, description, tags, epoch, seq,
                                     created_at, created_by, changed_at, changed_by)
    select row.kind, row.key, row.definition, row.name, row.description,
           array(select json_array_elements_text(row.tags)), ${epoch}::bigint, ${seq}::bigint,
           ${at}::timestamptz, ${by}, ${at}::timestamptz, ${by}
      from json_to_recordset(${JSON.stringify(entries)}::json)
        as row (kind text, key text, definition json, name text, description text, tags json)
    on conflict (kind, key) do update
       set definition = excluded.definition,
           name = excluded.name,
           description = excluded.description,
           tags = excluded.tags,
           epoch = excluded.epoch,
           seq = excluded.seq,
           changed_at = excluded.changed_at,
           changed_by = excluded.changed_by,
           archived_at = null`)
}

interface Gone extends FlagNumber {
  kind: LogKind
  keys: readonly string[]
  at: Date
  by: string
}

export async function archiveEntries(db: Queries, { kind, keys, epoch, seq, at, by }: Gone): Promise<number> {
  return db.run(sql`
    update flags.entry
       set archived_at = ${at}, epoch = ${epoch}, seq = ${seq}, changed_at = ${at}, changed_by = ${by}
     where kind = ${kind}
       and key = any(${keys})
       and archived_at is null`)
}

export async function deleteEntries(db: Queries, { kind, keys }: Pick<Gone, 'kind' | 'keys'>): Promise<number> {
  return db.run(sql`
    delete from flags.entry
     where kind = ${kind}
       and key = any(${keys})`)
}

/** Four times the largest set that the bench runs with, and their segments. */
const ENTRIES_MAX = 50_000

export async function entriesNamed(db: Queries, kind: LogKind, keys: readonly string[]): Promise<Entry[]> {
  return db.many<Entry>(sql`
    select kind, key, definition, name, description, tags, epoch::float8 as epoch, seq::float8 as seq,
           created_at, created_by, changed_at, changed_by, archived_at
      from flags.entry
     where kind = ${kind}
       and key = any(${keys})
     limit ${keys.length}`)
}

export async function allEntries(db: Queries): Promise<Entry[]> {
  return db.many<Entry>(sql`
    select kind, key, definition, name, description, tags, epoch::float8 as epoch, seq::float8 as seq,
           created_at, created_by, changed_at, changed_by, archived_at
      from flags.entry
     order by kind, key
     limit ${ENTRIES_MAX}`)
}

/** What the log says of each key as of an instant; without one, now. Keys that are not delivered then are left out. */
export async function foldLog(
  db: Queries,
  before: Date | null,
): Promise<{ kind: LogKind; key: string; after: Kept | null }[]> {
  return db.many(sql`
    select kind, key, after
      from (select distinct on (kind, key) kind, key, after
              from flags.change
             where ${before}::timestamptz is null
                or at <= ${before}
             order by kind, key, id desc
             limit ${ENTRIES_MAX}) as newest`)
}

/** The last that was delivered of a key, as the log has it. */
export async function lastDelivered(db: Queries, kind: LogKind, key: string): Promise<Kept | undefined> {
  const row = await db.maybe<{ before: Kept }>(sql`
    select before
      from flags.change
     where kind = ${kind}
       and key = ${key}
       and before is not null
       and after is null
     order by id desc
     limit 1`)
  return row?.before
}

export interface ChangedKey {
  kind: LogKind
  key: string
  deed: Deed
  before: Kept | null
  after: Kept | null
}

export async function rowsOfChange(db: Queries, changeId: string): Promise<ChangedKey[]> {
  return db.many<ChangedKey>(sql`
    select kind, key, deed, before, after
      from flags.change
     where change_id = ${changeId}
     order by id
     limit ${ENTRIES_MAX}`)
}

export async function newestRow(db: Queries): Promise<number> {
  const { newest } = await db.one<{ newest: number }>(sql`
    select coalesce(max(id), 0)::float8 as newest
      from flags.change`)
  return newest
}

/** The newest that was made at this instant or before. */
export async function packedAt(db: Queries, at: Date): Promise<Buffer | undefined> {
  const row = await db.maybe<{ packed: Buffer }>(sql`
    select packed
      from flags.snapshot
     where made_at <= ${at}
     order by made_at desc, epoch desc, seq desc
     limit 1`)
  return row?.packed
}

export async function putKeys(db: Queries, keys: readonly KeyRow[]): Promise<void> {
  for (const { kid, kind, number, private_sealed, created_at } of keys) {
    await db.run(sql`
      insert into flags.key (kid, kind, number, private_sealed, created_at)
      values (${kid}, ${kind}, ${number}, ${private_sealed}, ${created_at})
      on conflict do nothing`)
  }
}

export async function deleteOtherRoots(db: Queries, kid: string): Promise<number> {
  return db.run(sql`
    delete from flags.key
     where kind = 'root'
       and kid <> ${kid}`)
}
