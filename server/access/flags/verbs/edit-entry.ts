import { compareNumbers } from '../../../../sdk/flags/snapshot.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { changeFlags, type Changed } from '../changing/change-flags.ts'
import { isSame, keptIn } from '../changing/change-of.ts'
import type { Base } from '../changing/lock-base.ts'
import { type Entry, type EntryKind, type FlagNumber, isLive, type LogKind, wordOf } from '../entry.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { type Labels, labelsFrom, pinned } from './make-entry.ts'

export interface EditEntry extends Labels {
  kind: EntryKind
  key: string
  /** Of the set, or of the entry: what the person saw who made this change. */
  made_on: FlagNumber
  /** Left out: as it is. */
  definition?: unknown
  reason?: string | null | undefined
}

/** Changes what a flag or a segment is, or what it is called; refused when somebody else has changed it meanwhile. */
export async function editEntry(parts: Parts, tx: Queries, by: By, input: EditEntry): Promise<Changed> {
  const { kind, key, made_on: madeOn, reason } = input
  return changeFlags(parts, tx, {
    by,
    deed: 'edit',
    reason,
    async decide(base) {
      const { entry, before } = await liveEntry(base, kind, key)
      assertMadeOn(entry, madeOn)
      const definition =
        input.definition === undefined ? before.definition : pinned(kind, input.definition, before.definition)
      const after = { definition, ...labelsFrom(input, before) }
      return isSame(before, after) ? [] : [{ kind, key, before, after, entry: 'put' }]
    },
  })
}

export async function liveEntry(base: Base, kind: EntryKind, key: string) {
  const entry = await base.entry(kind, key)
  if (!entry) throw refuse('not_found', { what: wordOf(kind), key })
  if (!isLive(entry)) throw refuse('archived', { what: wordOf(kind), key })
  return { entry, before: deliveredOf(base, entry) }
}

/** Of an entry that is live. A snapshot without it was not made over these tables. */
export function deliveredOf(base: Base, entry: Entry) {
  const before = keptIn(base.previous.body, entry, entry)
  if (!before) {
    const sentence = `The tables hold the ${wordOf(entry.kind)} ${entry.key}, and it was never delivered.`
    throw refuse('held', { fault: 'forked', sentence })
  }
  return before
}

/** Whoever saw the set at a number, or the entry at its last change, saw everything that was done to it until then. */
export function assertMadeOn(
  entry: (FlagNumber & { kind: LogKind; key: string }) | undefined,
  madeOn: FlagNumber | undefined,
): void {
  if (!entry || !madeOn || compareNumbers(entry, madeOn) <= 0) return
  const { kind, key, epoch, seq } = entry
  throw refuse('changed_meanwhile', { what: wordOf(kind), key, epoch, seq })
}
