import type { Reason, RevocationEvent } from '../../../../sdk/contract.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Database, Queries } from '../../../platform/database/index.ts'
import { idAt, newId } from '../../../platform/id.ts'
import { endedFacts, forgetAt, tellEnds } from '../end-session.ts'
import type { House } from '../house.ts'
import * as queries from './queries.ts'

export interface EndSessions {
  whose: queries.Whose
  exceptSessionId?: string | undefined
  reason: Reason
  by: string
  inSessionId?: string | undefined
  /** Whom the audit names. */
  caller?: By | undefined
}

/** What one transaction ends well within its deadline (2.5 s): measured at 0.2 s. */
const PORTION = 500
/** Portions of one call or one round: a million sessions are ended by the rounds that follow. */
const PORTIONS_MAX = 40
/** Orders that a crash left behind, taken up in one round. */
const ORDERS_MAX = 10
/** Other processes' clocks may be ahead of ours by so much: what began there before the order is meant too. */
const CLOCK_SKEW_MS = 60_000
/** Younger orders are still being carried out by the process that took them. */
const ABANDONED_MS = 60_000

/**
 * Ends all live sessions of somebody, in portions: one person has a handful, a script or an application has many.
 *
 * A single portion is all or nothing. Where there is more, the order itself is written down with the first portion, so
 * that a crash in between leaves nobody signed in whose end was ordered. What begins after the order is not ended by it.
 */
export async function endSessions(house: House, { caller, ...input }: EndSessions): Promise<number> {
  const at = house.clock.now()
  const beforeId = idAt('ses', new Date(at.getTime() + CLOCK_SKEW_MS))
  const order: queries.EndOrder = { ...input, id: newId('end', at), at, beforeId }
  return carryOut(house, house.db, order, { isWritten: false, caller })
}

/** What a crash, or an outage, interrupted. */
export async function takeUpEndOrders(house: House): Promise<void> {
  const before = new Date(house.clock.now().getTime() - ABANDONED_MS)
  for (const order of await queries.endOrders(house.background, before, ORDERS_MAX)) {
    await carryOut(house, house.background, order, { isWritten: true })
  }
}

async function carryOut(
  house: House,
  db: Database,
  order: queries.EndOrder,
  { isWritten, caller }: { isWritten: boolean; caller?: By | undefined },
): Promise<number> {
  let ended = 0
  let { beforeId } = order
  for (let portion = 0; portion < PORTIONS_MAX; portion++) {
    const { ids, events } = await db.transaction(async (tx) => {
      const found = await queries.liveSessionIds(tx, order.whose, { beforeId, limit: PORTION })
      const made = await endPortion(house, tx, order, found)
      const isLast = found.length < PORTION
      if (portion === 0 && caller) await tellAudit(house, tx, order, caller)
      if (!isLast && !isWritten) await queries.insertEndOrder(tx, order)
      if (isLast && isWritten) await queries.deleteEndOrder(tx, order.id)
      return { ids: found, events: made }
    })
    await tellEnds(house, events)
    ended += events.length
    if (ids.length < PORTION) return ended
    isWritten = true
    beforeId = ids.at(-1)!
  }
  return ended
}

function tellAudit(house: House, db: Queries, { whose, reason, exceptSessionId }: queries.EndOrder, by: By) {
  const [[kind, id]] = Object.entries(whose) as [[string, string]]
  const subject = { kind: kind === 'userId' ? 'user' : kind === 'audience' ? 'application' : 'organization', id }
  return house.audit(db, { by, action: 'sessions.ended', subject, facts: { reason, except: exceptSessionId ?? null } })
}

async function endPortion(
  house: House,
  db: Queries,
  order: queries.EndOrder,
  found: readonly string[],
): Promise<RevocationEvent[]> {
  const ids = found.filter((id) => id !== order.exceptSessionId)
  if (ids.length === 0) return []
  const { reason, by, inSessionId, at } = order
  const rows = await queries.endSessions(db, { ids, reason, by, inSessionId, at })
  if (rows.length === 0) return []
  const forget = forgetAt(at)
  const numbered = await queries.appendRevocations(db, {
    sessionIds: rows.map((row) => row.id),
    reason,
    at,
    forgetAt: forget,
  })
  for (const row of rows) {
    await house.signal(db, { kind: 'session.ended', subject: row.id, facts: endedFacts({ reason, by }, row) })
  }
  const times = { at: at.toISOString(), forget_at: forget.toISOString() }
  return numbered.map(({ seq, session_id }) => ({ seq, session_id, reason, ...times }))
}
