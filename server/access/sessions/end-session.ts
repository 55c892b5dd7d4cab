import { REVOCATION_KEPT_MS, type Reason, type RevocationEvent } from '../../../sdk/contract.ts'
import type { By } from '../../ground/audit/index.ts'
import { DatabaseOutage, type Queries } from '../../platform/database/index.ts'
import type { House } from './house.ts'
import { PENDING_MAX, type PendingEnd } from './pending-ends.ts'
import * as queries from './queries.ts'
import { digestOf, isHandle } from './session.ts'

export interface End {
  id: string
  reason: Reason
  /** `usr_…`, or `holdfast` for what ends by itself. */
  by: string
  /** The session in which they pressed the button. */
  inSessionId?: string | undefined
  at: Date
}

export const BY_ITSELF = 'holdfast'
type Ending = Omit<End, 'at'> & { at?: Date; caller?: By | undefined }

/** Ends one session with its reason. Every verifier hears of it by the feed. */
export async function endSession(house: House, end: Ending): Promise<'ended' | 'was-ended' | 'not-found'> {
  const { outcome, tell } = await house.db.transaction((db) => endWithin(house, db, end))
  await tell()
  return outcome
}

/** As `endSession`, in the caller's transaction; `tell` is called when that has committed. */
export async function endWithin(house: House, db: Queries, { at = house.clock.now(), caller, ...end }: Ending) {
  const event = await recordEnd(house, db, { ...end, at })
  if (event && caller) {
    const subject = { kind: 'session', id: end.id }
    await house.audit(db, { by: caller, action: 'session.ended', subject, facts: { reason: end.reason } })
  }
  const outcome = event ? 'ended' : (await queries.findSession(db, end.id)) ? 'was-ended' : 'not-found'
  return { outcome, tell: () => tellEnds(house, event ? [event] : []) } as const
}

/**
 * A person's own sign-out. With the database away it is kept on disk, honoured here at once, told to the verifiers, and
 * written when the database is back: nobody has to stay signed in because of our outage.
 */
export async function signOut(house: House, end: Omit<End, 'at'>): Promise<'ended' | 'deferred'> {
  try {
    await endSession(house, end)
    return 'ended'
  } catch (error) {
    if (!(error instanceof DatabaseOutage) || house.pendingEnds.all().length >= PENDING_MAX) throw error
    const at = house.clock.now()
    await house.pendingEnds.add({
      session_id: end.id,
      handle_digest: null,
      reason: end.reason,
      by: end.by,
      at: at.toISOString(),
    })
    await tellEnds(house, [
      { seq: 0, session_id: end.id, reason: end.reason, at: at.toISOString(), forget_at: forgetAt(at).toISOString() },
    ])
    return 'deferred'
  }
}

/** Neither the database nor a proof could tell which session it is: the handle itself is refused from now on. */
export async function deferSignOut(house: House, handle: string | undefined): Promise<void> {
  if (handle === undefined || !isHandle(handle)) return
  if (house.pendingEnds.all().length >= PENDING_MAX)
    throw new DatabaseOutage('failed', 'too many sign-outs wait for the database')
  const at = house.clock.now().toISOString()
  const key = digestOf(handle).toString('base64')
  house.shared?.bar([key])
  await keepPending(house, {
    session_id: null,
    handle_digest: key,
    reason: 'signed_out',
    by: BY_ITSELF,
    at,
  })
}

async function keepPending(house: House, end: PendingEnd): Promise<void> {
  try {
    await house.pendingEnds.add(end)
  } catch (error) {
    house.log.error({ err: error }, 'a sign-out could not be kept on disk: make room in the data folder')
    throw new DatabaseOutage('unknown', 'neither the database nor the disk took the sign-out', error)
  }
}

/** Writes what was ended in an outage; each on its own, so that one that fails holds up no other. */
export async function settlePendingEnds(house: House): Promise<void> {
  for (const pending of house.pendingEnds.all()) {
    const id = pending.session_id ?? (await house.lookUp(pending.handle_digest ?? ''))?.id
    if (id) await endSession(house, { id, reason: pending.reason, by: pending.by, at: new Date(pending.at) })
    await house.pendingEnds.remove(pending)
  }
}

/** Within the caller's transaction: the row, its number in the log, and the signal, or none of them. */
export async function recordEnd(house: House, db: Queries, end: End): Promise<RevocationEvent | undefined> {
  const row = await queries.endSession(db, end)
  if (!row) return undefined
  const forget = forgetAt(end.at)
  const seq = await queries.appendRevocation(db, {
    sessionId: end.id,
    reason: end.reason,
    at: end.at,
    forgetAt: forget,
  })
  await house.signal(db, {
    kind: 'session.ended',
    subject: end.id,
    facts: endedFacts(end, row),
  })
  return { seq, session_id: end.id, reason: end.reason, at: end.at.toISOString(), forget_at: forget.toISOString() }
}

/** With the organisation on whose behalf it was, as a beginning has it: figures of one are made of these. */
export function endedFacts(
  { reason, by }: Pick<End, 'reason' | 'by'>,
  { user_id: user, organization_id }: { user_id: string; organization_id: string | null },
) {
  return { reason, by, user, ...(organization_id && { organization_id }) }
}

/** After the commit: memory first, then whoever listens to the feed, then the disk. */
export async function tellEnds(house: House, events: readonly RevocationEvent[]): Promise<void> {
  for (const event of events) house.known.forget(event.session_id)
  try {
    await house.revocations.add(events)
  } catch (error) {
    // PostgreSQL has it, memory and feed have it; only a restart in an outage would not. No reason to answer that it failed.
    house.log.error({ err: error }, 'an end could not be kept on disk: make room in the data folder')
  }
}

export const forgetAt = (at: Date) => new Date(at.getTime() + REVOCATION_KEPT_MS)
