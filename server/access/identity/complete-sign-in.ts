import type { Session } from '../../../sdk/contract.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import { byCaller } from '../../ground/audit/index.ts'
import { grantAdministrator, useEnrolment } from '../../ground/environment/index.ts'
import { DatabaseOutage, type Queries } from '../../platform/database/index.ts'
import type { Call, CookieChange } from '../../platform/http/index.ts'
import { newId } from '../../platform/id.ts'
import { newBrowser } from './browser.ts'
import { isReserved } from './email-change/queries.ts'
import type { Challenge } from './challenge.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'
import { sessionUser, type User } from './user.ts'

export interface SignedIn {
  challenge: Challenge
  user: User
  session: Session
  cookies: CookieChange[]
}

/** Who was let in by a challenge; without a user it was used up, and nobody may enter by it. */
export interface Admitted {
  user: User | undefined
  isNewAccount: boolean
  isKnownBrowser: boolean
  /** How they proved it; a code when left out. */
  method?: SignInMethod
}

/** What statistics are told apart by. */
export type SignInMethod = 'code' | 'link' | 'break-glass'

interface Met {
  call: Call
  challenge: Challenge
  method: SignInMethod
  isReopened: boolean
}

/** RFC 8176: an e-mailed code, and a link is one that is not typed. */
const METHODS = ['otp']
/** One factor, and no NIST level: 800-63B-4 does not take e-mail for one. */
const ASSURANCE = 'single'

/** `deleting`: the account is going to be deleted, and whoever had the right code may keep it. */
export type SignInCompleted =
  | { outcome: 'signed-in'; signedIn: SignedIn }
  | { outcome: 'deleting'; challenge: Challenge; user: User }
  | { outcome: 'used' }

/**
 * Turns a challenge that was met into a session: uses it up, finds or makes the account, then issues the session.
 *
 * Of several that come at once, one gets through. When the database goes away between the two, the challenge is opened
 * again for its browser: whoever had the right code is not told that it was used.
 */
export async function completeSignIn(
  parts: Parts,
  call: Call,
  challenge: Challenge,
  method: SignInMethod = 'code',
): Promise<SignInCompleted> {
  const isReopened = parts.reopened.take(challenge.id)
  let isUsedUp = isReopened
  try {
    const admitted = await parts.db.transaction((db) => admit(parts, db, { call, challenge, method, isReopened }))
    if (!admitted) return { outcome: 'used' }
    isUsedUp = true
    if (challenge.purpose === 'enrol') await learnAdministrators(parts)
    const { user } = admitted
    // Said to whoever had the right code, and to nobody else.
    if (user?.blocked_at) throw refuse('blocked')
    if (user?.deletes_at) return { outcome: 'deleting', challenge, user }
    if (!user || !mayEnter(parts, challenge, user)) throw refuse('not_administrator')

    return { outcome: 'signed-in', signedIn: await enter(parts, call, challenge, { ...admitted, user }) }
  } catch (error) {
    const mayBeUsedUp = isUsedUp || (error instanceof DatabaseOutage && error.outcome === 'unknown')
    if (error instanceof DatabaseOutage && mayBeUsedUp) parts.reopened.add(challenge.id)
    throw error
  }
}

/** Issues the session, and notes and tells that it began. Who may have none is refused in the transaction that issues it. */
export async function enter(
  parts: Parts,
  call: Call,
  challenge: Challenge,
  entered: Admitted & { user: User },
): Promise<SignedIn> {
  const { user } = entered
  const { audience } = challenge
  const { session, cookies } = await parts.sessions.issue(call, {
    user: sessionUser(user),
    audience,
    amr: METHODS,
    acr: ASSURANCE,
    // Staff act for the installation, whatever else they are in.
    ...(audience !== CONSOLE_AUDIENCE && { organization: (db) => parts.tenants.standingAtSignIn(db, user.id) }),
  })
  const browserCookie = await keepBrowser(parts, call, challenge, {
    ...entered,
    organizationId: session.organization_id,
  })
  tell(parts, call, challenge, entered)
  return { challenge, user, session, cookies: [...cookies, ...browserCookie] }
}

/** Undefined: somebody else used the challenge up. */
async function admit(
  parts: Parts,
  db: Queries,
  { call, challenge, method, isReopened }: Met,
): Promise<Admitted | undefined> {
  const now = parts.clock.now()
  if (!(await queries.useChallenge(db, { id: challenge.id, isReopened }, now))) return undefined

  const found = await queries.findUserByEmail(db, challenge.email_key)
  if (!found && (await isReserved(db, { emailKey: challenge.email_key, exceptUserId: '' }, now)))
    throw refuse('address_moved')
  const mayBeMade = challenge.audience !== CONSOLE_AUDIENCE || challenge.purpose === 'enrol'
  const user = found ?? (mayBeMade ? await makeUser(parts, db, challenge, now) : undefined)
  if (challenge.purpose === 'enrol') await enrol(parts, db, { call, challenge, user: user! })
  if (user && !found) {
    const subject = { kind: 'user', id: user.id }
    await parts.audit(db, { by: byCaller(call, user.id), action: 'user.created', subject })
  }
  await noteOutcome(parts, db, { call, challenge, method, user })
  const isKnownBrowser = await queries.isKnownBrowser(db, user?.id ?? '', challenge.browser_digest)
  return { user, isNewAccount: found === undefined, isKnownBrowser, method }
}

