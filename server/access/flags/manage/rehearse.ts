import type { Queries } from '../../../platform/database/index.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { ChangeRow } from '../entry.ts'
import { listChanges } from '../reading/queries.ts'
import type { Changed } from '../changing/change-flags.ts'
import type { Management } from './management.ts'
import { diffOf, kindOf } from './told.ts'

/** As many as a person reads; the counts are of all. */
const SHOWN_MAX = 200
/** More rows than there can be flags and segments. */
const ROWS_MAX = 25_001

type Work = (tx: Queries, confirm: number | undefined) => Promise<Changed>

/** Thrown to take everything back that a rehearsal did. */
class Rehearsed extends Error {
  readonly rows: readonly ChangeRow[]
  constructor(rows: readonly ChangeRow[]) {
    super('a rehearsal was taken back')
    this.rows = rows
  }
}

/** Does it, looks at what it did, and takes it back: what is told is what would happen, and not what somebody computed. */
export async function rehearse({ flags }: Management, work: Work) {
  const { rows, confirm } = await attempt(flags, work, undefined)
  // What is written back as it was, into tables that lost it, changes nothing.
  const differing = rows.map((row) => ({ row, diff: diffOf(row) })).filter(({ diff }) => diff.length > 0)
  const items = differing.map(({ row }) => row).filter(({ kind }) => kind !== 'set')
  return {
    dry_run: true,
    added: items.filter(({ before, after }) => !before && after).length,
    changed: items.filter(({ before, after }) => before && after).length,
    removed: items.filter(({ before, after }) => before && !after).length,
    confirm,
    differences: differing
      .slice(0, SHOWN_MAX)
      .map(({ row: { kind, key }, diff }) => ({ kind: kindOf(kind), key, diff })),
  }
}

async function attempt(
  flags: Management['flags'],
  work: Work,
  confirm: number | undefined,
): Promise<{ rows: readonly ChangeRow[]; confirm: number | null }> {
  try {
    return await flags.write(async (tx) => {
      const { change_id } = await work(tx, confirm)
      throw new Rehearsed(change_id === null ? [] : (await listChanges(tx, { change_id, limit: ROWS_MAX })).reverse())
    })
  } catch (error) {
    if (error instanceof Rehearsed) return { rows: error.rows, confirm: confirm ?? null }
    const count = error instanceof Refusal && error.code === 'flags.mass_deletion' ? error.facts.count : undefined
    // Once more with the number that it asked for; a second refusal is one.
    if (typeof count !== 'number' || confirm !== undefined) throw error
    return attempt(flags, work, count)
  }
}
