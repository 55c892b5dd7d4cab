import type { FlagDefinition, FlagMetadata } from '../../../../sdk/evaluate.ts'
import { epochMax } from '../../../../sdk/flags/number-fault.ts'
import {
  compareNames,
  type KeyName,
  nameOf,
  type Parsed,
  type SignedKeyList,
  type SnapshotBody,
  type SnapshotNumber,
  type Tombstone,
} from '../../../../sdk/flags/snapshot.ts'

/** What is delivered, without its proofs. */
export interface FlagState {
  flags: Record<string, FlagDefinition>
  evaluators: Record<string, unknown>
  metadata: FlagMetadata
}

/** What becomes of one key. `after: null`: it is gone, and leaves a tombstone. */
export type Change =
  | { kind: 'flag'; key: string; after: FlagDefinition | null }
  | { kind: 'evaluator'; key: string; after: unknown }
  | { kind: 'set'; key: ''; after: FlagMetadata }

export interface NextSnapshot {
  /** The greatest one known, or a client that has it could not follow. */
  previous: Parsed
  changes: readonly Change[]
  madeAt: Date
  /** Left out: as before. */
  keyList?: SignedKeyList
  /** Given by a restore: a new epoch, which begins at 1. */
  epoch?: number
}

/**
 * e1.s1: empty. Only in the transaction that makes the root. Where there is a root and no snapshot, everything was wiped,
 * and an empty set must not be the answer.
 */
export function firstSnapshotBody(first: {
  stamp: { environment: string; installation_id: string }
  madeAt: Date
  keyList: SignedKeyList
}): SnapshotBody {
  const { environment, installation_id } = first.stamp
  return {
    environment,
    installation_id,
    epoch: 1,
    seq: 1,
    made_at: first.madeAt.toISOString(),
    count: 0,
    previous_digest: null,
    flags: {},
    evaluators: {},
    metadata: {},
    tombstones: [],
    key_list: first.keyList,
  }
}

/**
 * The next one: what was delivered before, and the changes. It is never made from the tables, which somebody may have
 * emptied behind our back: only what a change names can be other than before.
 */
export function nextSnapshotBody({ previous, changes, madeAt, keyList, epoch }: NextSnapshot): SnapshotBody {
  const { body, header } = previous
  const number: SnapshotNumber = epoch === undefined ? { epoch: body.epoch, seq: body.seq + 1 } : { epoch, seq: 1 }
  const at = madeAt.toISOString()
  const state = fold(body, changes)
  return {
    environment: body.environment,
    installation_id: body.installation_id,
    ...number,
    made_at: at,
    count: Object.keys(state.flags).length,
    previous_digest: header.digest,
    ...state,
    tombstones: tombstonesAfter(body.tombstones, changes, { ...number, at }),
    key_list: keyList ?? body.key_list,
  }
}

export interface KnownEpochs {
  /** Of the database, any disk of access, and what clients gave back: all of it signed. */
  known: readonly SnapshotNumber[]
  /** What clients say they once accepted, without a text to show for it. */
  claimed?: readonly SnapshotNumber[]
  /** The greatest known. */
  keyListNumber: number
}

/**
 * One more than the greatest known. A claim that no signer of that list could have made is passed over. Where the result
 * is above `epochMax` of the list, a new list of signing keys has to come with it.
 */
export function epochAfter({ known, claimed = [], keyListNumber }: KnownEpochs): number {
  const credible = claimed.filter(({ epoch }) => epoch <= epochMax(keyListNumber))
  return 1 + Math.max(0, ...[...known, ...credible].map(({ epoch }) => epoch))
}

/** The changes, in their order, on top of what there was. */
export function fold(before: FlagState, changes: readonly Change[]): FlagState {
  const flags = new Map(Object.entries(before.flags))
  const evaluators = new Map(Object.entries(before.evaluators))
  let { metadata } = before
  for (const change of changes) {
    if (change.kind === 'set') metadata = change.after
    else if (change.kind === 'flag') put(flags, change)
    else put(evaluators, change)
  }
  return { flags: Object.fromEntries(flags), evaluators: Object.fromEntries(evaluators), metadata }
}

function put<Item>(items: Map<string, Item>, { key, after }: { key: string; after: Item | null }): void {
  if (after === null) items.delete(key)
  else items.set(key, after)
}

/**
 * Cumulative, so that a client that slept through many deletions is not shut out. Of one key only the last counts; a key
 * made again makes its old tombstone void, and it is dropped: it must not excuse a later loss.
 */
export function tombstonesAfter(
  before: readonly Tombstone[],
  changes: readonly Change[],
  now: SnapshotNumber & { at: string },
): Tombstone[] {
  const kept = new Map(before.map((tombstone) => [nameOf(tombstone), tombstone]))
  for (const { kind, key, after } of changes) {
    if (kind === 'set') continue
    if (after === null) kept.set(nameOf({ kind, key }), { kind, key, epoch: now.epoch, seq: now.seq, at: now.at })
    else kept.delete(nameOf({ kind, key }))
  }
  return [...kept.values()].toSorted(compareNames)
}

export const namesIn = ({ flags, evaluators }: Pick<FlagState, 'flags' | 'evaluators'>): KeyName[] => [
  ...Object.keys(flags).map((key) => ({ kind: 'flag' as const, key })),
  ...Object.keys(evaluators).map((key) => ({ kind: 'evaluator' as const, key })),
]
