import type { SignedKeyList } from '../../../../sdk/flags/snapshot.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Deed, FlagNumber, Row } from '../entry.ts'
import type { Parts } from '../parts.ts'
import { assertSavable } from './assert-savable.ts'
import { assertStorable } from './assert-storable.ts'
import { type Base, lockBase } from './lock-base.ts'
import { writeNext } from './write-next.ts'

export interface Change {
  by: By
  deed: Deed
  reason?: string | null | undefined
  /** How many the caller means to take away; needed when that is many. */
  confirm?: number | undefined
  /** Which rows there are to write, seen under the lock; none: nothing changes. */
  decide(base: Base): Promise<readonly Row[]>
  /** A new list of keys goes out with it. */
  keyList?: (base: Base) => Promise<SignedKeyList>
}

export interface Changed {
  /** Null: nothing had to be changed. */
  change_id: string | null
  number: FlagNumber
  digest: string
  /** Those that were changed. */
  keys: string[]
}

/**
 * The one way in which flags change: locks the head row, appends to the log, folds the state, makes and signs the next
 * snapshot. Log, number, snapshot, audit and signal commit together with whatever else the caller's transaction does.
 */
export async function changeFlags(parts: Parts, tx: Queries, change: Change): Promise<Changed> {
  const base = await lockBase(parts, tx)
  const rows = await change.decide(base)
  const { epoch, seq } = base.previous.body
  if (rows.length === 0) {
    return { change_id: null, number: { epoch, seq }, digest: base.previous.header.digest, keys: [] }
  }
  assertStorable([change.reason, ...rows.map(({ after }) => after)])
  assertSavable(base.previous.body, rows)
  const { keyList: makeKeyList, ...said } = change
  const keyList = await makeKeyList?.(base)
  return writeNext(parts, tx, { ...base, ...said, rows, ...(keyList && { keyList }) })
}
