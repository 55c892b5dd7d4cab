import { type Queries, sql } from '../../../platform/database/index.ts'
import type { AnchorRow, Place, SealedEntry, SealRow } from './seal.ts'

/** Any number that no other advisory lock of ours has: "hf" and 16. */
const SEALER_LOCK = 0x6866_0010
/** A line is begun by a restore elsewhere. */
export const LINES_MAX = 1000

const sealColumns = sql`
  number::text as number, line, after_id::text as after_id, from_xid::text as from_xid, from_id::text as from_id,
  to_xid::text as to_xid, to_id::text as to_id, count, first_id::text as first_id, last_id::text as last_id, leaves,
  previous_digest, digest, mac, sealed_at`
const entryColumns = sql`
  id::text as id, xid::text as xid, (extract(epoch from at) * 1000000)::bigint::text as at_us, action, actor_kind,
  actor_id, impersonator_id, subject_kind, subject_id, organization_id, facts::text as facts, address, user_agent,
  personal_salt, personal_digest`

/** Held until the transaction ends: of several processes one seals, and the others do not wait. */
export async function takeSealerTurn(db: Queries): Promise<boolean> {
  const { isMine } = await db.one<{ isMine: boolean }>(sql`
    select pg_try_advisory_xact_lock(${SEALER_LOCK}) as "isMine"`)
  return isMine
}

/** All transactions below it are over, and what they wrote is seen; `next` was given to none yet. */
export async function readHorizon(db: Queries): Promise<{ horizon: string; next: string }> {
  return db.one(sql`
    select pg_snapshot_xmin(pg_current_snapshot())::text as horizon,
           pg_snapshot_xmax(pg_current_snapshot())::text as next`)
}

export async function newestSeal(db: Queries): Promise<SealRow | undefined> {
  return db.maybe<SealRow>(sql`
    select ${sealColumns}
      from audit.seal
     order by seal.number desc
     limit 1`)
}

export async function findAnchor(db: Queries): Promise<AnchorRow | undefined> {
  return db.maybe<AnchorRow>(sql`
    select number::text as number, line, to_xid::text as to_xid, to_id::text as to_id, digest, entries::text as entries,
           mac, retained_at
      from audit.anchor
     limit 1`)
}

export interface Line {
  line: number
  after_id: string
  began_at: Date
}

export async function listLines(db: Queries): Promise<Line[]> {
  return db.many<Line>(sql`
    select line, after_id::text as after_id, began_at
      from audit.line
     order by line
     limit ${LINES_MAX}`)
}

export interface Stretch {
  /** Excluded. */
  from: Place
  /** Included. */
  to: Place
  afterId: string
  untilId: string
}

const within = ({ from, to, afterId, untilId }: Stretch) => sql`
       (xid, id) > (${from.xid}::xid8, ${from.id}::bigint)
   and (xid, id) <= (${to.xid}::xid8, ${to.id}::bigint)
   and id > ${afterId}::bigint
   and id <= ${untilId}::bigint`

/** In the order in which they are sealed. */
export async function entriesWithin(db: Queries, stretch: Stretch, limit: number): Promise<SealedEntry[]> {
  return db.many<SealedEntry>(sql`
    select ${entryColumns}
      from audit.entry
     where ${within(stretch)}
     order by entry.xid, entry.id
     limit ${limit}`)
}

/** Counts no further than `limit`. */
export async function countWithin(
  db: Queries,
  stretch: Stretch,
  limit: number,
): Promise<{ count: number; oldest_at: Date | null }> {
  return db.one(sql`
    select count(*)::int as count, min(at) as oldest_at
      from (select at
              from audit.entry
             where ${within(stretch)}
             order by entry.xid, entry.id
             limit ${limit}) as entry`)
}

export async function insertSeal(db: Queries, seal: SealRow): Promise<void> {
  await db.run(sql`
    insert into audit.seal (number, line, after_id, from_xid, from_id, to_xid, to_id, count, first_id, last_id, leaves,
                            previous_digest, digest, mac, sealed_at)
    values (${seal.number}::bigint, ${seal.line}, ${seal.after_id}::bigint, ${seal.from_xid}::xid8,
            ${seal.from_id}::bigint, ${seal.to_xid}::xid8, ${seal.to_id}::bigint, ${seal.count},
            ${seal.first_id}::bigint, ${seal.last_id}::bigint, ${seal.leaves}, ${seal.previous_digest}, ${seal.digest},
            ${seal.mac}, ${seal.sealed_at})`)
}

/** Nobody appends while it is held: every id that was given is committed or gone. */
export async function lockEntries(db: Queries): Promise<void> {
  await db.run(sql`lock table audit.entry in share mode`)
}

/** The last entry of what was there before transactions were counted anew; `next`: all of those are behind it. */
export async function lastIdOfOlderLife(db: Queries, next: string): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    select greatest(
             coalesce((select max(last_id) from audit.seal
                        where number > (select max(number) from audit.seal) - 100), 0),
             coalesce((select max(id) from audit.entry where xid >= ${next}::xid8), 0))::text as id`)
  return id
}

export async function lastId(db: Queries): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    select coalesce(max(id), 0)::text as id from audit.entry`)
  return id
}

export async function insertLine(db: Queries, line: Line): Promise<void> {
  await db.run(sql`
    insert into audit.line (line, after_id, began_at)
    values (${line.line}, ${line.after_id}::bigint, ${line.began_at})`)
}

export async function sealsAfter(db: Queries, number: string, limit: number): Promise<SealRow[]> {
  return db.many<SealRow>(sql`
    select ${sealColumns}
      from audit.seal
     where seal.number > ${number}::bigint
     order by seal.number
     limit ${limit}`)
}

/** The oldest batches sealed before an instant, without what they hold. */
export async function oldSeals(
  db: Queries,
  before: Date,
  limit: number,
): Promise<Pick<SealRow, 'number' | 'line' | 'to_xid' | 'to_id' | 'count' | 'digest'>[]> {
  return db.many(sql`
    select number::text as number, line, to_xid::text as to_xid, to_id::text as to_id, count, digest
      from audit.seal
     where sealed_at < ${before}
     order by seal.number
     limit ${limit}`)
}

export async function retain(
  db: Queries,
  kept: { number: string; entries: string; mac: Buffer; retainedAt: Date },
): Promise<number> {
  const { deleted } = await db.one<{ deleted: number }>(sql`
    select audit.retain(${kept.number}::bigint, ${kept.entries}::bigint, ${kept.mac}, ${kept.retainedAt})::float8 as deleted`)
  return deleted
}

export interface VerificationRow {
  at: Date
  through_number: string
  entries: string
  problems: string[]
}

export async function keepVerification(db: Queries, row: VerificationRow): Promise<void> {
  await db.run(sql`
    insert into audit.verification (at, through_number, entries, problems)
    values (${row.at}, ${row.through_number}::bigint, ${row.entries}::bigint, ${row.problems})
    on conflict (only_row) do update
       set at = excluded.at, through_number = excluded.through_number, entries = excluded.entries,
           problems = excluded.problems`)
}

export async function findVerification(db: Queries): Promise<VerificationRow | undefined> {
  return db.maybe<VerificationRow>(sql`
    select at, through_number::text as through_number, entries::text as entries, problems
      from audit.verification
     limit 1`)
}

/** One view of the store for a whole walk, however long it takes; it writes nothing and holds nobody up. */
export async function beginOneView(db: Queries): Promise<void> {
  await db.run(sql`begin isolation level repeatable read read only`)
}
