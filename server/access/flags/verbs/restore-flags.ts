import type { FlagDefinition, FlagMetadata } from '../../../../sdk/evaluate.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { definitionIn } from '../changing/change-of.ts'
import * as queries from '../changing/queries.ts'
import { type Entry, type Kept, keptOf, type LogKind, nameOf } from '../entry.ts'
import { unpack } from '../following/served.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import type { FlagState } from '../sign/next-snapshot-body.ts'
import { type Known, replaceState, type Restored, type Wanted } from './replace-state.ts'

export interface RestoreFlags {
  /** Left out: what is served now, written back into tables that lost it. */
  at?: Date | undefined
  /** Flags and segments of these names alone; left out: all. */
  keys?: string[] | undefined
  /** How many flags and segments are taken away by it; needed when they are many. */
  confirm?: number | undefined
  reason?: string | null | undefined
}

/** Puts flags back to what they were, of an instant or of what is served. Everybody follows: the epoch rises. */
export async function restoreFlags(parts: Parts, tx: Queries, by: By, input: RestoreFlags): Promise<Restored> {
  const { at, keys, confirm, reason } = input
  return replaceState(parts, tx, {
    by,
    deed: 'restore',
    confirm,
    reason,
    async wanted(known) {
      const then = at ? await stateAt(tx, at) : { state: known.greatest.body, labels: new Map() }
      return keys ? narrowed(then, known, keys) : then
    },
  })
}

/** What the database has is the truth, also where it is behind or empty. Whoever decides so says how much goes. */
export async function adoptFlags(
  parts: Parts,
  tx: Queries,
  by: By,
  { confirm, reason }: Pick<RestoreFlags, 'confirm' | 'reason'> = {},
): Promise<Restored> {
  const wanted = async ({ entries }: Known) => fromEntries(entries)
  return replaceState(parts, tx, { by, deed: 'adopt', confirm, reason, wanted })
}

/** By the log; where that has nothing, by the newest snapshot of then. */
export async function stateAt(tx: Queries, at: Date): Promise<Wanted> {
  const rows = await queries.foldLog(tx, at)
  if (rows.length > 0) {
    return stateOf(rows.flatMap(({ kind, key, after }) => (after ? [{ kind, key, ...after }] : [])))
  }
  const packed = await queries.packedAt(tx, at)
  const read = packed && (await unpack(packed))
  if (!read || 'fault' in read) throw refuse('nothing_at', { at: at.toISOString() })
  return { state: read.body, labels: new Map() }
}

const fromEntries = (entries: readonly Entry[]): Wanted => {
  return stateOf(
    entries.filter(({ archived_at }) => archived_at === null).map((entry) => ({ ...entry, ...keptOf(entry) })),
  )
}

function stateOf(kept: readonly (Kept & { kind: LogKind; key: string })[]): Wanted {
  const of = (kind: LogKind) =>
    kept.filter((each) => each.kind === kind).map(({ key, definition }) => [key, definition])
  const [set] = kept.filter(({ kind }) => kind === 'set')
  return {
    state: {
      flags: Object.fromEntries(of('flag')) as Record<string, FlagDefinition>,
      evaluators: Object.fromEntries(of('evaluator')),
      metadata: (set?.definition ?? {}) as FlagMetadata,
    },
    labels: new Map(kept.map((each) => [nameOf(each.kind, each.key), keptOf(each)])),
  }
}

/** What is served now, but for these keys. */
function narrowed({ state, labels }: Wanted, { greatest }: Known, keys: readonly string[]): Wanted {
  const { flags, evaluators, metadata } = greatest.body
  const known = (key: string) =>
    [state, greatest.body].some((each) =>
      (['flag', 'evaluator'] as const).some((kind) => definitionIn(each, kind, key) !== undefined),
    )
  const stranger = keys.find((key) => !known(key))
  if (stranger !== undefined) throw refuse('not_found', { what: 'flag or segment', key: stranger })
  const named = new Set(keys)
  const mixed = <Item>(now: Record<string, Item>, then: Record<string, Item>): Record<string, Item> => {
    const kept = Object.entries(now).filter(([key]) => !named.has(key))
    return Object.fromEntries([...kept, ...Object.entries(then).filter(([key]) => named.has(key))])
  }
  const next: FlagState = {
    flags: mixed(flags, state.flags),
    evaluators: mixed(evaluators, state.evaluators),
    metadata,
  }
  const kept = [...labels].filter(([name]) => named.has(name.slice(name.indexOf('\n') + 1)))
  return { state: next, labels: new Map(kept) }
}
