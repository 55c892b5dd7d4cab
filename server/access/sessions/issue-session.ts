import {
  type DeadlineEvent,
  EXERCISE_AUDIENCE,
  FAILOVER_METHOD,
  type Impersonator,
  type RevocationEvent,
  type Session,
  type SessionUser,
} from '../../../sdk/contract.ts'
import { isFailOver } from '../../../sdk/verify.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import { type Queries, withCommit } from '../../platform/database/index.ts'
import type { Call, CookieChange } from '../../platform/http/index.ts'
import { newId, newSecret } from '../../platform/id.ts'
import { liftDeadline, tellDeadlines } from './deadlines/put-deadline.ts'
import { deviceOf } from './device.ts'
import { recordEnd, tellEnds } from './end-session.ts'
import type { House } from './house.ts'
import { mintProof } from './mint-proof.ts'
import { setOrganization } from './organization/queries.ts'
import * as queries from './queries.ts'
import { type Device, digestOf, keyOf, liveRowOf, publicSession, type SessionRow } from './session.ts'
import { credentialsOf, setHandle, setProof } from './session-cookies.ts'
import { verifySession } from './verify-session.ts'

export interface IssueSession {
  /** Chosen by who has to know it before it begins; left out: a new one. */
  id?: string
  user: SessionUser
  amr: string[]
  acr: string
  /** On whose behalf the person begins, asked in the transaction that begins it; a session that goes on keeps its own. */
  organization?: (db: Queries) => Promise<{ id: string; roles: string[] } | null>
  /** Whether a session that goes on may go on acting for its organisation; otherwise it acts for the one that is chosen now. */
  mayActFor?: (organizationId: string) => boolean
  /** Support who acts as this person, for at most so long. */
  impersonator?: Impersonator | null
  lifeMs?: number
  /** The provider through which the person came; left out: by a way of ours. */
  provenBy?: string | null
  /** The passkey that was shown, by its id; left out: none was. */
  provenWith?: string | null
  /** When they were asked there who they are, if that was long before; left out: now. */
  authenticatedAt?: Date | undefined
  /** The provider that was down and in whose stead this was taken: the session is marked, and lives no longer than `lifeMs`. */
  standsInFor?: string | null
}

/** Where it begins. */
interface Scene {
  audience: string
  device: Device
  /** The live session this browser already has. */
  current: Session | undefined
  now: Date
}

interface Issued {
  /** There when the transaction has committed. */
  row: Promise<SessionRow>
  /** The secret for the cookie; nowhere kept. */
  handle: string
  ended: RevocationEvent | undefined
  lifted: DeadlineEvent | undefined
}

/** Begins the session in the transaction of whoever calls it; once at most. The whole of it is there after the commit. */
export type Begin = (input: IssueSession) => Promise<Pick<Session, 'id' | 'organization_id'>>

export interface Begun<T> {
  result: T
  /** Undefined: `work` began none. */
  session: Session | undefined
  cookies: CookieChange[]
}

/**
 * Signs a browser in: a new handle at every authentication (ASVS 7.2.4, session fixation). The same person in the same
 * browser keeps the session; anybody else's session in it ends as `replaced`.
 *
 * `work` runs in the transaction that begins the session, and decides whether one does: what lets a person in and that
 * they are in are kept together, or neither. Without a session there are no cookies.
 */
async function issueWith<T>(
  house: House,
  lifeMs: number,
  { call, audience }: { call: Call; audience: string },
  work: (db: Queries, begin: Begin) => Promise<T>,
): Promise<Begun<T>> {
  const before = await verifySession(house, { ...credentialsOf(call, audience), audience: undefined })
  const current = before.verdict === 'valid' ? before.session : undefined
  const now = house.clock.now()
  const scene = { audience, device: deviceOf(call.headers, call.address), current, now }
  const forgotten = house.known.forgotten

  const { result, issued } = await house.db.transaction(async (db) => {
    let issued: Issued | undefined
    const result = await work(db, async (input) => {
      const begun = await issue(house, db, scene, input)
      issued = begun.issued
      return begun
    })
    return { result, issued: issued as Issued | undefined }
  })
  if (!issued) return { result, session: undefined, cookies: [] }
  const row = await issued.row
  // Nobody is to hold it: no cookie, no proof, and nothing of it in memory.
  if (audience === EXERCISE_AUDIENCE) return { result, session: publicSession(row), cookies: [] }

  await tellEnds(house, issued.ended ? [issued.ended] : [])
  if (issued.lifted) await tellDeadlines(house, [issued.lifted])
  keep(house, { row, handle: issued.handle }, { now, forgotten })
  const session = publicSession(row)
  const proof = mintProof(house, session, 0)
  const cookies = [setHandle(call, audience, issued.handle, lifeMs)]
  if (proof && audience !== CONSOLE_AUDIENCE) cookies.push(setProof(call, proof, lifeMs))
  return { result, session, cookies }
}

