import type { Session } from '../../../sdk/contract.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import { byCaller } from '../../ground/audit/index.ts'
import { DatabaseOutage, type Queries } from '../../platform/database/index.ts'
import type { Call, CookieChange } from '../../platform/http/index.ts'
import { newId } from '../../platform/id.ts'
import type { Begin } from '../sessions/index.ts'
import { newBrowser } from './browser.ts'
import type { Challenge } from './challenge.ts'
import { enrolAdministrator, learnAdministrators } from './enrol-administrator.ts'
import { cameBy, codeOf, type Decision, decideEntry } from './fail-over/decide-entry.ts'
import { beginningOf, noteEntry, noteRefusals } from './fail-over/note-entry.ts'
import * as policies from './fail-over/queries.ts'
import { tellFailOver } from './fail-over/tell.ts'
import { joinArrival } from './federation/join-arrival.ts'
import { tellKnownAt, tellLinked } from './federation/mails.ts'
import { knownAt } from './federation/known-at.ts'
import type { Parts } from './parts.ts'
import { enrolledAs } from './passkeys/passkey.ts'
import { findOwnPasskey } from './passkeys/queries.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'
import { sessionUser, type User } from './user.ts'

/** What a session takes over from what began it: the challenge of a mail, or anything else that was met. */
export type Beginning = Pick<Challenge, 'id' | 'purpose' | 'audience' | 'browser_digest' | 'created_at'>

export interface SignedIn<From extends Beginning = Challenge> {
  challenge: From
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
  /** By what means, and how well; one mailed code when left out. */
  proof?: Proof
  /** The provider, by its name, of which they are known from now on: they are told by mail. */
  joined?: string
  /** Uses up what lets them in, once it does; false: somebody else was faster. */
  spend?: (db: Queries) => Promise<boolean>
  /** Whether any organisation says how its people sign in. */
  hasPolicies: boolean
}

/** What statistics are told apart by. */
export type SignInMethod = 'code' | 'link' | 'break-glass' | 'passkey' | 'recovery-code' | 'provider'

export interface Proof {
  amr: string[]
  acr: 'single' | 'multiple'
  /** The provider through which the person has come; left out: a way of ours alone. */
  provenBy?: string
  /** The passkey that was shown, by its id. */
  provenWith?: string
  /** When the provider asked them who they are; left out: now. */
  authenticatedAt?: Date
}

interface Noted {
  call: Call
  challenge: Beginning
  method: SignInMethod
}

interface Met extends Noted {
  challenge: Challenge
  isReopened: boolean
}

/**
 * RFC 8176: an e-mailed code, and a link is one that is not typed. One factor, and no NIST level: 800-63B-4 does not take
 * e-mail for one.
 */
const BY_MAIL: Proof = { amr: ['otp'], acr: 'single' }
/** By these the person has shown that the address is theirs. */
const byMail: readonly SignInMethod[] = ['code', 'link']

/** `deleting`: the account is going to be deleted, and whoever had the right code may keep it. */
export type SignInCompleted<From extends Beginning = Challenge> =
  | { outcome: 'signed-in'; signedIn: SignedIn<From> }
  | ({ outcome: 'deleting'; challenge: From; user: User } & Pick<Admitted, 'method' | 'proof'>)
  | { outcome: 'used' }

/**
 * Turns a challenge that was met into a session, in one transaction: uses it up, finds or makes the account, issues the
 * session, and notes all of it. Of several that come at once, one gets through.
 *
 * When the answer to its COMMIT is lost, the challenge is opened again for its browser: whoever had the right code is not
 * told that it was used.
 */
export async function completeSignIn(
  parts: Parts,
  call: Call,
  challenge: Challenge,
  method: SignInMethod = 'code',
): Promise<SignInCompleted> {
  const isReopened = parts.reopened.take(challenge.id)
  try {
    const met = { call, challenge, method, isReopened }
    const { result, session, cookies } = await parts.sessions.issueWith(call, challenge.audience, (db, begin) =>
      useUp(parts, db, begin, met),
    )
    if (challenge.purpose === 'enrol') await learnAdministrators(parts)
    return answered(parts, call, challenge, { ...result, session, cookies })
  } catch (error) {
    if (error instanceof UsedUp) return { outcome: 'used' }
    const mayBeUsedUp = isReopened || (error instanceof DatabaseOutage && error.outcome === 'unknown')
    if (error instanceof DatabaseOutage && mayBeUsedUp) parts.reopened.add(challenge.id)
    throw error
  }
}

