import type { Queries } from '../../../platform/database/index.ts'
import * as queries from './queries.ts'
import { NO_LAST_ID } from './seal-entries.ts'
import { BEGINNING, END, isPlace } from './seal.ts'

/** Enough to see that something is wrong; counting on would cost more than the number tells. */
export const UNSEALED_COUNTED_MAX = 10_000

export interface SealStatus {
  /** Batches of the chain; each is named by its number. */
  number: string
  digest: string | null
  sealedAt: Date | null
  /** At most `UNSEALED_COUNTED_MAX`. */
  unsealed: number
  /** A transaction that stays open holds the horizon back; so does a sealer that does not run. */
  oldestUnsealedAt: Date | null
  verified: { at: Date; throughNumber: string; entries: string; problems: string[] } | null
}

/** How far the audit is sealed, and what the last verification found. */
export async function readSealStatus(db: Queries): Promise<SealStatus> {
  const seal = await queries.newestSeal(db)
  const anchor = seal ? undefined : await queries.findAnchor(db)
  const last = seal ?? anchor
  const lines = await queries.listLines(db)
  const end = last ? { xid: last.to_xid, id: last.to_id } : BEGINNING
  const isClosed = isPlace(end, END)
  const line = (last?.line ?? 1) + (isClosed ? 1 : 0)
  const afterId = lines.find((each) => each.line === line)?.after_id ?? '0'
  const rest = { from: isClosed ? BEGINNING : end, to: END, afterId, untilId: NO_LAST_ID }
  const { count, oldest_at } = await queries.countWithin(db, rest, UNSEALED_COUNTED_MAX)
  const found = await queries.findVerification(db)
  return {
    number: last?.number ?? '0',
    digest: last?.digest.toString('hex') ?? null,
    sealedAt: seal?.sealed_at ?? anchor?.retained_at ?? null,
    unsealed: count,
    oldestUnsealedAt: oldest_at,
    verified: found
      ? { at: found.at, throughNumber: found.through_number, entries: found.entries, problems: found.problems }
      : null,
  }
}
