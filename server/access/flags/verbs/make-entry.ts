import { HASH_BY_DEFAULT, HASH_KEY } from '../../../../sdk/evaluate.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { changeFlags, type Changed } from '../changing/change-flags.ts'
import { type EntryKind, type Kept, wordOf } from '../entry.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'

/** What people call it; left out: as it was. */
export interface Labels {
  name?: string | null | undefined
  description?: string | null | undefined
  tags?: string[] | undefined
}

export interface MakeEntry extends Labels {
  kind: EntryKind
  key: string
  /** Of a segment: its rule. */
  definition: unknown
  reason?: string | null | undefined
}

/** Makes a flag or a segment. */
export async function makeEntry(parts: Parts, tx: Queries, by: By, input: MakeEntry): Promise<Changed> {
  const { kind, key, definition, reason } = input
  return changeFlags(parts, tx, {
    by,
    deed: 'make',
    reason,
    async decide(base) {
      const entry = await base.entry(kind, key)
      const what = wordOf(kind)
      if (entry) throw refuse(entry.archived_at ? 'archived' : 'exists', { what, key })
      const after = { definition: pinned(kind, definition), ...labelsFrom(input, null) }
      return [{ kind, key, before: null, after, entry: 'put' }]
    },
  })
}

/** In the order in which they are compared and written. */
export function labelsFrom(input: Labels, before: Kept | null): Omit<Kept, 'definition'> {
  const { name = before?.name ?? null, description = before?.description ?? null, tags = before?.tags ?? [] } = input
  return { name, description, tags }
}

/**
 * The hash by which a flag deals its users out is written down when it is saved, and stays when an edit says nothing of it: so
 * no upgrade moves anybody (flags.md §5.7).
 */
export function pinned(kind: EntryKind, definition: unknown, before?: unknown): unknown {
  if (kind !== 'flag' || typeof definition !== 'object' || definition === null) return definition
  const metadata = metadataOf(definition)
  // What is no object is told by the check.
  if (metadata === undefined || metadata[HASH_KEY] !== undefined) return definition
  return { ...definition, metadata: { ...metadata, [HASH_KEY]: metadataOf(before)?.[HASH_KEY] ?? HASH_BY_DEFAULT } }
}

function metadataOf(definition: unknown): Record<string, unknown> | undefined {
  const { metadata = {} } = (definition ?? {}) as { metadata?: unknown }
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
  return isObject ? (metadata as Record<string, unknown>) : undefined
}
