import type { FlagDefinition, FlagMetadata } from '../../../../sdk/evaluate.ts'
import type { SnapshotBody } from '../../../../sdk/flags/snapshot.ts'
import type { Entry, Kept, LogKind, Row } from '../entry.ts'
import type { Change } from '../sign/next-snapshot-body.ts'

/** What a row of the log means for what is delivered. */
export function changeOf({ kind, key, after }: Pick<Row, 'kind' | 'key' | 'after'>): Change {
  const definition = after?.definition ?? null
  if (kind === 'set') return { kind, key: '', after: (definition ?? {}) as FlagMetadata }
  return kind === 'flag' ? { kind, key, after: definition as FlagDefinition | null } : { kind, key, after: definition }
}

export type Delivered = Pick<SnapshotBody, 'flags' | 'evaluators' | 'metadata'>

/** The definition as it is delivered; undefined: it is not. */
export function definitionIn({ flags, evaluators, metadata }: Delivered, kind: LogKind, key: string): unknown {
  if (kind === 'set') return metadata
  const all: Record<string, unknown> = kind === 'flag' ? flags : evaluators
  return Object.hasOwn(all, key) ? all[key] : undefined
}

/** The snapshot says what is delivered, and the tables only what people call it. */
export function keptIn(
  delivered: Delivered,
  { kind, key }: Pick<Row, 'kind' | 'key'>,
  entry: Entry | undefined,
): Kept | null {
  const definition = definitionIn(delivered, kind, key)
  return definition === undefined ? null : { definition, ...labelsOf(entry) }
}

export const labelsOf = (entry: Pick<Kept, 'name' | 'description' | 'tags'> | undefined | null) => ({
  name: entry?.name ?? null,
  description: entry?.description ?? null,
  tags: entry?.tags ?? [],
})

/** The order of variants is their author's, and a change of it is one. */
export const isSame = (one: Kept | null, other: Kept | null) => JSON.stringify(one) === JSON.stringify(other)