/** Whose it is that was met, in the transaction in which it is used up; undefined: somebody else was faster. */
type UseUp = (db: Queries) => Promise<Found | undefined>
type Found = { user: User } & Pick<Admitted, 'isKnownBrowser' | 'joined' | 'spend'> &
  Partial<Pick<Admitted, 'isNewAccount'>>

/**
 * The same for what is met without a mail and only by whoever has an account: it is used up, the session issued, and all
 * of it noted, together or not at all.
 */
export async function completeBy<From extends Beginning>(
  parts: Parts,
  call: Call,
  { challenge, ...how }: { challenge: From } & Pick<Admitted, 'method' | 'proof'>,
  useUp: UseUp,
): Promise<SignInCompleted<From>> {
  try {
    const { result, session, cookies } = await parts.sessions.issueWith(call, challenge.audience, async (db, begin) => {
      const [hasPolicies, found] = await Promise.all([policies.hasPolicies(db), useUp(db)])
      if (!found) throw new UsedUp()
      const met = { call, challenge, method: how.method ?? 'code' }
      return letInAs(parts, db, begin, met, { isNewAccount: false, ...found, ...how, hasPolicies })
    })
    return answered(parts, call, challenge, { ...result, session, cookies })
  } catch (error) {
    if (error instanceof UsedUp) return { outcome: 'used' }
    throw error
  }
}

interface Result {
  admitted: Admitted
  decision: Decision | undefined
  /** Why they got no session. */
  reason: string | undefined
  entered: { cookie: CookieChange; knownAt: string[] } | undefined
  session: Session | undefined
  cookies: CookieChange[]
}

const pagesUrlOf = ({ origin, prefix }: Call) => `${origin}${prefix}`

/** After the commit. Why somebody gets no session is said to whoever had the right code, and to nobody else. */
function answered<From extends Beginning>(
  parts: Parts,
  call: Call,
  challenge: From,
  { admitted, decision, reason, entered, session, cookies }: Result,
): SignInCompleted<From> {
  const { user, method, proof } = admitted
  if (reason === 'blocked') throw refuse('blocked')
  if (user && reason === 'deleting')
    return { outcome: 'deleting', challenge, user, ...(method && { method }), ...(proof && { proof }) }
  if (decision?.refusal) {
    // Joined all the same, and not unseen.
    if (user && admitted.joined) tellLinked(parts, { user, provider: admitted.joined, pagesUrl: pagesUrlOf(call) })
    throw decision.refusal
  }
  if (!user || !session || !entered) throw refuse('not_administrator')
  return {
    outcome: 'signed-in',
    signedIn: told(
      parts,
      call,
      { challenge, ...admitted, user, decision, knownAt: entered.knownAt },
      { session, cookies: [...cookies, entered.cookie] },
    ),
  }
}

interface Entering extends Admitted {
  call: Call
  challenge: Beginning
  user: User
  decision: Decision | undefined
}