/** The same by whichever way to the database the house has. */
export function openIssuing(house: House, lifeMs: number) {
  const begin = <T>(call: Call, audience: string, work: (db: Queries, begin: Begin) => Promise<T>) =>
    issueWith(house, lifeMs, { call, audience }, work)
  return {
    issueWith: begin,
    async issue(call: Call, { audience, ...input }: IssueSession & { audience: string }) {
      const { session, cookies } = await begin(call, audience, (_, issue) => issue(input))
      return { session: session!, cookies }
    },
  }
}

async function issue(house: House, db: Queries, scene: Scene, input: IssueSession) {
  const { user, acr, provenBy = null, provenWith = null, standsInFor = null } = input
  const { audience, current, now } = scene
  const amr = standsInFor === null ? input.amr : [...input.amr, FAILOVER_METHOD]
  const handle = newSecret()
  // Support never takes over the person's own session, nor the person that of support.
  const isOne = !input.impersonator && !current?.impersonator
  const isSame = isOne && current?.user.id === user.id && current.audience === audience
  const [, organization] = await Promise.all([
    // First, and with a lock: an account that is blocked at this moment has no session afterwards, whoever came first.
    house.admit?.(db, user.id),
    input.organization?.(db) ?? null,
  ])
  const lifeMs = { whole: house.lifeMs, begun: input.lifeMs ?? house.lifeMs }
  const authenticatedAt = input.authenticatedAt ?? now
  const proven = { user, amr, acr, provenBy, provenWith, standsInFor, authenticatedAt }
  const before = isSame ? await queries.authenticateAgain(db, { id: current.id, ...proven, lifeMs, now }) : undefined
  // What was announced of it speaks of what it was.
  const wasStandingIn = before && isFailOver(current!)
  const lifted = wasStandingIn ? await liftDeadline(db, before.id, now) : undefined
  const again = before && (await stayOrLeave(db, before, { ...input, organization }))
  const by = input.impersonator?.id ?? user.id
  const ended =
    current && !again ? await recordEnd(house, db, { id: current.id, reason: 'replaced', by, at: now }) : undefined
  const id = again?.id ?? input.id ?? newId('ses', now)
  const organizationId = again ? again.organization_id : (organization?.id ?? null)
  const row = withCommit(
    again
      ? queries.insertHandle(db, digestOf(handle), id, now).then(() => again)
      : insert(house, db, { ...input, amr, id, organization, handle }, scene),
  )
  await house.signal(db, {
    kind: again ? 'session.renewed' : 'session.started',
    subject: id,
    facts: { audience, amr, ...(organizationId && { organization_id: organizationId }) },
  })
  return { id, organization_id: organizationId, issued: { row, handle, ended, lifted } }
}

/** The way in which somebody came now may not be one that the organisation of their session takes. */
async function stayOrLeave(
  db: Queries,
  row: SessionRow,
  { mayActFor, organization }: Pick<IssueSession, 'mayActFor'> & { organization: Inserted['organization'] },
): Promise<SessionRow> {
  if (row.organization_id === null || !mayActFor || mayActFor(row.organization_id)) return row
  const acts = { organizationId: organization?.id ?? null, roles: organization?.roles ?? [] }
  await setOrganization(db, { sessionId: row.id, ...acts })
  return { ...row, organization_id: acts.organizationId, roles: acts.roles }
}

interface Inserted extends Omit<IssueSession, 'organization' | 'mayActFor'> {
  id: string
  organization: { id: string; roles: string[] } | null
  handle: string
}

function insert(house: House, db: Queries, input: Inserted, scene: Scene): Promise<SessionRow> {
  const { audience, device, now } = scene
  const expiresAt = new Date(now.getTime() + Math.min(house.lifeMs, input.lifeMs ?? house.lifeMs))
  const { id, user, organization, amr, acr, impersonator = null, standsInFor = null } = input
  const { provenBy = null, provenWith = null, authenticatedAt = now } = input
  return queries.insertSession(db, {
    authenticatedAt,
    ...{ id, user, organization, impersonator, audience, amr, acr, provenBy, provenWith, standsInFor },
    ...{ device, now, expiresAt },
    idleMs: house.idleMs,
    digest: digestOf(input.handle),
  })
}

/** Known from the first moment: whoever signs in just before an outage goes on like everybody else. */
function keep(
  house: House,
  { row, handle }: { row: SessionRow; handle: string },
  { now, forgotten }: { now: Date; forgotten: number },
): void {
  house.known.forget(row.id)
  const known = { row: liveRowOf(row), readAt: now, issuedAt: now, isSuperseded: false, isSeen: false }
  const key = keyOf(handle)
  if (house.known.forgotten !== forgotten) return
  house.known.set(key, known)
  house.shared?.keep(key, known)
}
