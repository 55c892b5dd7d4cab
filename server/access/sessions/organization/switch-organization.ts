import type { Session } from '../../../../sdk/contract.ts'
import type { By } from '../../../ground/audit/index.ts'
import { DatabaseOutage, type Queries } from '../../../platform/database/index.ts'
import type { House } from '../house.ts'
import { findSession } from '../queries.ts'
import { publicSession, type SessionRow } from '../session.ts'
import { moveToOrganization } from './queries.ts'

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

/** More sign-ins of one session at once than anybody makes. */
const TRIES = 5

/** A sign-in changed the session while it was judged: what was found is of no use. */
class ChangedMeanwhile extends Error {}

/** Makes a session act on behalf of another organisation, or of none. Undefined: the session has ended meanwhile. */
export async function switchOrganization(house: House, input: SwitchOrganization): Promise<Session | undefined> {
  const switched = await tryAgain(() => house.db.transaction((db) => switchIn(house, db, input)))
  house.known.forget(input.session.id)
  return switched && publicSession(switched)
}

async function tryAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; left > 0; left--) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error
    }
  }
  throw new DatabaseOutage('failed', 'the session was proven anew each time while it was to be switched')
}

async function switchIn(
  house: House,
  db: Queries,
  { session, choose, by }: SwitchOrganization,
): Promise<SessionRow | undefined> {
  const standing = await choose(db)
  const row = await findSession(db, session.id)
  if (!row || row.ended_at !== null) return undefined
  const organizationId = standing?.id ?? null
  if (organizationId !== null) await house.mayActFor?.(db, { session: row, organizationId })
  if (!(await moveToOrganization(db, row, { organizationId, roles: standing?.roles ?? [] })))
    throw new ChangedMeanwhile()
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
}
