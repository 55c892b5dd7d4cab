import { isSameJson } from '../../../../sdk/evaluate.ts'
import { type KeyName, nameOf, type Parsed } from '../../../../sdk/flags/snapshot.ts'
import { type Change, type FlagState, namesIn } from './next-snapshot-body.ts'

export interface Knowledge {
  /** The greatest snapshot known, of any store: what clients hold. */
  previous: Parsed
  /** Others that were delivered: of the database, when a disk is ahead of it; of another epoch. */
  known?: readonly Parsed[]
  /** What quarantined clients hold and nobody here has heard of. */
  reported?: readonly KeyName[]
}

/**
 * What a restore has to write into the log, so that everybody ends with `state`: whatever differs, and an end for
 * everything that some client may hold and that is not in it. Without that end the client could never follow.
 */
export function changesTo(state: FlagState, { previous, known = [], reported = [] }: Knowledge): Change[] {
  return [...differences(previous.body, state), ...ends(state, { previous, known, reported })]
}

function differences(before: FlagState, after: FlagState): Change[] {
  const flags = changed(before.flags, after.flags).map((key) => ({
    kind: 'flag' as const,
    key,
    after: after.flags[key]!,
  }))
  const evaluators = changed(before.evaluators, after.evaluators).map((key) => ({
    kind: 'evaluator' as const,
    key,
    after: after.evaluators[key],
  }))
  const isSameSet = isSameJson(before.metadata, after.metadata)
  return [
    ...flags,
    ...evaluators,
    ...(isSameSet ? [] : [{ kind: 'set' as const, key: '' as const, after: after.metadata }]),
  ]
}

const changed = (before: Record<string, unknown>, after: Record<string, unknown>) =>
  Object.keys(after).filter((key) => !Object.hasOwn(before, key) || !isSameJson(before[key], after[key]))

/** Ends that `previous` tells already are not told again: their tombstones stay as they are. */
function ends(state: FlagState, { previous, known, reported }: Required<Knowledge>): Change[] {
  const told = new Set(previous.body.tombstones.map(nameOf))
  const alive = [previous, ...known].flatMap(({ body }) => namesIn(body))
  const buried = known.flatMap(({ body }) => body.tombstones).filter((tombstone) => !told.has(nameOf(tombstone)))
  const names = new Map([...alive, ...buried, ...reported].map((name) => [nameOf(name), name]))
  return [...names.values()]
    .filter(({ kind, key }) => !Object.hasOwn(kind === 'flag' ? state.flags : state.evaluators, key))
    .map(({ kind, key }) => ({ kind, key, after: null }))
}
