import { type Definition, isSameJson } from '../../../../sdk/evaluate.ts'
import { authorFault } from '../../../../sdk/flags/judge-snapshot.ts'
import { nodeSeals } from '../../../../sdk/flags/node-seals.ts'
import { epochMax } from '../../../../sdk/flags/number-fault.ts'
import { compareNumbers, type Parsed } from '../../../../sdk/flags/snapshot.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Changed } from '../changing/change-flags.ts'
import { definitionIn, keptIn, labelsOf } from '../changing/change-of.ts'
import * as queries from '../changing/queries.ts'
import { writeNext } from '../changing/write-next.ts'
import { type Entry, type FlagNumber, isKey, type Kept, keptOf, type LogKind, nameOf, type Row } from '../entry.ts'
import { forgetClaims, forgetReportsAbove, heldByClients, toldKeyLists } from '../fleet/queries.ts'
import { beginWithin } from '../following/begin.ts'
import { signerFor } from '../following/key-ring.ts'
import {
  deleteSnapshotsAbove,
  type Head,
  type Position,
  readKeys,
  readPacked,
  readPosition,
  WINDOW_ROWS,
} from '../following/queries.ts'
import { unpack } from '../following/served.ts'
import { findFault } from '../following/standing.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { changesTo } from '../sign/changes-to.ts'
import { type Change, epochAfter, type FlagState } from '../sign/next-snapshot-body.ts'
import { listAnew } from './rotate-key.ts'

/** What was served until now: it is handed back before anything is written over it. */
export interface Exported {
  number: FlagNumber | null
  made_at: string | null
  definition: Definition
}

export interface Restored extends Changed {
  before: Exported
  added: number
  changed: number
  removed: number
}

export interface Replacement {
  by: By
  deed: 'restore' | 'adopt'
  confirm?: number | undefined
  reason?: string | null | undefined
  /** What shall be delivered from now on, and what things are called if the tables do not know it any more. */
  wanted(from: Known): Promise<Wanted>
}

export interface Wanted {
  state: FlagState
  labels: ReadonlyMap<string, Kept>
}

export interface Known {
  tx: Queries
  /** The greatest that was ever signed, of this disk and the database. */
  greatest: Parsed
  /** The database's own, when that is another. */
  others: Parsed[]
  entries: readonly Entry[]
}

/** As many keys of quarantined clients are buried at once. */
const REPORTED_MAX = 5000

/**
 * Makes a whole state the truth, over tables that may be empty, set back, or whole. A new epoch begins above every number that
 * anybody has told of, so that every client follows; what is not in the state leaves a tombstone, also where only a client
 * or another database remembers it.
 */
export async function replaceState(parts: Parts, tx: Queries, replacement: Replacement): Promise<Restored> {
  await queries.lockWithoutHead(tx)
  const locked = await queries.lockHead(tx)
  const position = await readPosition(tx, { olderFrom: 1 })
  const known = await knownSnapshots(parts, tx, position)
  if (!known) return beginAnew(parts, tx, replacement)
  const { greatest, others } = known
  await putKeysBack(parts, tx)
  const entries = await queries.allEntries(tx)
  const { state, labels } = await replacement.wanted({ tx, greatest, others, entries })
  // What nothing can be called nobody holds, and a tombstone of it no client could read.
  const reported = (await heldByClients(tx, REPORTED_MAX)).filter(({ key }) => isKey(key))
  const changes = changesTo(state, { previous: greatest, known: others, reported })
  const numbers = [greatest, ...others].map(({ body }) => ({ epoch: body.epoch, seq: body.seq }))
  // No text shows these, and whoever can write into the tables could make one up.
  const claimed = [position.head, position.greatest_told].filter((each) => each !== null)
  const rows = await rowsFor(tx, { state, labels, changes, greatest, entries })
  const head = await headFor(tx, { locked, position, greatest })
  const keyListNumber = Math.max(...[greatest, ...others].map(({ keyList }) => keyList.number))
  const epoch = epochAfter({ known: numbers, claimed, keyListNumber })
  // The key that the newest list names may be lost with what the database lost.
  const signer = signerFor(await readKeys(tx), parts.secret, greatest.keyList)
  const [told = 0] = await toldKeyLists(tx, 1)
  const isNewest = greatest.keyList.number === keyListNumber && told <= keyListNumber
  const isListGood = signer !== undefined && isNewest && epoch <= epochMax(keyListNumber)
  const keyList = isListGood ? undefined : await listAnew(parts, tx, [greatest, ...others])
  const changed = await writeNext(parts, tx, {
    ...replacement,
    previous: greatest,
    head,
    known: numbers,
    rows,
    epoch,
    ...(keyList && { keyList }),
  })
  await deleteSnapshotsAbove(tx, changed.number)
  await forgetReportsAbove(tx, changed.number)
  await forgetClaims(tx, parts.clock.now())
  return { ...changed, ...counted(changes, greatest), before: exported(greatest) }
}

