import type { Clock } from '../../../platform/clock.ts'
import type { Database, Queries } from '../../../platform/database/index.ts'
import type { Secret } from '../../../platform/secret.ts'
import { beginLine } from './begin-new-line.ts'
import * as queries from './queries.ts'
import {
  BEGINNING,
  digestOfSeal,
  END,
  isPlace,
  leavesOf,
  macOfSeal,
  NO_DIGEST,
  type Place,
  type SealedEntry,
  type SealRow,
} from './seal.ts'

export interface SealParts {
  db: Database
  clock: Clock
  secret: Secret
  /** A test need not write thousands. */
  batchMax?: number
}

/** What is read, hashed and written within the deadline of one transaction; and 200 KB of digests. */
const BATCH_MAX = 5000
/** 250 000 entries in one round; what is left is taken by the next. */
const BATCHES_A_ROUND_MAX = 50
/** No line has a last entry until another one follows it. */
export const NO_LAST_ID = '9223372036854775807'

/**
 * Seals what was committed since the last batch. Answers how many entries that were.
 *
 * Ids do not commit in their order, so a batch goes by transactions: it takes those below the horizon, under which all
 * are over. Nothing is locked that a sign-in needs; a transaction that stays open only keeps the horizon back.
 */
export async function sealEntries(parts: SealParts): Promise<number> {
  let sealed = 0
  for (let batch = 0; batch < BATCHES_A_ROUND_MAX; batch++) {
    const result = await parts.db.transaction((db) => sealBatch(parts, db))
    sealed += result.count
    if (!result.isMore) break
  }
  return sealed
}

async function sealBatch(parts: SealParts, db: Queries): Promise<{ count: number; isMore: boolean }> {
  if (!(await queries.takeSealerTurn(db))) return { count: 0, isMore: false }
  const place = await placeToGoOn(parts, db)
  // Read before the entries: whatever is below it is committed and seen by the statement that follows.
  const { from, line, afterId, untilId, horizon } = place
  const limit = parts.batchMax ?? BATCH_MAX
  const entries = await queries.entriesWithin(db, { from, to: horizon, afterId, untilId }, limit)
  const isFull = entries.length === limit
  const isLineOver = isPlace(horizon, END)
  // A line that another one followed is closed, also when nothing is left in it.
  if (entries.length === 0 && !isLineOver) return { count: 0, isMore: false }

  const last = entries.at(-1)
  const to = isFull ? { xid: last!.xid, id: last!.id } : horizon
  await queries.insertSeal(db, makeSeal(parts, { ...place, line, to }, entries))
  return { count: entries.length, isMore: isFull || isLineOver }
}

interface GoOn {
  number: string
  previousDigest: Buffer
  line: number
  afterId: string
  untilId: string
  from: Place
  horizon: Place
}

/** Where the last batch ended, or retention; or the beginning of the line that followed. */
async function placeToGoOn(parts: SealParts, db: Queries): Promise<GoOn> {
  const last = (await queries.newestSeal(db)) ?? (await queries.findAnchor(db))
  const { horizon, next } = await queries.readHorizon(db)
  let lines = await queries.listLines(db)
  const end: Place = last ? { xid: last.to_xid, id: last.to_id } : BEGINNING
  const isClosed = isPlace(end, END)
  const isNewest = last?.line === lines.at(-1)!.line
  if (isNewest && !isClosed && BigInt(end.xid) > BigInt(next)) {
    // Transactions are counted anew: this database was restored on another server, and nobody said so.
    await beginLine(db, await queries.lastIdOfOlderLife(db, next), parts.clock.now())
    lines = await queries.listLines(db)
  }
  const line = (last?.line ?? 1) + (isClosed ? 1 : 0)
  const own = lines.find((each) => each.line === line)
  const following = lines.find((each) => each.line === line + 1)
  if (!own) throw new Error(`the line ${line} of the audit is not there`)
  return {
    number: String(BigInt(last?.number ?? '0') + 1n),
    previousDigest: last?.digest ?? NO_DIGEST,
    line,
    afterId: own.after_id,
    untilId: following?.after_id ?? NO_LAST_ID,
    from: isClosed ? BEGINNING : end,
    // Excluded, as the first that may still be open: no entry has the id 0.
    horizon: following ? END : { xid: horizon, id: '0' },
  }
}

function makeSeal(
  { clock, secret }: SealParts,
  { number, line, afterId, from, to, previousDigest }: GoOn & { to: Place },
  entries: readonly SealedEntry[],
): SealRow {
  const ids = entries.map((entry) => BigInt(entry.id)).toSorted((one, other) => (one < other ? -1 : 1))
  const seal = {
    number,
    line,
    after_id: afterId,
    from_xid: from.xid,
    from_id: from.id,
    to_xid: to.xid,
    to_id: to.id,
    count: entries.length,
    first_id: ids[0]?.toString() ?? null,
    last_id: ids.at(-1)?.toString() ?? null,
    leaves: leavesOf(entries),
    previous_digest: previousDigest,
    sealed_at: clock.now(),
  }
  const digest = digestOfSeal(seal)
  return { ...seal, digest, mac: macOfSeal(secret, digest) }
}
