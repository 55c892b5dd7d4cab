import { checkDefinition, type Definition, type FlagDefinition, type FlagMetadata } from '../../../../sdk/evaluate.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { changeFlags, type Changed } from '../changing/change-flags.ts'
import { isSame, keptIn } from '../changing/change-of.ts'
import type { Base } from '../changing/lock-base.ts'
import { type EntryKind, type FlagNumber, isLive, type Row } from '../entry.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { assertMadeOn } from './edit-entry.ts'
import { labelsFrom, pinned } from './make-entry.ts'
import { metadataRows } from './set-metadata.ts'

export interface ImportDefinition {
  /** As flagd writes it, by keys or as a list. */
  definition: unknown
  /** `replace` archives what is not in it. */
  mode: 'merge' | 'replace'
  made_on?: FlagNumber | undefined
  confirm?: number | undefined
  reason?: string | null | undefined
}

/** Many at once, in one change and one snapshot. What is said of a key replaces what was; names and tags stay. */
export async function importDefinition(parts: Parts, tx: Queries, by: By, input: ImportDefinition): Promise<Changed> {
  const { mode, made_on: madeOn, confirm, reason } = input
  const { flags, evaluators, metadata } = readable(input.definition)
  return changeFlags(parts, tx, {
    by,
    deed: 'import',
    reason,
    confirm,
    async decide(base) {
      const { body } = base.previous
      const gone = (there: object, named: ReadonlyMap<string, unknown>) =>
        mode === 'replace' ? Object.keys(there).filter((key) => !named.has(key)) : []
      return [
        ...(await putRows(base, { kind: 'evaluator', named: evaluators, madeOn })),
        ...(await putRows(base, { kind: 'flag', named: flags, madeOn })),
        ...(await goneRows(base, { kind: 'flag', keys: gone(body.flags, flags), madeOn })),
        ...(await goneRows(base, { kind: 'evaluator', keys: gone(body.evaluators, evaluators), madeOn })),
        ...(metadata || mode === 'replace' ? metadataRows(base, metadata ?? {}) : []),
      ]
    },
  })
}

/** Refuses what is no definition at all; what is wrong with a flag is told when all rows are known. */
function readable(definition: unknown) {
  const problems = checkDefinition(definition).problems.filter(({ code }) => code === 'not_a_definition')
  if (problems.length > 0) throw refuse('bad_definition', { list: problems[0]!.message, problems })
  const { flags, $evaluators = {}, metadata } = definition as Definition
  const listed: [string, unknown][] = Array.isArray(flags)
    ? (flags as (FlagDefinition & { key: string })[]).map(({ key, ...flag }) => [key, flag])
    : Object.entries(flags)
  return {
    flags: new Map(listed),
    evaluators: new Map(Object.entries($evaluators)),
    metadata: metadata as FlagMetadata | undefined,
  }
}

async function putRows(
  base: Base,
  { kind, named, madeOn }: { kind: EntryKind; named: ReadonlyMap<string, unknown>; madeOn: FlagNumber | undefined },
): Promise<Row[]> {
  const entries = await base.entries(kind, [...named.keys()])
  return [...named].flatMap(([key, definition]): Row[] => {
    const entry = entries.get(key)
    const before = isLive(entry) ? keptIn(base.previous.body, { kind, key }, entry) : null
    const after = { definition: pinned(kind, definition, before?.definition), ...labelsFrom({}, entry ?? null) }
    if (isSame(before, after)) return []
    assertMadeOn(entry, madeOn)
    return [{ kind, key, before, after, entry: 'put' }]
  })
}

async function goneRows(
  base: Base,
  { kind, keys, madeOn }: { kind: EntryKind; keys: readonly string[]; madeOn: FlagNumber | undefined },
): Promise<Row[]> {
  const entries = await base.entries(kind, keys)
  return keys.map((key): Row => {
    const entry = entries.get(key)
    assertMadeOn(entry, madeOn)
    return { kind, key, before: keptIn(base.previous.body, { kind, key }, entry), after: null, entry: 'archive' }
  })
}