/** Where nobody knows of any flags, a person may say that there never were any. */
async function beginAnew(parts: Parts, tx: Queries, { deed }: Replacement): Promise<Restored> {
  const begun = deed === 'adopt' ? await beginWithin(parts, tx) : undefined
  if (!begun) throw refuse('none_yet')
  const { epoch, seq } = begun.body
  const before: Exported = { number: null, made_at: null, definition: { flags: {} } }
  const changed = { change_id: null, number: { epoch, seq }, digest: begun.header.digest, keys: [] }
  return { ...changed, before, added: 0, changed: 0, removed: 0 }
}

/** What a wipe took, from this disk; a root that somebody put in its place goes. */
async function putKeysBack({ keys }: Parts, tx: Queries): Promise<void> {
  const rows = keys.rows()
  const root = rows.find(({ kind }) => kind === 'root')
  if (root) await queries.deleteOtherRoots(tx, root.kid)
  await queries.putKeys(tx, rows)
}

/** Everything that was ever signed and can still be read, the greatest first. */
async function knownSnapshots(parts: Parts, tx: Queries, { newest }: Position) {
  const held = parts.served.held()
  const found: Parsed[] = held ? [held] : []
  for (const each of newest) {
    if (each.digest === held?.header.digest) continue
    const packed = await readPacked(tx, each)
    const read = packed && (await unpack(packed, each))
    // What nobody here could accept was not made here, whatever the row says of itself.
    if (read && !('fault' in read) && isOurs(parts, read)) found.push(read)
  }
  const [greatest, ...others] = found.toSorted((one, other) => compareNumbers(other.body, one.body))
  return greatest && { greatest, others }
}

/** Of this installation, under its root: whatever its number and its content, somebody may hold it. */
function isOurs({ served }: Pick<Parts, 'served'>, read: Parsed): boolean {
  const trust = served.trust()
  return trust !== undefined && authorFault(read, trust, nodeSeals) === undefined
}

interface Writing extends Wanted {
  changes: readonly Change[]
  greatest: Parsed
  entries: readonly Entry[]
}

