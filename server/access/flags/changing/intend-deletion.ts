import type { Parsed } from '../../../../sdk/flags/snapshot.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Row } from '../entry.ts'
import { refuse } from '../refusals.ts'
import * as queries from './queries.ts'

/** Who takes away more than a hand can count says how many. The trigger on the log lets ten go in a minute without. */
const GUARDED_COUNT = 5
/** Above this share of all, also of fewer than that. */
const GUARDED_SHARE = 0.2

export interface Intended {
  previous: Parsed
  rows: readonly Row[]
  by: By
  reason?: string | null | undefined
  confirm?: number | undefined
  changeId: string
}

/**
 * Whoever takes away many has to say how many. Clockwork lost every flag at once in 2022, and no path here does that by
 * a slip: this one refuses, the trigger on the log refuses what comes round it. Returns the intent that was written.
 */
export async function intend(tx: Queries, intended: Intended): Promise<string | null> {
  const { previous, rows, by, reason = null, confirm, changeId } = intended
  const count = rows.filter(({ before, after }) => before && !after).length
  if (count === 0) return null
  const { flags, evaluators } = previous.body
  const total = Object.keys(flags).length + Object.keys(evaluators).length
  const isMany = count > GUARDED_COUNT || (count > 1 && count > total * GUARDED_SHARE)
  if (isMany && confirm !== count) throw refuse('mass_deletion', { count, total })
  if (!isMany && confirm === undefined) return null
  if (confirm !== count) throw refuse('mass_deletion', { count, total })
  const id = changeId.replace('chg', 'int')
  await queries.addIntent(tx, { id, byKind: by.kind, byId: by.id, confirmed: count, reason })
  return id
}
