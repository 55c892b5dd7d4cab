import { KEY_LENGTH_MAX, type SnapshotNumber } from '../../../sdk/flags/snapshot.ts'

export type FlagNumber = SnapshotNumber
/** A segment is a named evaluator. */
export type EntryKind = 'flag' | 'evaluator'
/** `set`: the metadata of all, under the key ''. */
export type LogKind = EntryKind | 'set'

export type Deed =
  | 'make'
  | 'edit'
  | 'archive'
  | 'bring-back'
  | 'delete'
  | 'kill'
  | 'undo'
  | 'import'
  | 'restore'
  | 'adopt'
  | 'set-metadata'
  | 'rotate-key'

/** What is delivered of a key, and how people call it. */
export interface Kept {
  definition: unknown
  name: string | null
  description: string | null
  tags: string[]
}

export interface Entry extends Kept, FlagNumber {
  kind: LogKind
  key: string
  created_at: Date
  created_by: string
  changed_at: Date
  changed_by: string
  /** Not delivered, and can be brought back. */
  archived_at: Date | null
}

/** One row of the log, as it is about to be written. */
export interface Row {
  kind: LogKind
  key: string
  before: Kept | null
  /** Null: not delivered any more. */
  after: Kept | null
  /** What becomes of a key that is not delivered: it stays in the list, or is gone from it. */
  entry: 'put' | 'archive' | 'delete' | 'none'
}

export interface ChangeRow extends FlagNumber {
  id: number
  change_id: string
  at: Date
  kind: LogKind
  key: string
  deed: Deed
  before: Kept | null
  after: Kept | null
  by_kind: string
  by_id: string
  reason: string | null
}

export const nameOf = (kind: LogKind, key: string) => `${kind}\n${key}`
export const wordOf = (kind: LogKind) => (kind === 'evaluator' ? 'segment' : kind === 'set' ? 'set of flags' : 'flag')
export const keptOf = ({ definition, name, description, tags }: Kept): Kept => ({ definition, name, description, tags })
export const isLive = (entry: Entry | undefined): entry is Entry => entry !== undefined && entry.archived_at === null

/** No control characters, and no halves of a pair of surrogates. */
const KEY = /^[^\p{Cc}\p{Cs}]+$/u
/** Whether something can be called so, and its tombstone be read by every client. */
export const isKey = (key: string) => key.length <= KEY_LENGTH_MAX && KEY.test(key)