/** What changes; and what the log or the tables have lost, so that both say again what is. */
async function rowsFor(tx: Queries, { state, labels, changes, greatest, entries }: Writing): Promise<Row[]> {
  const entryOf = new Map(entries.map((entry) => [nameOf(entry.kind, entry.key), entry]))
  const logged = new Map((await queries.foldLog(tx, null)).map((row) => [nameOf(row.kind, row.key), row.after]))
  const labelled = (kind: LogKind, key: string) => {
    const name = nameOf(kind, key)
    return labelsOf(labels.get(name) ?? entryOf.get(name) ?? logged.get(name))
  }
  const rowOf = (kind: LogKind, key: string): Row => {
    const definition = definitionIn(state, kind, key)
    const after = definition === undefined ? null : { definition, ...labelled(kind, key) }
    const before = keptIn(greatest.body, { kind, key }, entryOf.get(nameOf(kind, key)))
    return { kind, key, before, after, entry: after ? 'put' : 'archive' }
  }
  const rows = new Map(changes.map(({ kind, key }) => [nameOf(kind, key), rowOf(kind, key)]))
  for (const [kind, key] of namesOf(state)) {
    const name = nameOf(kind, key)
    // A set without metadata need not be there.
    const none = kind === 'set' ? {} : undefined
    const said = [logged.get(name)?.definition ?? none, liveDefinition(entryOf.get(name)) ?? none]
    const definition = definitionIn(state, kind, key)
    // Of what nobody delivered before, the row of the change itself says it.
    if (!rows.has(name) && !said.every((each) => isSameJson(each, definition))) rows.set(name, rowOf(kind, key))
  }
  // Also what the tables hold and nobody ever delivered.
  for (const { kind, key, archived_at } of entries) {
    const name = nameOf(kind, key)
    if (kind !== 'set' && !archived_at && !rows.has(name) && definitionIn(state, kind, key) === undefined) {
      rows.set(name, { kind, key, before: null, after: null, entry: 'archive' })
    }
  }
  if (rows.size === 0) rows.set(nameOf('set', ''), { ...rowOf('set', ''), entry: 'none' })
  return [...rows.values()]
}

const liveDefinition = (entry: Entry | undefined) =>
  entry && !entry.archived_at ? keptOf(entry).definition : undefined

function namesOf({ flags, evaluators }: FlagState): [LogKind, string][] {
  return [
    ...Object.keys(flags).map((key): [LogKind, string] => ['flag', key]),
    ...Object.keys(evaluators).map((key): [LogKind, string] => ['evaluator', key]),
    ['set', ''],
  ]
}

/** The log goes on after its newest row. Where it lost some, it is whole from here on, and that was a person's decision. */
async function headFor(
  tx: Queries,
  { locked, position, greatest }: { locked: Head | undefined; position: Position; greatest: Parsed },
): Promise<Head> {
  const newest = await queries.newestRow(tx)
  const changes = Math.max(newest, locked?.changes ?? 0)
  const isWhole = locked !== undefined && newest === locked.changes && isLogWhole(position, greatest)
  const { epoch, seq } = greatest.body
  const whole_from = isWhole ? locked.whole_from : changes + 1
  return { epoch, seq, digest: greatest.header.digest, changes, whole_from }
}

function isLogWhole(position: Position, greatest: Parsed): boolean {
  // Counted as the watcher counts, with the rest of the position out of the way.
  const { head } = position
  if (!head || head.changes > WINDOW_ROWS) return false
  const { flags, evaluators } = greatest.body
  const healed: Position = {
    ...position,
    head: { ...head, epoch: greatest.body.epoch, seq: greatest.body.seq, digest: greatest.header.digest },
    has_snapshot: true,
    signing_key: 'any',
    has_root: true,
    flags: Object.keys(flags).length,
    evaluators: Object.keys(evaluators).length,
    greatest_told: null,
  }
  return findFault(healed, greatest, { olderFrom: 1 }) === undefined
}

function counted(changes: readonly Change[], { body }: Parsed) {
  const items = changes.filter(({ kind }) => kind !== 'set')
  const isThere = ({ kind, key }: Change) => definitionIn(body, kind, key) !== undefined
  return {
    added: items.filter((change) => change.after !== null && !isThere(change)).length,
    changed: items.filter((change) => change.after !== null && isThere(change)).length,
    removed: items.filter((change) => change.after === null && isThere(change)).length,
  }
}

export function exported({ body }: Pick<Parsed, 'body'>): Exported {
  const { epoch, seq, made_at, flags, evaluators, metadata } = body
  return { number: { epoch, seq }, made_at, definition: { flags, $evaluators: evaluators, metadata } }
}
