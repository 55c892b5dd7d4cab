import { type Queries, sql } from '../../../platform/database/index.ts'
import type { LogKind } from '../entry.ts'
import { entriesPrint } from '../following/queries.ts'

/** Four times the largest set that the bench runs with, and their segments. */
const ENTRIES_MAX = 50_000

export interface EntrySeen {
  kind: LogKind
  key: string
  definition: unknown
  is_live: boolean
}

/** As one statement saw it all: the head, which versions of rows there are, and what the unknown ones say. */
export interface EntriesSeen {
  digest: string | null
  print: string
  /** Of all rows: `xmin`, which no other version of a row has again. */
  versions: string[]
  /** Those of other versions than these, and that of the set in any case: its absence says something too. */
  rows: EntrySeen[]
}

export async function readEntries(db: Queries, known: readonly string[]): Promise<EntriesSeen> {
  return db.one<EntriesSeen>(sql`
    select (select digest from flags.head limit 1) as digest, print, versions,
           (select coalesce(json_agg(unknown), '[]')
              from (select kind, key, definition, archived_at is null as is_live
                      from flags.entry
                     where kind = 'set'
                        or not exists (select from unnest(${known}::text[]) as seen (version)
                                        where seen.version = entry.xmin::text)
                     limit ${ENTRIES_MAX}) as unknown) as rows
      from (select ${entriesPrint} as print,
                   coalesce(array_agg(distinct xmin::text), '{}') as versions
              from flags.entry) as all_of_them`)
}

/** Rows of the log, as far as they were seen before, and those that came since. */
export interface BlockSeen {
  first: number
  /** Its newest row. */
  last: number
  known_print: string
  more_print: string
  more_contents: string
}

export interface BlockAsked {
  first: number
  /** The newest row that was seen before. */
  known: number
}

/** Everything that a row says, whatever time zone a connection has. */
const contents = sql`hashtextextended(concat_ws('|', id, change_id, epoch, seq, extract(epoch from at), kind, key, deed,
                                      coalesce(before::text, '-'), coalesce(after::text, '-'), by_kind, by_id,
                                      coalesce(reason, '-'), coalesce(intent_id, '-'), extract(epoch from written_at)), 0)`

/** What rows say is read once, when they are new; afterwards their versions tell. */
export async function readBlocks(db: Queries, asked: readonly BlockAsked[], rows: number): Promise<BlockSeen[]> {
  return db.many<BlockSeen>(sql`
    select block.first::float8 as first, seen.last, seen.known_print, seen.more_print, seen.more_contents
      from unnest(${asked.map(({ first }) => first)}::bigint[], ${asked.map(({ known }) => known)}::bigint[])
             as block (first, known),
           lateral (
             select coalesce(max(id), block.known)::float8 as last,
                    coalesce(sum(hashint8extended(id, xmin::text::bigint)) filter (where id <= block.known), 0)::text
                      as known_print,
                    coalesce(sum(hashint8extended(id, xmin::text::bigint)) filter (where id > block.known), 0)::text
                      as more_print,
                    coalesce(sum(${contents}) filter (where id > block.known), 0)::text as more_contents
               from flags.change
              where id >= block.first
                and id < block.first + ${rows}::bigint) as seen
     limit ${asked.length}`)
}

export async function readContents(db: Queries, { first, known }: BlockAsked): Promise<string> {
  const read = await db.one<{ contents: string }>(sql`
    select coalesce(sum(${contents}), 0)::text as contents
      from flags.change
     where id >= ${first}
       and id <= ${known}`)
  return read.contents
}