/** Issues the session and notes that it began, or neither. Who may have none is refused by what issues it. */
async function enterWithin(
  parts: Parts,
  db: Queries,
  begin: Begin,
  entering: Entering,
): Promise<{ cookie: CookieChange; knownAt: string[] }> {
  const { call, challenge, user, isKnownBrowser, method = 'code', proof = BY_MAIL, decision } = entering
  const { audience, purpose, browser_digest: from } = challenge
  const now = parts.clock.now()
  // A new cookie: one that somebody planted before is worth nothing after.
  const browser = newBrowser(call)
  // Fail-over compares it with when an outage began, which all processes know by one clock.
  const provedAt = byMail.includes(method) ? await parts.sharedNow(db) : null
  const [isFirstProof, begun] = await Promise.all([
    // First: it locks the person as what is changed, and two sign-ins of one person wait in line, not for each other.
    provedAt
      ? queries.noteSignInByMail(db, user.id, { now, provedAt })
      : queries.noteSignIn(db, user.id, now).then(() => false),
    begin({
      user: sessionUser(user),
      ...proof,
      ...beginningOf(decision),
      // Staff act for the installation, whatever else they are in.
      ...(audience !== CONSOLE_AUDIENCE && { organization: (db) => standing(parts, db, user, decision) }),
    }),
    queries.keepBrowser(db, user.id, { from, to: browser.digest }, now),
  ])
  if (decision) await noteEntry(parts, db, { call, user, method, sessionId: begun.id, decision })
  const seconds = Math.max(0, now.getTime() - challenge.created_at.getTime()) / 1000
  const told = { method, seconds, organization_id: begun.organization_id }
  const facts = { audience, purpose, is_known_browser: isKnownBrowser, ...told }
  await parts.signal(db, { kind: 'sign-in.succeeded', subject: user.id, facts })
  const isToBeTold = isFirstProof && !entering.isNewAccount
  return { ...browser, knownAt: isToBeTold ? await knownAt(parts, db, entering) : [] }
}

/** Held until the session stands, whichever it is. */
function standing({ tenants }: Parts, db: Queries, user: User, decision: Decision | undefined) {
  if (!decision) return tenants.standingAtSignIn(db, user.id)
  const [first] = decision.organizationIds
  return first === undefined ? Promise.resolve(null) : tenants.standingIn(db, first, user.id)
}

interface Told {
  decision: Decision | undefined
  /** Where they were known before they had proven the address themselves, by names of providers. */
  knownAt: string[]
}

/** After the commit. */
function told<From extends Beginning>(
  parts: Parts,
  call: Call,
  entered: Omit<Admitted, 'hasPolicies'> & { challenge: From; user: User } & Pick<Told, 'decision' | 'knownAt'>,
  { session, cookies }: { session: Session; cookies: CookieChange[] },
): SignedIn<From> {
  const { challenge, user, isNewAccount, isKnownBrowser, joined, decision } = entered
  if (decision?.failOver) tellFailOver(parts, call, user, decision.failOver.providerId)
  if (challenge.purpose === 'enrol') parts.mailer.firstAdministrator({ user, call, challenge })
  else if (!isNewAccount && !isKnownBrowser) parts.mailer.newDevice({ user, call, challenge })
  for (const provider of entered.knownAt) tellKnownAt(parts, { user, provider, pagesUrl: pagesUrlOf(call) })
  if (joined) tellLinked(parts, { user, provider: joined, pagesUrl: pagesUrlOf(call) })
  return { challenge, user, session, cookies }
}

/** Somebody else used the challenge up: nothing of this is kept. */
class UsedUp extends Error {}

/** Uses the challenge up and lets its person in, where they may. */
async function useUp(parts: Parts, db: Queries, begin: Begin, met: Met) {
  const { challenge, isReopened } = met
  const now = parts.clock.now()
  const entrant = await queries.findEntrant(db, challenge.email_key, challenge.browser_digest, now)
  const using = queries.useChallenge(db, { id: challenge.id, isReopened }, now).then((isOurs) => {
    if (!isOurs) throw new UsedUp()
  })
  const [, answer] = await Promise.all([using, letIn(parts, db, begin, met, entrant)])
  return answer
}

async function letIn(parts: Parts, db: Queries, begin: Begin, met: Met, entrant: queries.Entrant) {
  const admitted = await admit(parts, db, met, entrant)
  const arrived = await joinArrival(parts, db, { ...met, admitted })
  return letInAs(parts, db, begin, met, { ...admitted, ...arrived, method: met.method })
}

