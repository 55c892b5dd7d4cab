import type { Session } from '../../../../sdk/contract.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { House } from '../house.ts'
import { findSession } from '../queries.ts'
import { publicSession } from '../session.ts'
import { setOrganization } from './queries.ts'

/** On whose behalf the person acts, and as what. */
export interface Standing {
  id: string
  roles: string[]
}

export interface SwitchOrganization {
  session: Pick<Session, 'id' | 'user'>
  /** Asked in the transaction that switches, so that roles that are being taken away are not brought along. */
  choose(db: Queries): Promise<Standing | null>
  by: By
}

async function assertMayAct(house: House, db: Queries, sessionId: string, organizationId: string): Promise<void> {
  if (!house.mayActFor) return
  const row = await findSession(db, sessionId)
  if (row) await house.mayActFor(db, { session: row, organizationId })
}

/** Makes a session act on behalf of another organisation, or of none. Undefined: the session has ended meanwhile. */
export async function switchOrganization(house: House, input: SwitchOrganization): Promise<Session | undefined> {
  const { session, choose, by } = input
  const switched = await house.db.transaction(async (db) => {
    const standing = await choose(db)
    const organizationId = standing?.id ?? null
    if (standing) await assertMayAct(house, db, session.id, standing.id)
    const set = { sessionId: session.id, organizationId, roles: standing?.roles ?? [] }
    if (!(await setOrganization(db, set))) return undefined
    await house.audit(db, {
      by,
      action: 'session.organization-switched',
      subject: { kind: 'session', id: session.id },
      organizationId,
      facts: { user: session.user.id },
    })
    await house.signal(db, {
      kind: 'session.organization-switched',
      subject: session.id,
      facts: { organization: organizationId },
    })
    return findSession(db, session.id)
  })
  house.known.forget(session.id)
  return switched && publicSession(switched)
}
