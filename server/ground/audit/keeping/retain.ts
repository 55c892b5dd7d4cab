import type { Clock } from '../../../platform/clock.ts'
import type { Database, Queries } from '../../../platform/database/index.ts'
import type { Secret } from '../../../platform/secret.ts'
import { type Audit, BY_ITSELF } from '../entry.ts'
import * as seals from '../seal/queries.ts'
import { macOfAnchor } from '../seal/seal.ts'

export interface RetainParts {
  db: Database
  clock: Clock
  secret: Secret
  audit: Audit
}

/** What one transaction deletes within its deadline. */
const ENTRIES_MAX = 5000
const SEALS_MAX = 500
const TRANSACTIONS_MAX = 50

/**
 * Deletes the oldest batches whole, once all of their entries are older than what is kept, and leaves an anchor with the
 * last digest, so that the rest still verifies. What is not sealed stays, however old. Answers how many entries went.
 */
export async function retainEntries(parts: RetainParts, keptMs: number): Promise<number> {
  const before = new Date(parts.clock.now().getTime() - keptMs)
  let deleted = 0
  for (let count = 0; count < TRANSACTIONS_MAX; count++) {
    const some = await parts.db.transaction((db) => retainSome(parts, db, before))
    if (some === undefined) break
    deleted += some
  }
  return deleted
}

async function retainSome(parts: RetainParts, db: Queries, before: Date): Promise<number | undefined> {
  // The sealer hangs its next batch on the last one: it must not go in between.
  if (!(await seals.takeSealerTurn(db))) return undefined
  const old = await seals.oldSeals(db, before, SEALS_MAX)
  let count = 0
  const whole = old.filter((seal, index) => {
    count += seal.count
    return index === 0 || count <= ENTRIES_MAX
  })
  const last = whole.at(-1)
  if (!last) return undefined

  const anchor = await seals.findAnchor(db)
  const entries = whole.reduce((sum, seal) => sum + BigInt(seal.count), BigInt(anchor?.entries ?? '0')).toString()
  const retainedAt = parts.clock.now()
  const { number, line, to_xid, to_id, digest } = last
  const mac = macOfAnchor(parts.secret, { number, line, to_xid, to_id, digest, entries, retained_at: retainedAt })
  const deleted = await seals.retain(db, { number, entries, mac, retainedAt })
  await parts.audit(db, {
    by: BY_ITSELF,
    action: 'audit.retained',
    subject: { kind: 'audit', id: 'audit' },
    facts: { through_batch: number, entries: deleted, before: before.toISOString() },
  })
  return deleted
}