/** Whether they get in is decided here, with the challenge used up; so it is here that it is told (ASVS 16.3.1). */
async function noteOutcome(
  parts: Parts,
  db: Queries,
  { call, challenge, method, user }: Omit<Met, 'isReopened'> & { user: User | undefined },
): Promise<void> {
  const { audience } = challenge
  const isRefused = !user || !mayEnter(parts, challenge, user)
  const reason = user?.blocked_at
    ? 'blocked'
    : user?.deletes_at
      ? 'deleting'
      : isRefused
        ? 'not_administrator'
        : undefined
  const subject = user ? { kind: 'user', id: user.id } : { kind: 'challenge', id: challenge.id }
  const facts = { method, audience, ...(reason && { reason }) }
  if (reason) await parts.signal(db, { kind: 'sign-in.failed', subject: subject.id, facts })
  const action = reason ? 'sign-in.failed' : 'sign-in.succeeded'
  await parts.audit(db, { by: byCaller(call, user?.id), action, subject, facts })
}

async function makeUser(parts: Parts, db: Queries, challenge: Challenge, now: Date): Promise<User> {
  const { email, email_key: emailKey } = challenge
  const made = await queries.insertUser(db, { id: newId('usr', now), email, emailKey }, now)
  if (made) {
    await parts.signal(db, { kind: 'user.created', subject: made.id, facts: { audience: challenge.audience } })
    return made
  }
  const found = await queries.findUserByEmail(db, emailKey)
  if (!found) throw new Error('an account was neither made nor found')
  return found
}

async function enrol(
  parts: Parts,
  db: Queries,
  { call, challenge, user }: { call: Call; challenge: Challenge; user: User },
): Promise<void> {
  const now = parts.clock.now()
  const isFirst = await useEnrolment(db, challenge.enrolment_digest!, now)
  // After a lost COMMIT the same person comes again, and is one already.
  if (!isFirst && !parts.administrators.has(user.id)) throw refuse('enrolment_spent')
  await grantAdministrator(db, user.id, 'enrolment', now)
  await parts.signal(db, { kind: 'administrator.granted', subject: user.id, facts: { by: 'enrolment' } })
  const subject = { kind: 'user', id: user.id }
  await parts.audit(db, {
    by: byCaller(call, user.id),
    action: 'administrator.granted',
    subject,
    facts: { by: 'enrolment' },
  })
}

function mayEnter({ administrators }: Parts, { audience, purpose }: Challenge, user: User): boolean {
  return audience !== CONSOLE_AUDIENCE || purpose === 'enrol' || administrators.has(user.id)
}

async function learnAdministrators({ administrators, log }: Parts): Promise<void> {
  try {
    await administrators.reload()
  } catch (error) {
    // They are read again every few seconds; the grant itself is committed.
    if (!(error instanceof DatabaseOutage)) throw error
    log.warn({}, 'the new administrator is known here a little later: the database is away')
  }
}

/**
 * Notes the sign-in, and gives the browser a new cookie: one that somebody planted before is worth nothing after. The
 * session stands already, so that an outage here takes nothing away from the person.
 */
async function keepBrowser(
  parts: Parts,
  call: Call,
  challenge: Challenge,
  entered: Admitted & { user: User; organizationId: string | null },
): Promise<CookieChange[]> {
  const now = parts.clock.now()
  const { user, isKnownBrowser, organizationId } = entered
  const { audience, purpose, browser_digest } = challenge
  const browser = newBrowser(call)
  try {
    await parts.db.transaction(async (db) => {
      await queries.moveBrowser(db, browser_digest, browser.digest)
      await queries.keepBrowser(db, user.id, browser.digest, now)
      await queries.noteSignIn(db, user.id, now)
      const seconds = Math.max(0, now.getTime() - challenge.created_at.getTime()) / 1000
      const told = { method: entered.method ?? 'code', seconds, organization_id: organizationId }
      const facts = { audience, purpose, is_known_browser: isKnownBrowser, ...told }
      await parts.signal(db, { kind: 'sign-in.succeeded', subject: user.id, facts })
    })
    return [browser.cookie]
  } catch (error) {
    if (!(error instanceof DatabaseOutage)) throw error
    parts.log.warn({ outcome: error.outcome }, 'a sign-in could not be noted: the database is away')
    return []
  }
}

function tell(parts: Parts, call: Call, challenge: Challenge, entered: Admitted & { user: User }): void {
  const { user, isNewAccount, isKnownBrowser } = entered
  if (challenge.purpose === 'enrol') parts.mailer.firstAdministrator({ user, call, challenge })
  else if (!isNewAccount && !isKnownBrowser) parts.mailer.newDevice({ user, call, challenge })
}
