/**
 * One signed, numbered delivery of every flag: what it is made of, and how its text is read. The first line is a header
 * that says who signed, the others are the body exactly as it was signed: what is said of the whole, and a line for each flag,
 * `["key",{…}]`. Bytes are kept, so nothing has to be put in canonical order; and of two snapshots the lines that are the same
 * are read once.
 */
import { type FlagDefinition, type FlagMetadata, isObject } from './definition.ts'

export const SNAPSHOT_TYPE = 'holdfast-flags-1'
export const KEY_LIST_TYPE = 'holdfast-keys-1'
export const SNAPSHOT_ALGORITHM = 'ES256'
export const SNAPSHOT_CONTENT_TYPE = 'application/vnd.holdfast.flags+json-lines'

/** 5 000 flags are some 3 MB; ten times that still starts in a second. What is longer was not made by access. */
export const SNAPSHOT_BYTES_MAX = 32 * 1024 * 1024
/** Four times the largest set that the bench runs with. */
export const FLAGS_MAX = 20_000
export const EVALUATORS_MAX = 5_000
/** About 100 bytes each, and kept for ever: ten deletions of different keys a day for thirteen years. */
export const TOMBSTONES_MAX = 50_000
/** One signs, one waits, a few are of yesterday. */
export const SIGNING_KEYS_MAX = 20
/** As long as a key may be in a URL and in a log line without being cut. */
export const KEY_LENGTH_MAX = 200
/** Far above a list of `SIGNING_KEYS_MAX`. */
const KEY_LIST_LENGTH_MAX = 16_384
const HEADER_LENGTH_MAX = 1_024
/** In file names and sentences: nothing that leaves a folder or breaks a line. */
const NAME = /^[A-Za-z0-9_-]{1,100}$/
const BASE64URL = /^[A-Za-z0-9_-]{1,200}$/

/** `e3.s1893`: the epoch rises with a restore, and within an epoch `seq` grows by one each time. */
export interface SnapshotNumber {
  epoch: number
  seq: number
}

export interface SnapshotHeader {
  typ: typeof SNAPSHOT_TYPE
  kid: string
  alg: typeof SNAPSHOT_ALGORITHM
  /** Of all lines after this one; also the ETag. */
  digest: string
  signature: string
}

export interface SnapshotBody extends SnapshotNumber {
  environment: string
  installation_id: string
  made_at: string
  /** Of flags. */
  count: number
  /** Of the snapshot before it, whatever its epoch. */
  previous_digest: string | null
  flags: Record<string, FlagDefinition>
  evaluators: Record<string, unknown>
  metadata: FlagMetadata
  /** Cumulative: one for each key that is gone, the newest, in the order of kind and key. */
  tombstones: Tombstone[]
  key_list: SignedKeyList
}

/** What can disappear, and must not do so without a tombstone. */
export interface KeyName {
  kind: 'flag' | 'evaluator'
  key: string
}

/** The proof that somebody meant a key to be gone, and in which snapshot. */
export interface Tombstone extends KeyName, SnapshotNumber {
  at: string
}

export interface RootKey {
  kty: 'EC'
  crv: 'P-256'
  x: string
  y: string
}

export interface FlagKey extends RootKey {
  kid: string
}

export interface SignedKeyList {
  /** A `KeyList` in JSON, exactly as it was signed. */
  text: string
  signature: string
  root: RootKey
}

/** Who signs snapshots. The root replaces it by one with a greater number: who is not in that one signs no more. */
export interface KeyList {
  installation_id: string
  environment: string
  number: number
  keys: FlagKey[]
}

/** A text that was read; nothing about it is believed until it was judged. */
export interface Parsed {
  text: string
  header: SnapshotHeader
  /** All after the header, without the last newline: what was signed. */
  bodyText: string
  body: SnapshotBody
  keyList: KeyList
  /** Each flag by its line. */
  lines: ReadonlyMap<string, FlagEntry>
}

/** What a line of the body says: the key and the definition of a flag. */
export type FlagEntry = readonly [key: string, flag: FlagDefinition]

/** The body of a snapshot, as it is signed. */
export function bodyTextOf({ flags, ...whole }: SnapshotBody): string {
  const lines = Object.entries(flags).map((entry) => JSON.stringify(entry))
  return [JSON.stringify(whole), ...lines].join('\n')
}

/** Why a text cannot even be judged. */
export interface Unreadable {
  fault: 'unreadable' | 'bad_key_list'
  detail: string
}

/**
 * Reads the text of a snapshot: shape and limits, and nothing about who made it. `like`: one that was read before; a line that
 * is in both is not read again, and its flag is the very same object.
 */
export function parseSnapshot(text: string, like?: Parsed): Parsed | Unreadable {
  if (text.length > SNAPSHOT_BYTES_MAX) return unreadable(`it is longer than ${SNAPSHOT_BYTES_MAX} bytes`)
  const end = text.indexOf('\n')
  // The newline at the end tells a whole text from one that was cut off.
  if (end < 0 || end === text.length - 1 || !text.endsWith('\n')) return unreadable('it does not end with a whole line')
  const header = end <= HEADER_LENGTH_MAX ? read(text.slice(0, end)) : undefined
  if (!isHeader(header)) return unreadable('its first line is not the header of a snapshot that this release knows')
  const bodyText = text.slice(end + 1, -1)
  const [whole = '', ...flagLines] = bodyText.split('\n', FLAGS_MAX + 2)
  const lines = readLines(flagLines, like?.lines)
  if (!lines) return unreadable('a line is not that of a flag, or there are too many')
  const body = bodyOf(read(whole), lines)
  if (!isBody(body)) return unreadable('its second line is not what a snapshot says of the whole')
  const keyList = readKeyList(body.key_list)
  if (!keyList) return { fault: 'bad_key_list', detail: 'Its list of signing keys cannot be read.' }
  return { text, header, bodyText, body, keyList, lines }
}

