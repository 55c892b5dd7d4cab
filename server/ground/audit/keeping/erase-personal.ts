import type { Queries } from '../../../platform/database/index.ts'
import * as queries from './queries.ts'

const ROWS_MAX = 1000
/** 100 000 entries of one person, or of one round. */
const STATEMENTS_MAX = 100

/**
 * Erases where from and with what a person did things; that they did them stays, under an id that leads to nobody once
 * the account is gone. The chain holds: it has sealed the digest of what is erased, whose salt goes with it.
 */
export const erasePersonal = (db: Queries, userId: string): Promise<number> =>
  untilFew(() => queries.erasePersonalOf(db, userId, ROWS_MAX))

/** By itself: HOLDFAST_AUDIT_ADDRESSES_KEPT. */
export const erasePersonalBefore = (db: Queries, before: Date): Promise<number> =>
  untilFew(() => queries.erasePersonalBefore(db, before, ROWS_MAX))

async function untilFew(eraseSome: () => Promise<number>): Promise<number> {
  let erased = 0
  for (let count = 0; count < STATEMENTS_MAX; count++) {
    const some = await eraseSome()
    erased += some
    if (some < ROWS_MAX) break
  }
  return erased
}
