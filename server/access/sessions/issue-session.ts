import type { Impersonator, Session, SessionUser } from '../../../sdk/contract.ts'
import { newId, newSecret } from '../../platform/id.ts'
import type { Queries } from '../../platform/database/index.ts'
import { recordEnd, tellEnds } from './end-session.ts'
import type { House } from './house.ts'
import * as queries from './queries.ts'
import { type Device, digestOf, publicSession, type SessionRow } from './session.ts'

export interface IssueSession {
  /** Chosen by who has to know it before it begins; left out: a new one. */
  id?: string
  user: SessionUser
  audience: string
  amr: string[]
  acr: string
  /** On whose behalf the person begins, asked in the transaction that begins it; a session that goes on keeps its own. */
  organization?: (db: Queries) => Promise<{ id: string; roles: string[] } | null>
  /** Support who acts as this person, for at most so long. */
  impersonator?: Impersonator | null
  lifeMs?: number
  device: Device
  /** The live session this browser already has. */
  current: Session | undefined
}

export interface IssuedSession {
  session: Session
  /** The secret for the cookie; nowhere kept. */
  handle: string
  row: SessionRow
  readAt: Date
}

/**
 * Signs a browser in: a new handle at every authentication (ASVS 7.2.4, session fixation). The same person in the same
 * browser keeps the session; anybody else's session in it ends as `replaced`.
 */
export async function issueSession(house: House, input: IssueSession): Promise<IssuedSession> {
  const { user, audience, amr, acr, current } = input
  const now = house.clock.now()
  const handle = newSecret()
  const forgotten = house.known.forgotten
  // Support never takes over the person's own session, nor the person that of support.
  const isOne = !input.impersonator && !current?.impersonator
  const isSame = isOne && current?.user.id === user.id && current.audience === audience

  const { row, ended } = await house.db.transaction(async (db) => {
    // First, and with a lock: an account that is blocked at this moment has no session afterwards, whoever came first.
    await house.admit?.(db, user.id)
    const again = isSame ? await queries.authenticateAgain(db, { id: current.id, user, amr, acr, now }) : undefined
    const ended =
      current && !again
        ? await recordEnd(house, db, {
            id: current.id,
            reason: 'replaced',
            by: input.impersonator?.id ?? user.id,
            at: now,
          })
        : undefined
    const row = again ?? (await insert(house, db, input, now))
    await queries.insertHandle(db, digestOf(handle), row.id, now)
    await house.signal(db, {
      kind: again ? 'session.renewed' : 'session.started',
      subject: row.id,
      facts: { audience, amr, ...(row.organization_id && { organization_id: row.organization_id }) },
    })
    return { row, ended }
  })
  await tellEnds(house, ended ? [ended] : [])
  house.known.forget(row.id)
  // Known from the first moment: whoever signs in just before an outage goes on like everybody else.
  const known = { row, readAt: now, issuedAt: now, isSuperseded: false, isSeen: false }
  const key = digestOf(handle).toString('base64')
  if (house.known.forgotten === forgotten) {
    house.known.set(key, known)
    house.shared?.keep(key, known)
  }
  return { session: publicSession(row), handle, row, readAt: now }
}

async function insert(house: House, db: Queries, input: IssueSession, now: Date): Promise<SessionRow> {
  const { user, audience, amr, acr, device, impersonator = null } = input
  const expiresAt = new Date(now.getTime() + Math.min(house.lifeMs, input.lifeMs ?? house.lifeMs))
  return queries.insertSession(db, {
    id: input.id ?? newId('ses', now),
    user,
    organization: (await input.organization?.(db)) ?? null,
    impersonator,
    audience,
    amr,
    acr,
    device,
    now,
    expiresAt,
    idleMs: house.idleMs,
  })
}