/** What the root signed; undefined: it cannot be read. Nothing about it is believed until it was judged. */
export function readKeyList(signed: SignedKeyList): KeyList | undefined {
  const list = signed.text.length <= KEY_LIST_LENGTH_MAX ? read(signed.text) : undefined
  return isKeyList(list) ? list : undefined
}

function readLines(
  lines: readonly string[],
  known: ReadonlyMap<string, FlagEntry> | undefined,
): ReadonlyMap<string, FlagEntry> | undefined {
  const entries = new Map<string, FlagEntry>()
  for (const line of lines) {
    const entry = known?.get(line) ?? read(line)
    if (!isEntry(entry)) return undefined
    entries.set(line, entry)
  }
  const keys = new Set(Array.from(entries.values(), ([key]) => key))
  return keys.size === lines.length && keys.size <= FLAGS_MAX ? entries : undefined
}

/** One place for flags, and no second one that could say something else. */
function bodyOf(whole: unknown, lines: ReadonlyMap<string, FlagEntry>): unknown {
  if (!isObject(whole) || Object.hasOwn(whole, 'flags')) return undefined
  return { ...whole, flags: Object.fromEntries(lines.values()) }
}

const isEntry = (value: unknown): value is FlagEntry =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string'

export function compareNumbers(one: SnapshotNumber, other: SnapshotNumber): number {
  return one.epoch - other.epoch || one.seq - other.seq
}

export const sayNumber = ({ epoch, seq }: SnapshotNumber) => `e${epoch}.s${seq}`

/** As `sayNumber` says it; undefined: it is none. */
export function readNumber(text: unknown): SnapshotNumber | undefined {
  const [, epoch, seq] = /^e(\d{1,15})\.s(\d{1,15})$/.exec(typeof text === 'string' ? text : '') ?? []
  return epoch && seq ? { epoch: Number(epoch), seq: Number(seq) } : undefined
}

/** The order of tombstones: of kind and key by their UTF-16 units, the same on every machine. */
export function compareNames(one: KeyName, other: KeyName): number {
  const [left, right] = [nameOf(one), nameOf(other)]
  return left < right ? -1 : Number(left > right)
}

export const nameOf = ({ kind, key }: KeyName) => `${kind} ${key}`

const unreadable = (why: string): Unreadable => ({
  fault: 'unreadable',
  detail: `What came is not a whole snapshot: ${why}. Nothing of it was taken; if the next one is like it, look at what stands between this process and access.`,
})

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isHeader(value: unknown): value is SnapshotHeader {
  if (!isObject(value) || value.typ !== SNAPSHOT_TYPE || value.alg !== SNAPSHOT_ALGORITHM) return false
  return isName(value.kid) && isBase64(value.digest) && isBase64(value.signature)
}

function isBody(value: unknown): value is SnapshotBody {
  if (!isObject(value) || !isName(value.environment) || !isName(value.installation_id)) return false
  if (!isFew(value.evaluators, EVALUATORS_MAX) || !isObject(value.metadata)) return false
  const { tombstones } = value
  return (
    areNumbers(value.epoch, value.seq, value.count) &&
    isTime(value.made_at) &&
    (value.previous_digest === null || isBase64(value.previous_digest)) &&
    Array.isArray(tombstones) &&
    tombstones.length <= TOMBSTONES_MAX &&
    tombstones.every(isTombstone) &&
    isSignedKeyList(value.key_list)
  )
}

function isTombstone(value: unknown): value is Tombstone {
  if (!isObject(value) || (value.kind !== 'flag' && value.kind !== 'evaluator')) return false
  return typeof value.key === 'string' && value.key.length <= KEY_LENGTH_MAX && areNumbers(value.epoch, value.seq)
}

/** Its shape alone. */
export function isSignedKeyList(value: unknown): value is SignedKeyList {
  return isObject(value) && typeof value.text === 'string' && isBase64(value.signature) && isKey(value.root)
}

function isKeyList(value: unknown): value is KeyList {
  if (!isObject(value) || !isName(value.environment) || !isName(value.installation_id)) return false
  const { number, keys } = value
  if (!Number.isSafeInteger(number) || (number as number) < 1) return false
  return Array.isArray(keys) && keys.length <= SIGNING_KEYS_MAX && keys.every((key) => isKey(key) && isName(kidOf(key)))
}

function isKey(value: unknown): value is RootKey {
  return isObject(value) && value.kty === 'EC' && value.crv === 'P-256' && isBase64(value.x) && isBase64(value.y)
}

const kidOf = (key: unknown) => (key as FlagKey).kid
const isName = (value: unknown) => typeof value === 'string' && NAME.test(value)
const isBase64 = (value: unknown) => typeof value === 'string' && BASE64URL.test(value)
const isTime = (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value))
const areNumbers = (...values: unknown[]) => values.every((value) => typeof value === 'number')
const isFew = (value: unknown, max: number) => isObject(value) && Object.keys(value).length <= max