async function letInAs(parts: Parts, db: Queries, begin: Begin, met: Noted, admitted: Admitted) {
  const { call, challenge } = met
  const { user } = admitted
  const shut = whyNot(parts, challenge, user)
  const decision = shut ? undefined : await decide(parts, db, challenge, admitted)
  const refused = shut ?? (decision?.refusal && codeOf(decision.refusal))
  // Last: whom their organisation does not let in undoes no deletion either, and is not asked whether they want to.
  const reason = refused ?? (user?.deletes_at ? 'deleting' : undefined)
  // Whoever may keep the account that was to be deleted is let in by what they have shown now.
  const isLetIn = !reason || reason === 'deleting'
  if (isLetIn && admitted.spend && !(await admitted.spend(db))) throw new UsedUp()
  await noteOutcome(parts, db, { ...met, user, reason })
  if (user && decision) await noteRefusals(parts, db, user.id, decision)
  if (!user || reason) return { admitted, decision, reason, entered: undefined }
  const entered = await enterWithin(parts, db, begin, { call, challenge, ...admitted, user, decision })
  return { admitted, decision, reason, entered }
}

/** Staff sign in to the console by our own ways alone: it must not depend on anybody's provider. */
async function decide(
  parts: Parts,
  db: Queries,
  { audience }: Beginning,
  admitted: Admitted,
): Promise<Decision | undefined> {
  const { user, isNewAccount, hasPolicies, method = 'code', proof = BY_MAIL } = admitted
  if (!user || isNewAccount || !hasPolicies || audience === CONSOLE_AUDIENCE) return undefined
  const shown = proof.provenWith === undefined ? undefined : await findOwnPasskey(db, proof.provenWith, user.id)
  return decideEntry(parts, db, { userId: user.id, came: cameBy(method, proof, shown && enrolledAs(shown)) })
}

async function admit(
  parts: Parts,
  db: Queries,
  met: Met,
  { user: found, ...entrant }: queries.Entrant,
): Promise<Admitted> {
  const { call, challenge } = met
  if (entrant.is_reserved) throw refuse('address_moved')
  const mayBeMade = challenge.audience !== CONSOLE_AUDIENCE || challenge.purpose === 'enrol'
  const user = found ?? (mayBeMade ? await makeUser(parts, db, challenge) : undefined)
  if (challenge.purpose === 'enrol') await enrolAdministrator(parts, db, { call, challenge, user: user! })
  if (user && !found) {
    const subject = { kind: 'user', id: user.id }
    await parts.audit(db, { by: byCaller(call, user.id), action: 'user.created', subject })
  }
  return {
    user,
    isNewAccount: found === undefined,
    isKnownBrowser: entrant.is_known,
    hasPolicies: entrant.has_policies,
  }
}

/** Why somebody who had the right code gets no session, whatever an organisation says; undefined: they may. */
function whyNot(parts: Parts, challenge: Beginning, user: User | undefined) {
  if (user?.blocked_at) return 'blocked'
  return !user || !mayEnter(parts, challenge, user) ? 'not_administrator' : undefined
}

/** Whether they get in is decided here, with the challenge used up; so it is here that it is told (ASVS 16.3.1). */
async function noteOutcome(
  parts: Parts,
  db: Queries,
  { call, challenge, method, user, reason }: Noted & { user: User | undefined; reason: string | undefined },
): Promise<void> {
  const { audience } = challenge
  const subject = user ? { kind: 'user', id: user.id } : { kind: 'challenge', id: challenge.id }
  const facts = { method, audience, ...(reason && { reason }) }
  if (reason) await parts.signal(db, { kind: 'sign-in.failed', subject: subject.id, facts })
  const action = reason ? 'sign-in.failed' : 'sign-in.succeeded'
  await parts.audit(db, { by: byCaller(call, user?.id), action, subject, facts })
}

async function makeUser(parts: Parts, db: Queries, challenge: Challenge): Promise<User> {
  const now = parts.clock.now()
  const { email, email_key: emailKey } = challenge
  const made = await queries.insertUser(db, { id: newId('usr', now), email, emailKey }, await parts.sharedNow(db))
  if (made) {
    await parts.signal(db, { kind: 'user.created', subject: made.id, facts: { audience: challenge.audience } })
    return made
  }
  const found = await queries.findUserByEmail(db, emailKey)
  if (!found) throw new Error('an account was neither made nor found')
  return found
}

function mayEnter({ administrators }: Parts, { audience, purpose }: Beginning, user: User): boolean {
  return audience !== CONSOLE_AUDIENCE || purpose === 'enrol' || administrators.has(user.id)
}
