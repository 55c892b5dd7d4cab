import { isSameJson } from '../../../../sdk/evaluate.ts'
import { missingKeys } from '../../../../sdk/flags/judge-snapshot.ts'
import { epochMax } from '../../../../sdk/flags/number-fault.ts'
import {
  compareNumbers,
  type KeyList,
  type KeyName,
  type Parsed,
  type SnapshotBody,
  type SnapshotNumber,
  sayNumber,
} from '../../../../sdk/flags/snapshot.ts'
import { type Change, fold, tombstonesAfter } from './next-snapshot-body.ts'

/** A row of the log, as the fold needs it. Only the deeds `restore` and `adopt` begin an epoch. */
export type LogRow = SnapshotNumber & Change & { deed: string }

export type WhyNot =
  | 'behind'
  | 'two_lines'
  | 'wrong_stamp'
  | 'bad_number'
  | 'wrong_chain'
  | 'key_list_went_back'
  | 'not_in_log'
  | 'no_tombstone'

export type Follows = { may: true } | { may: false; why: WhyNot; sentence: string }

/** A number, and which snapshot it was, where that was told. */
export type KnownNumber = SnapshotNumber & { digest?: string }

export interface Following {
  /** The greatest snapshot that access ever signed, of the database and its own disk. */
  lastSigned: Parsed
  next: SnapshotBody
  /** The rows of `next`'s number, read from the log. */
  rows: readonly LogRow[]
  /** Every number that anybody has told of: disks, and the reports of clients. */
  known: readonly KnownNumber[]
}

const BEGINS_EPOCH = new Set(['restore', 'adopt'])
const NAMES_SAID = 5

/**
 * May access sign this? Only if it is what was signed before, changed by rows of the log and by nothing else. So tables
 * that were emptied, or a database that was put back, are never made the truth by our own signature.
 */
export function mayFollow({ lastSigned, next, rows, known }: Following): Follows {
  const last = lastSigned.body
  if (next.environment !== last.environment || next.installation_id !== last.installation_id)
    return no('wrong_stamp', 'It is of another environment or installation. Give access its own database.')
  return (
    mayHaveNumber(lastSigned, { next, rows, known }) ??
    mayHaveKeys(lastSigned, next) ??
    mayHaveContent(last, next, rows) ?? { may: true }
  )
}

function mayHaveNumber(
  { body: last, header }: Parsed,
  { next, rows, known }: Omit<Following, 'lastSigned'>,
): Follows | undefined {
  const begins = next.epoch > last.epoch
  const isNext = begins ? next.seq === 1 : next.epoch === last.epoch && next.seq === last.seq + 1
  if (!isNext || !Number.isSafeInteger(next.epoch) || !Number.isSafeInteger(next.seq))
    return no('bad_number', `${sayNumber(next)} does not come after ${sayNumber(last)}.`)
  if (begins && !rows.some(({ deed }) => BEGINS_EPOCH.has(deed)))
    return no('bad_number', `${sayNumber(next)} begins an epoch, and no restore in the log did.`)
  const twin = known.find(
    (each) => compareNumbers(each, last) === 0 && (each.digest ?? header.digest) !== header.digest,
  )
  if (twin && !begins)
    return no(
      'two_lines',
      `There are two different snapshots ${sayNumber(last)}. Run holdfast flags restore, or adopt.`,
    )
  const ahead = known.filter((each) => (begins ? each.epoch >= next.epoch : compareNumbers(each, last) > 0))
  if (ahead.length === 0) return undefined
  const greatest = ahead.reduce((one, other) => (compareNumbers(one, other) < 0 ? other : one))
  return no(
    'behind',
    `${sayNumber(greatest)} is known, and the database is at ${sayNumber(last)}: it was set back. Run holdfast flags restore, or adopt.`,
  )
}

function mayHaveKeys({ header, keyList }: Parsed, next: SnapshotBody): Follows | undefined {
  if (next.previous_digest !== header.digest) return no('wrong_chain', 'It does not name the snapshot before it.')
  const { number } = JSON.parse(next.key_list.text) as KeyList
  if (next.epoch > epochMax(number))
    return no(
      'bad_number',
      `Epoch ${next.epoch} is above what list ${number} of signing keys may sign; make a new list.`,
    )
  if (number >= keyList.number) return undefined
  return no('key_list_went_back', `List ${keyList.number} of signing keys was in use; make one with a greater number.`)
}

function mayHaveContent(last: SnapshotBody, next: SnapshotBody, rows: readonly LogRow[]): Follows | undefined {
  const own = rows.filter((row) => compareNumbers(row, next) === 0).map(asWritten)
  if (own.length === 0) return no('not_in_log', `The log has no row for ${sayNumber(next)}.`)
  const expected = fold(last, own)
  const strange = [
    ...differing('flag', expected.flags, next.flags),
    ...differing('evaluator', expected.evaluators, next.evaluators),
  ]
  if (strange.length > 0)
    return no(
      'not_in_log',
      `No row of the log made this so: ${say(strange)}. Somebody changed the tables behind our back.`,
    )
  if (!isSameJson(expected.metadata, next.metadata) || next.count !== Object.keys(expected.flags).length)
    return no('not_in_log', 'No row of the log made the metadata of the set, or the count of flags, so.')
  const missing = missingKeys(last, next)
  if (missing.length > 0) return no('no_tombstone', `Deleted without a tombstone: ${say(missing)}.`)
  const tombstones = tombstonesAfter(last.tombstones, own, { ...next, at: next.made_at })
  if (isSameJson(tombstones, next.tombstones)) return undefined
  return no('no_tombstone', 'Its tombstones are not those of before and of the log. Somebody changed them.')
}

const differing = (kind: KeyName['kind'], one: Record<string, unknown>, other: Record<string, unknown>): KeyName[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((key) => !Object.hasOwn(one, key) || !Object.hasOwn(other, key) || !isSameJson(one[key], other[key]))
    .map((key) => ({ kind, key }))

/** As it is after JSON: -0 is 0 there, and what is undefined is not there at all. */
const asWritten = (row: LogRow): LogRow => JSON.parse(JSON.stringify(row)) as LogRow

function say(names: readonly KeyName[]): string {
  const said = names.slice(0, NAMES_SAID).map(({ kind, key }) => `${kind} "${key}"`)
  return names.length > said.length ? `${said.join(', ')} and ${names.length - said.length} more` : said.join(', ')
}

const no = (why: WhyNot, sentence: string): Follows => ({ may: false, why, sentence })
