import { type Queries, sql } from '../../../platform/database/index.ts'
import type { FlagNumber } from '../entry.ts'

/** As many rows of the log are counted in one look: a millisecond or two. */
export const WINDOW_ROWS = 10_000

export interface Head extends FlagNumber {
  digest: string
  /** Id of the newest row of the log. */
  changes: number
  whole_from: number
}

/** What a look at the tables tells, cheaply: numbers and counts. */
export interface Position {
  head: Head | null
  /** The row of the head's own snapshot is there. */
  has_snapshot: boolean
  /** The greatest there are, each perhaps put there by a process that holds more than the head says. */
  newest: (FlagNumber & { digest: string })[]
  flags: number
  evaluators: number
  /** Of the versions of all entries: another one when any row was written anew, whatever it says now. */
  entries_print: string
  /** Rows of the log in two windows: the newest, and another each time. */
  counted: number
  counted_older: number
  signing_key: string | null
  has_root: boolean
  /** That anybody says they hold: a process of access, or an app that follows this installation. */
  greatest_told: (FlagNumber & { application: string; instance: string }) | null
}

/** Of the versions of all entries: one expression, because what it gave in one statement is compared with another's. */
export const entriesPrint = sql`coalesce(sum(hashtextextended(kind || ' ' || key, xmin::text::bigint)), 0)::text`

/** Who says one of these holds the flags of another installation, and its number says nothing of ours. */
export const STRANGERS = ['other_environment', 'other_installation', 'untrusted_root']

export interface Window {
  /** Of the older rows, from this id on. */
  olderFrom: number
}

/** The head's own, what a process put beside it, and one that somebody made up. */
const NEWEST_MAX = 3

export async function readPosition(db: Queries, { olderFrom }: Window): Promise<Position> {
  return db.one<Position>(sql`
    select (select json_build_object('epoch', epoch, 'seq', seq, 'digest', digest, 'changes', changes, 'whole_from', whole_from)
              from flags.head
             limit 1) as head,
           exists (select from flags.snapshot
                    where (epoch, seq, digest) in (select epoch, seq, digest from flags.head)) as has_snapshot,
           (select coalesce(json_agg(newest), '[]')
              from (select epoch, seq, digest
                      from flags.snapshot
                     order by epoch desc, seq desc, digest
                     limit ${NEWEST_MAX}) as newest) as newest,
           entries.*,
           (select count(*)::int
              from flags.change
             where id > (select changes - ${WINDOW_ROWS}::bigint from flags.head)
               and id >= (select whole_from from flags.head)) as counted,
           (select count(*)::int
              from flags.change
             where id >= ${olderFrom}::bigint
               and id < ${olderFrom + WINDOW_ROWS}::bigint
               and id >= (select whole_from from flags.head)) as counted_older,
           (select kid from flags.key where kind = 'signing' order by number desc, created_at desc limit 1) as signing_key,
           exists (select from flags.key where kind = 'root') as has_root,
           (select json_build_object('epoch', epoch, 'seq', seq, 'application', application, 'instance', instance)
              from flags.report
             where not exists (select from jsonb_array_elements(faults) as fault
                                where fault ->> 'code' = any(${STRANGERS}))
             order by epoch desc, seq desc
             limit 1) as greatest_told
      from (select count(*) filter (where kind = 'flag' and archived_at is null)::int as flags,
                   count(*) filter (where kind = 'evaluator' and archived_at is null)::int as evaluators,
                   ${entriesPrint} as entries_print
              from flags.entry) as entries`)
}

/** Gzip of the text as it goes out. */
export async function readPacked(
  db: Queries,
  { epoch, seq, digest }: FlagNumber & { digest: string },
): Promise<Buffer | undefined> {
  const row = await db.maybe<{ packed: Buffer }>(sql`
    select packed
      from flags.snapshot
     where epoch = ${epoch}
       and seq = ${seq}
       and digest = ${digest}`)
  return row?.packed
}

/** Nobody delivered what is above the newest number: whoever put it there did so by hand. */
export async function deleteSnapshotsAbove(db: Queries, { epoch, seq }: FlagNumber): Promise<number> {
  return db.run(sql`
    delete from flags.snapshot
     where (epoch, seq) > (${epoch}::bigint, ${seq}::bigint)`)
}

/** Beside the head: what a process holds and the tables lost, for those who hold nothing. It is judged by whoever reads it. */
export async function keepSnapshot(
  db: Queries,
  { epoch, seq, digest, madeAt, packed }: FlagNumber & { digest: string; madeAt: string; packed: Buffer },
): Promise<number> {
  return db.run(sql`
    insert into flags.snapshot (epoch, seq, digest, made_at, packed)
    values (${epoch}, ${seq}, ${digest}, ${madeAt}, ${packed})
    on conflict (epoch, seq, digest) do nothing`)
}

export interface KeyRow {
  kid: string
  kind: 'root' | 'signing'
  number: number
  private_sealed: string
  created_at: Date | string
}

const KEYS_MAX = 1000

export async function readKeys(db: Queries): Promise<KeyRow[]> {
  return db.many<KeyRow>(sql`
    select kid, kind, number::float8 as number, private_sealed, created_at
      from flags.key
     order by kind, number desc, created_at desc
     limit ${KEYS_MAX}`)
}

/** The newest thousand, and of each older day the last. */
export const SNAPSHOTS_KEPT = 1000
const DELETED_MAX = 200

export async function deleteOldSnapshots(db: Queries): Promise<number> {
  return db.run(sql`
    delete from flags.snapshot
     where (epoch, seq, digest) in (
       select epoch, seq, digest
         from (select epoch, seq, digest,
                      row_number() over (order by epoch desc, seq desc) as place,
                      row_number() over (partition by date_trunc('day', made_at) order by epoch desc, seq desc) as of_day
                 from flags.snapshot) as each
        where place > ${SNAPSHOTS_KEPT}
          and of_day > 1
        limit ${DELETED_MAX})`)
}
