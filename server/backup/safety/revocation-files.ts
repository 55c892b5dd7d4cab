import { readFile } from 'node:fs/promises'
import { type DeadlineEvent, type Reason, type RevocationEvent, reasons } from '../../../sdk/contract.ts'
import type { LinkTombstone, PasskeyTombstone, RemovalsMark, Tombstone } from '../../access/identity/index.ts'
import { BackupRefused } from '../refused.ts'

export interface KnownEnd {
  seq: number
  sessionId: string
  reason: Reason
  at: Date
  forgetAt: Date
}

/**
 * Ends that access processes and apps have on their disks (`revocations.jsonl`, `pending-ends.json`). They share their numbers with
 * the deadlines of fail-over (`deadlines.jsonl`, and among the ends of an app), and have no gap: whether nothing is missing since the
 * backup can be told.
 */
export interface KnownEnds {
  ends: KnownEnd[]
  /** The last number that one of them had heard of. */
  lastSeq: number
  /** Whether all numbers from `after` on to the last are there. */
  coversFrom(after: number): boolean
}

export async function readRevocationFiles(files: readonly string[]): Promise<KnownEnds> {
  const ends: KnownEnd[] = []
  const numbers = new Set<number>()
  let lastSeq = -1
  for (const file of files) {
    const read = parseRevocations(await readGiven(file), file)
    ends.push(...read.ends)
    for (const { seq } of read.ends) numbers.add(seq)
    for (const seq of read.deadlines) numbers.add(seq)
    lastSeq = Math.max(lastSeq, read.lastSeq)
  }
  return {
    ends,
    lastSeq,
    coversFrom(after) {
      if (lastSeq < after) return false
      for (let seq = after + 1; seq <= lastSeq; seq++) if (!numbers.has(seq)) return false
      return true
    },
  }
}

/** Lines of events; the SDK's first line says how far it had read. A torn last line is what a crash leaves. */
export function parseRevocations(
  text: string,
  from: string,
): { ends: KnownEnd[]; deadlines: number[]; lastSeq: number } {
  const lines = text.split('\n').filter(Boolean)
  const ends: KnownEnd[] = []
  // Of them the number is all that matters: after a restore each is put again, or its session has ended.
  const deadlines: number[] = []
  let lastSeq = -1
  for (const [index, line] of lines.entries()) {
    const event = parsed(line)
    const isHeader = index === 0 && event?.holdfast === 'revocations'
    if (typeof event?.seq === 'number') lastSeq = Math.max(lastSeq, event.seq)
    if (isHeader) continue
    const end = event && endOf(event)
    if (end) ends.push(end)
    else if (event && 'due_at' in event && typeof event.seq === 'number') deadlines.push(event.seq)
    else if (index < lines.length - 1) throw new BackupRefused(`${from} is damaged in line ${index + 1}.`)
  }
  return { ends, deadlines, lastSeq }
}

type Line = Partial<RevocationEvent & DeadlineEvent> & { holdfast?: string }

function parsed(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line
  } catch {
    // Judged by its place: the last line may be torn.
    return undefined
  }
}

function endOf({ seq, session_id: sessionId, reason, at, forget_at: forgetAt }: Line): KnownEnd | undefined {
  if (typeof sessionId !== 'string' || typeof seq !== 'number' || !at || !forgetAt) return undefined
  const known = Object.hasOwn(reasons, reason ?? '') ? (reason as Reason) : 'revoked'
  return { seq, sessionId, reason: known, at: new Date(at), forgetAt: new Date(forgetAt) }
}

/** A sign-out that waited for the database on the disk of access: it is in no revocation log with a number. */
export function parsePendingEnds(text: string, forgetMs: number): KnownEnd[] {
  const rows = JSON.parse(text) as { session_id: string | null; reason: Reason; at: string }[]
  return (Array.isArray(rows) ? rows : []).flatMap(({ session_id: sessionId, reason, at }) =>
    sessionId ? [{ seq: 0, sessionId, reason, at: new Date(at), forgetAt: new Date(Date.parse(at) + forgetMs) }] : [],
  )
}

export type AnyTombstone = Tombstone | PasskeyTombstone | LinkTombstone
const NAMES = ['user_id', 'passkey_id', 'linked_identity_id'] as const

/** What lists of tombstones say. Of several machines each has its own, and together they are whole or not. */
export interface KnownRemovals {
  stones: AnyTombstone[]
  /** Whether none is missing from number `after` on, and one of the lists was kept after `since`. */
  coversFrom(after: number, since: Date): boolean
}

export async function readTombstones(files: readonly string[]): Promise<KnownRemovals> {
  const texts = await Promise.all(files.map(async (file) => ({ text: await readGiven(file), file })))
  return removalsIn(texts)
}

export function removalsIn(lists: readonly { text: string; file: string }[]): KnownRemovals {
  const stones = lists.flatMap(({ text, file }) => parseTombstones(text, file))
  const lines = lists.flatMap(({ text }) => text.split('\n').flatMap((line) => (parsed(line) as NumberedLine) ?? []))
  const numbers = new Set(lines.flatMap(({ seq }) => seq ?? []))
  const last = lines.reduce((most, { seq, removals }) => Math.max(most, seq ?? -1, removals ?? -1), -1)
  const keptUntil = lines.reduce((latest, { at }) => Math.max(latest, Date.parse(at ?? '') || 0), 0)
  return {
    stones,
    coversFrom(after, since) {
      if (last < after || keptUntil <= since.getTime()) return false
      for (let seq = after + 1; seq <= last; seq++) if (!numbers.has(seq)) return false
      return true
    },
  }
}

type NumberedLine = { seq?: number; removals?: number; at?: string }

export function parseTombstones(text: string, from: string): AnyTombstone[] {
  const lines = text.split('\n').filter(Boolean)
  return lines.flatMap((line, index) => {
    const stone = parsed(line) as Partial<Tombstone & PasskeyTombstone & LinkTombstone & RemovalsMark> | undefined
    if (typeof stone?.removals === 'number') return []
    const isNamed = NAMES.some((name) => typeof stone?.[name] === 'string')
    if (stone && isNamed && !Number.isNaN(Date.parse(stone.at ?? ''))) return [stone as AnyTombstone]
    if (index === lines.length - 1) return []
    throw new BackupRefused(`${from} is damaged in line ${index + 1}.`)
  })
}

export async function readGiven(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new BackupRefused(`${file} cannot be read (${error.code}).`)
  })
}
