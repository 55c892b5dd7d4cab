import type { Queries } from '../../../platform/database/index.ts'
import type { Secret } from '../../../platform/secret.ts'
import { isPersonalWhole } from '../personal.ts'
import * as queries from './queries.ts'
import { NO_LAST_ID } from './seal-entries.ts'
import {
  type AnchorRow,
  BEGINNING,
  digestOfEntry,
  digestOfSeal,
  END,
  isMac,
  isPlace,
  macOfAnchor,
  macOfSeal,
  NO_DIGEST,
  type Place,
  readLeaves,
  type SealedEntry,
  type SealRow,
} from './seal.ts'

export type Problem =
  /** Says something else than when it was sealed. */
  | { kind: 'changed'; entry: string; number: string }
  /** Was sealed, and is not there any more. */
  | { kind: 'missing'; entry: string; number: string }
  /** Stands behind a seal that does not know it. */
  | { kind: 'inserted'; entry: string; number: string }
  /** A batch that does not hang on the one before it, or does not begin where that ended. */
  | { kind: 'broken link'; number: string }
  | { kind: 'batch missing'; number: string }
  /** A batch whose own record was changed. */
  | { kind: 'batch changed'; number: string }
  /** Made without the secret file. */
  | { kind: 'bad mac'; number: string }
  /** What retention left behind was changed, or was not made by it. */
  | { kind: 'bad anchor'; number: string }
  /** The batch that was noted elsewhere is not in the chain: its end was cut off, or it was made anew. */
  | { kind: 'not as noted'; number: string }

export interface Verified {
  /** The last batch; '0': there is none. */
  number: string
  digest: string | null
  sealedAt: Date | null
  entries: number
  /** Deleted by retention, as its anchor says. */
  retained: string
  lines: number
  unsealed: number
  oldestUnsealedAt: Date | null
  /** The first `PROBLEMS_NAMED_MAX`. */
  problems: Problem[]
  problemCount: number
}

export interface VerifyOptions {
  secret: Secret
  /** A batch and its digest that were noted elsewhere. */
  noted?: { number: string; digest: string } | undefined
  onProgress?(seen: { number: string; entries: number }): void
}

/** Named one by one; beyond it they are counted. */
export const PROBLEMS_NAMED_MAX = 1000
const SEALS_A_PAGE = 20
const ENTRIES_A_PAGE = 5000
const UNSEALED_COUNTED_MAX = 1_000_000

interface Walk {
  db: Queries
  secret: Secret
  lines: readonly queries.Line[]
  verified: Verified
  noted: VerifyOptions['noted']
}
/** What the next batch has to hang on. */
interface Link {
  number: string
  digest: Buffer
  line: number
  end: Place
}

/**
 * Walks the whole chain: each batch against the one before it and its own MAC, each entry against what its batch holds
 * of it. In constant memory, and in one view of the store.
 *
 * It cannot see that the newest batches were cut off together with their entries, nor what was never sealed: for the
 * first, note the newest digest elsewhere and hand it in as `noted`.
 */
export async function verifyChain(db: Queries, options: VerifyOptions): Promise<Verified> {
  await queries.beginOneView(db)
  const lines = await queries.listLines(db)
  const anchor = await queries.findAnchor(db)
  const verified: Verified = {
    number: anchor?.number ?? '0',
    digest: anchor?.digest.toString('hex') ?? null,
    sealedAt: null,
    entries: 0,
    retained: anchor?.entries ?? '0',
    lines: lines.length,
    unsealed: 0,
    oldestUnsealedAt: null,
    problems: [],
    problemCount: 0,
  }
  const walk: Walk = { db, secret: options.secret, lines, verified, noted: options.noted }
  let link: Link = { number: '0', digest: NO_DIGEST, line: 1, end: BEGINNING }
  if (anchor) link = await checkAnchor(walk, anchor)
  let isNotedSeen = options.noted === undefined || BigInt(options.noted.number) <= BigInt(link.number)

  for (;;) {
    const seals = await queries.sealsAfter(db, link.number, SEALS_A_PAGE)
    for (const seal of seals) {
      checkSeal(walk, seal, link)
      await checkEntries(walk, seal)
      isNotedSeen ||= seal.number === options.noted?.number && seal.digest.toString('hex') === options.noted.digest
      link = { number: seal.number, digest: seal.digest, line: seal.line, end: { xid: seal.to_xid, id: seal.to_id } }
      Object.assign(verified, { number: seal.number, digest: seal.digest.toString('hex'), sealedAt: seal.sealed_at })
    }
    options.onProgress?.({ number: link.number, entries: verified.entries })
    if (seals.length < SEALS_A_PAGE) break
  }
  if (!isNotedSeen) note(walk, { kind: 'not as noted', number: options.noted!.number })
  await countUnsealed(walk, link)
  return verified
}

