import { compareNumbers, type Parsed, type SnapshotNumber } from '../../../../sdk/flags/snapshot.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Entry, LogKind } from '../entry.ts'
import { type Head, type Position, readPacked, readPosition } from '../following/queries.ts'
import { unpack } from '../following/served.ts'
import { type Fault, findFault } from '../following/standing.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import * as queries from './queries.ts'

/** What a change is made on. Nobody else changes anything until the transaction has ended. */
export interface Base {
  tx: Queries
  previous: Parsed
  head: Head
  /** Every number that anybody has told of. */
  known: SnapshotNumber[]
  entry(kind: LogKind, key: string): Promise<Entry | undefined>
  entries(kind: LogKind, keys: readonly string[]): Promise<Map<string, Entry>>
}

/**
 * Locks the head row and makes sure that what stands there follows from what this process has last seen signed. Otherwise
 * nothing is changed: a database that was emptied or set back must not become the truth by our signature.
 */
export async function lockBase(parts: Parts, tx: Queries): Promise<Base> {
  const head = await queries.lockHead(tx)
  const position = await readPosition(tx, { olderFrom: 1 })
  const previous = head && (await readPrevious(parts, tx, head))
  const held = previous && 'fault' in previous ? undefined : (previous ?? parts.served.held())
  if (previous && 'fault' in previous) throw refuse('held', { ...previous })
  const fault = findFault(position, held, { olderFrom: 1 }) ?? (held && parts.rewrites.found(held))
  if (fault) throw refuse('held', { ...fault })
  if (!held || !head) throw refuse('none_yet')
  return {
    tx,
    previous: held,
    head,
    known: knownNumbers(position),
    entry: async (kind, key) => (await entriesOf(tx, kind, [key])).get(key),
    entries: (kind, keys) => entriesOf(tx, kind, keys),
  }
}

export function knownNumbers({ head, greatest_told: told, newest }: Position): SnapshotNumber[] {
  return [head, told, ...newest].flatMap((each) => (each ? [{ epoch: each.epoch, seq: each.seq }] : []))
}

async function entriesOf(tx: Queries, kind: LogKind, keys: readonly string[]): Promise<Map<string, Entry>> {
  return new Map((await queries.entriesNamed(tx, kind, keys)).map((entry) => [entry.key, entry]))
}

/** The head's own snapshot: that of this process, or one that another process has made since and that follows from ours. */
async function readPrevious({ served }: Parts, tx: Queries, head: Head): Promise<Parsed | Fault | undefined> {
  const held = served.held()
  if (held?.header.digest === head.digest || head.epoch === 0) return held
  if (held && compareNumbers(head, held.body) <= 0) return held
  const packed = await readPacked(tx, head)
  if (!packed) return held
  const read = await unpack(packed, head)
  if ('fault' in read) return { fault: 'quarantined', sentence: read.detail }
  if (!served.trust()) throw refuse('none_yet')
  const judged = served.judge(read)
  return judged.outcome === 'quarantined' ? { fault: 'quarantined', sentence: judged.detail } : read
}
