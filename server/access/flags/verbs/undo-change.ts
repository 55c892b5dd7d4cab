import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { changeFlags, type Changed } from '../changing/change-flags.ts'
import { isSame, keptIn } from '../changing/change-of.ts'
import type { Base } from '../changing/lock-base.ts'
import * as queries from '../changing/queries.ts'
import { type Deed, isLive, type Row, wordOf } from '../entry.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'

export interface UndoChange {
  change_id: string
  /** How many are taken away by it; needed when they are many. */
  confirm?: number | undefined
  reason?: string | null | undefined
}

const NOT_UNDONE: Partial<Record<Deed, string>> = {
  restore: 'Restore to an instant before it instead.',
  adopt: 'Restore to an instant before it instead.',
  'rotate-key': 'A key that was replaced never signs again.',
}

/** Puts everything that a change touched back to what it was before; refused when any of it was changed since. */
export async function undoChange(parts: Parts, tx: Queries, by: By, input: UndoChange): Promise<Changed> {
  const { change_id: changeId, confirm, reason } = input
  return changeFlags(parts, tx, {
    by,
    deed: 'undo',
    reason,
    confirm,
    async decide(base) {
      const done = await queries.rowsOfChange(tx, changeId)
      if (done.length === 0) throw refuse('no_such_change', { change_id: changeId })
      const why = NOT_UNDONE[done[0]!.deed]
      if (why) throw refuse('not_to_be_undone', { change_id: changeId, says: why })
      return (await Promise.all(done.map((row) => undone(base, row)))).flat()
    },
  })
}

async function undone(base: Base, { kind, key, before, after }: queries.ChangedKey): Promise<Row[]> {
  const entry = await base.entry(kind, key)
  const now = kind === 'set' || isLive(entry) ? keptIn(base.previous.body, { kind, key }, entry) : null
  if (!isSame(now, after)) {
    const { epoch, seq } = entry ?? base.previous.body
    throw refuse('changed_meanwhile', { what: wordOf(kind), key, epoch, seq })
  }
  if (isSame(now, before)) return []
  return [{ kind, key, before: now, after: before, entry: before ? 'put' : 'archive' }]
}
