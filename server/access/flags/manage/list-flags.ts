import type { Static } from 'typebox'
import { sayNumber } from '../../../../sdk/flags/snapshot.ts'
import { type Entry, type EntryKind, type LogKind, wordOf } from '../entry.ts'
import { refuse } from '../refusals.ts'
import type { Management } from './management.ts'
import { readChangeCursor, readKeyCursor, writeCursor } from './read-asked.ts'
import type { HistoryAsked, ListAsked } from './shapes.ts'
import { changeRow, flagDetail, flagRow, type Labels, labelsFor, labelsOfEntries, segmentDetail } from './told.ts'

/** In the order of their keys, whatever is archived left out unless it is asked for. */
async function listOf<Row>(
  { flags, labelsOf }: Management,
  { kind, q, cursor, limit = 50, ...asked }: Static<typeof ListAsked> & { kind: EntryKind },
  rowOf: (entry: Entry, labels: Labels) => Row,
) {
  const after = readKeyCursor(cursor)
  const entries = await flags.reads.list({ kind, ...asked, text: q, after, limit: limit + 1 })
  const shown = entries.slice(0, limit)
  const labels = await labelsOfEntries(labelsOf, shown)
  const current = flags.current()
  const { state, fault, sentence } = flags.standing()
  const delivered = kind === 'flag' ? current?.body.flags : current?.body.evaluators
  return {
    data: shown.map((entry) => rowOf(entry, labels)),
    next_cursor: entries.length > limit ? writeCursor(shown.at(-1)!.key) : null,
    number: current ? sayNumber(current) : null,
    total: Object.keys(delivered ?? {}).length,
    standing: { state, fault, sentence },
  }
}

export const listFlags = (parts: Management, asked: Static<typeof ListAsked>) =>
  listOf(parts, { ...asked, kind: 'flag' }, flagRow)
export const listSegments = (parts: Management, asked: Static<typeof ListAsked>) =>
  listOf(parts, { ...asked, kind: 'evaluator' }, segmentDetail)

export async function findFlag(parts: Management, key: string) {
  const entry = await entryOf(parts, 'flag', key)
  return flagDetail(entry, await labelsOfEntries(parts.labelsOf, [entry]))
}

export async function findSegment(parts: Management, key: string) {
  const entry = await entryOf(parts, 'evaluator', key)
  return segmentDetail(entry, await labelsOfEntries(parts.labelsOf, [entry]))
}

/** Of tables that lost something, "there is none" would be a guess. */
async function entryOf({ flags }: Management, kind: EntryKind, key: string): Promise<Entry> {
  const entry = await flags.reads.find(kind, key)
  if (entry) return entry
  const { state, fault, sentence } = flags.standing()
  throw state === 'holding' ? refuse('held', { fault, sentence }) : refuse('not_found', { what: wordOf(kind), key })
}

const KINDS: Record<NonNullable<Static<typeof HistoryAsked>['kind']>, LogKind> = {
  flag: 'flag',
  segment: 'evaluator',
  set: 'set',
}

/** Newest first. */
export async function listChanges(
  { flags, labelsOf }: Management,
  { cursor, kind, key, limit = 50 }: Static<typeof HistoryAsked>,
) {
  const before = readChangeCursor(cursor)
  const rows = await flags.reads.history({ kind: kind && KINDS[kind], key, before, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const labels = await labelsFor(
    labelsOf,
    shown.map(({ by_id }) => by_id),
  )
  return {
    data: shown.map((row) => changeRow(row, labels)),
    next_cursor: rows.length > limit ? writeCursor(`chg_${shown.at(-1)!.id}`) : null,
  }
}