function note({ verified }: Walk, problem: Problem): void {
  verified.problemCount += 1
  if (verified.problems.length < PROBLEMS_NAMED_MAX) verified.problems.push(problem)
}

/** What retention left; and nothing may stand where it has deleted. */
async function checkAnchor(walk: Walk, anchor: AnchorRow): Promise<Link> {
  const { number, line, digest, to_xid, to_id } = anchor
  if (!isMac(anchor.mac, macOfAnchor(walk.secret, anchor))) note(walk, { kind: 'bad anchor', number })
  for (const each of walk.lines.filter((one) => one.line <= line)) {
    const to = each.line === line ? { xid: to_xid, id: to_id } : END
    const stretch = { from: BEGINNING, to, ...idsOf(walk, each.line) }
    for (const entry of await queries.entriesWithin(walk.db, stretch, PROBLEMS_NAMED_MAX)) {
      note(walk, { kind: 'inserted', entry: entry.id, number })
    }
  }
  return { number, digest, line, end: { xid: to_xid, id: to_id } }
}

function checkSeal(walk: Walk, seal: SealRow, link: Link): void {
  const { number } = seal
  const expected = BigInt(link.number) + 1n
  for (let missing = expected; missing < BigInt(number) && missing < expected + 100n; missing++) {
    note(walk, { kind: 'batch missing', number: String(missing) })
  }
  const begin = isPlace(link.end, END) ? BEGINNING : link.end
  const isInPlace = isPlace({ xid: seal.from_xid, id: seal.from_id }, begin)
  const isInLine = seal.line === link.line + (isPlace(link.end, END) ? 1 : 0)
  const isLinked = isInPlace && isInLine && seal.previous_digest.equals(link.digest)
  if (!isLinked) note(walk, { kind: 'broken link', number })
  if (!seal.digest.equals(digestOfSeal(seal))) note(walk, { kind: 'batch changed', number })
  if (!isMac(seal.mac, macOfSeal(walk.secret, seal.digest))) note(walk, { kind: 'bad mac', number })
}

async function checkEntries(walk: Walk, seal: SealRow): Promise<void> {
  const leaves = readLeaves(seal.leaves)
  const to = { xid: seal.to_xid, id: seal.to_id }
  let from: Place = { xid: seal.from_xid, id: seal.from_id }
  for (;;) {
    const stretch = { from, to, ...idsOf(walk, seal.line) }
    const entries = await queries.entriesWithin(walk.db, stretch, ENTRIES_A_PAGE)
    for (const entry of entries) checkEntry(walk, seal.number, entry, leaves)
    walk.verified.entries += entries.length
    if (entries.length < ENTRIES_A_PAGE) break
    const { xid, id } = entries.at(-1)!
    from = { xid, id }
  }
  for (const entry of leaves.keys()) note(walk, { kind: 'missing', entry, number: seal.number })
}

function checkEntry(walk: Walk, number: string, entry: SealedEntry, leaves: Map<string, Buffer>): void {
  const leaf = leaves.get(entry.id)
  leaves.delete(entry.id)
  const isWhole = leaf?.equals(digestOfEntry(entry)) && isPersonalWhole(entry)
  if (!isWhole) note(walk, { kind: leaf ? 'changed' : 'inserted', entry: entry.id, number })
}

/** A line holds the ids behind its own beginning, up to that of the next. */
function idsOf({ lines }: Walk, line: number): { afterId: string; untilId: string } {
  return {
    afterId: lines.find((each) => each.line === line)?.after_id ?? '0',
    untilId: lines.find((each) => each.line === line + 1)?.after_id ?? NO_LAST_ID,
  }
}

async function countUnsealed(walk: Walk, link: Link): Promise<void> {
  const isClosed = isPlace(link.end, END)
  const line = link.line + (isClosed ? 1 : 0)
  const from = isClosed ? BEGINNING : link.end
  for (const each of walk.lines.filter((one) => one.line >= line)) {
    const stretch = { from: each.line === line ? from : BEGINNING, to: END, ...idsOf(walk, each.line) }
    const { count, oldest_at } = await queries.countWithin(walk.db, stretch, UNSEALED_COUNTED_MAX)
    walk.verified.unsealed += count
    walk.verified.oldestUnsealedAt ??= oldest_at
  }
}
