import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { changeFlags, type Changed } from '../changing/change-flags.ts'
import { type EntryKind, type FlagNumber, isLive, keptOf, type Row, wordOf } from '../entry.ts'
import * as queries from '../changing/queries.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { assertMadeOn, deliveredOf } from './edit-entry.ts'

export interface TakeAway {
  kind: EntryKind
  keys: string[]
  made_on?: FlagNumber | undefined
  /** How many; needed when they are many. */
  confirm?: number | undefined
  reason?: string | null | undefined
}

/** Not delivered from now on, with a tombstone each; they stay in the list and can be brought back. */
export async function archiveEntries(parts: Parts, tx: Queries, by: By, input: TakeAway): Promise<Changed> {
  return takeAway(parts, tx, by, { ...input, deed: 'archive' })
}

/** As archived, and gone from the list. The log keeps what they were, and can bring them back. */
export async function deleteEntries(parts: Parts, tx: Queries, by: By, input: TakeAway): Promise<Changed> {
  return takeAway(parts, tx, by, { ...input, deed: 'delete' })
}

async function takeAway(
  parts: Parts,
  tx: Queries,
  by: By,
  { kind, keys, made_on: madeOn, confirm, reason, deed }: TakeAway & { deed: 'archive' | 'delete' },
): Promise<Changed> {
  return changeFlags(parts, tx, {
    by,
    deed,
    reason,
    confirm,
    async decide(base) {
      const wanted = [...new Set(keys)]
      const entries = await base.entries(kind, wanted)
      return wanted.flatMap((key): Row[] => {
        const entry = entries.get(key)
        if (!entry) throw refuse('not_found', { what: wordOf(kind), key })
        assertMadeOn(entry, madeOn)
        if (isLive(entry)) return [{ kind, key, before: deliveredOf(base, entry), after: null, entry: deed }]
        return deed === 'delete' ? [{ kind, key, before: null, after: null, entry: deed }] : []
      })
    },
  })
}

/** As it last was: from the list when it was archived, from the log when it was deleted. */
export async function bringBack(
  parts: Parts,
  tx: Queries,
  by: By,
  { kind, key, reason }: { kind: EntryKind; key: string; reason?: string | null | undefined },
): Promise<Changed> {
  return changeFlags(parts, tx, {
    by,
    deed: 'bring-back',
    reason,
    async decide(base) {
      const entry = await base.entry(kind, key)
      if (isLive(entry)) throw refuse('not_archived', { what: wordOf(kind), key })
      // The log first: a list can be changed behind our back, and would be delivered then.
      const after = (await queries.lastDelivered(tx, kind, key)) ?? (entry && keptOf(entry))
      if (!after) throw refuse('not_found', { what: wordOf(kind), key })
      return [{ kind, key, before: null, after, entry: 'put' }]
    },
  })
}
