import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Static } from 'typebox'
import {
  type DeadlineEvent,
  type KeySet,
  type Reason,
  type RevocationEvent,
  reasons,
  type Session,
  type SessionAnswer,
  type SessionUser,
} from '../../../sdk/contract.ts'
import { ProofCache } from '../../../sdk/verify.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import { auditAt, type By } from '../../ground/audit/index.ts'
import { signalAt } from '../../ground/signals/index.ts'
import type { Cache } from '../../platform/cache/index.ts'
import type { Clock } from '../../platform/clock.ts'
import {
  type Database,
  databaseNow,
  type DatabaseServer,
  type Queries,
  type SharedClock,
} from '../../platform/database/index.ts'
import type { Call, CookieChange } from '../../platform/http/index.ts'
import { newSecret } from '../../platform/id.ts'
import type { OnceParts } from '../../platform/idempotency.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import { type AskedAtOnce, answerAtOnce, type SaidAtOnce } from './answer-at-once.ts'
import { openCountLive } from './count-live.ts'
import { openStandIns, type StandIns } from './deadlines/stand-ins.ts'
import { endSessions } from './end-orders/end-sessions.ts'
import { deferSignOut, endSession, endWithin, signOut } from './end-session.ts'
import { type EndsAsked, type EndsSaid, lookUpEnds } from './ends/look-up-ends.ts'
import { type Figures, figuresOf } from './figures.ts'
import { type Guards, guardsOf, type Staff } from './guards.ts'
import type { House } from './house.ts'
import { type Begin, type Begun, type IssueSession, openIssuing } from './issue-session.ts'
import { deleteEnded, startSessionJobs } from './jobs.ts'
import { openKeyRing } from './key-ring.ts'
import { KnownSessions } from './known-sessions.ts'
import { openLastSeen } from './last-seen.ts'
import { openLookUp } from './look-up.ts'
import { isWorthKeeping, mintProof } from './mint-proof.ts'
import { followMember, forgetMembers, leaveOrganization } from './organization/follow-memberships.ts'
import { countLiveByOrganization } from './organization/queries.ts'
import { type Standing, type SwitchOrganization, switchOrganization } from './organization/switch-organization.ts'
import { openPendingEnds } from './pending-ends.ts'
import { RecognisedJars } from './recognised-jars.ts'
import { anonymiseSessions } from './people/queries.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'
import { openRevocationLog } from './revocation-log.ts'
import type { SessionRow } from './session.ts'
import { clearCookies, credentialsOf, setProof } from './session-cookies.ts'
import { type SessionsWithin, sessionsWithin } from './sessions-within.ts'
import { openSharedSessions } from './shared-cache/shared-sessions.ts'
import type { SignOutsSeen } from './sign-outs/watch-sign-outs.ts'
import type { Report } from './verifiers/answers.ts'
import { openReports } from './verifiers/take-report.ts'
import { openVerdictCounts } from './verifiers/verdict-counts.ts'
import { verifySession } from './verify-session.ts'

const RETENTION_MS = 90 * 24 * 60 * 60_000

export interface OpenSessionsOptions {
  database: DatabaseServer
  clock: Clock
  /** Left out: the database's. */
  sharedNow?: SharedClock
  log: Logger
  secret: Secret
  /** HOLDFAST_URL: the `iss` of proofs. */
  issuer: string
  /** Where the last known good state lies. */
  folder: string
  idleMs: number
  lifeMs: number
  /** What the processes of this installation read for each other; left out: each reads for itself. */
  shared?: { cache: Cache; prefix(): string } | undefined
  /** For how long ended sessions are kept; 90 days when left out. */
  retentionMs?: number
  /** Who may do what beyond their own. */
  staff: Staff
  /** Refuses whoever may hold no session, such as a blocked account: asked in the transaction that issues one. */
  admit?: (db: Queries, userId: string) => Promise<void>
}

export interface Proven {
  answer: SessionAnswer
  cookies: CookieChange[]
}

export interface Ending {
  reason: Reason
  by: string
  /** The session in which somebody pressed the button; “by you, from Firefox on Windows” is told from it. */
  inSessionId?: string | null | undefined
  /** Whom the audit names; left out: what ends it has its own entry. */
  caller?: By | undefined
}

/** The front of the feature: what identity, the routes and `main` may ask of sessions. */
export interface Sessions extends AsyncDisposable {
  /** The `iss` of proofs. */
  readonly issuer: string
  /** By the call's cookies. Throws only bugs: an outage is the verdict `unknown`. */
  verify(call: Call, options?: { audience?: string | undefined }): Promise<SessionAnswer>
  /** As `verify`, with a fresh proof where there is something to prove. */
  refresh(call: Call, options?: { audience?: string | undefined }): Promise<Proven>
  /** As `refresh`, unless the proof at hand is good for a while yet. */
  prove(call: Call, options?: { audience?: string | undefined }): Promise<Proven>
  /** As `prove`, where nothing has to be waited for and no cookie changes. */
  proveAtOnce(asked: AskedAtOnce): SaidAtOnce | undefined
  issue(call: Call, input: IssueSession & { audience: string }): Promise<{ session: Session; cookies: CookieChange[] }>
  /** In one transaction with what lets the person in; see there. */
  issueWith<T>(call: Call, audience: string, work: (db: Queries, begin: Begin) => Promise<T>): Promise<Begun<T>>
  /** The same by another way to the database: a pool of its own, or a transaction that somebody else ends. */
  through(db: Database): Pick<Sessions, 'issue' | 'issueWith'>
  list(input: queries.ListFilter): Promise<SessionRow[]>
  /** `within`: in the caller's transaction. */
  find(id: string, within?: Queries): Promise<SessionRow | undefined>
  end(input: Ending & { sessionId: string }): Promise<'ended' | 'was-ended' | 'not-found'>
  /** In the caller's transaction; `tell` has to be called when that has committed. */
  endWithin(
    db: Queries,
    input: Ending & { sessionId: string },
  ): Promise<{ outcome: 'ended' | 'was-ended' | 'not-found'; tell(): Promise<void> }>
  endAll(input: Ending & { userId: string; exceptSessionId?: string | undefined }): Promise<number>
  /** All of an application or an organisation, in portions; what a crash interrupts is taken up again. */
  endAllOf(input: Ending & { whose: { audience: string } | { organizationId: string } }): Promise<number>
  /** The person's own, in this browser: cookies are cleared at once, also with the database away. */
  signOut(
    call: Call,
    options?: { audience?: string | undefined },
  ): Promise<{ outcome: 'ended' | 'deferred'; cookies: CookieChange[] }>
  updatePerson(user: SessionUser): Promise<void>
  /** For changes that must hold together with what becomes of the person's sessions. */
  within(db: Queries): SessionsWithin
  /** Takes the person out of their ended sessions, for good; how many there were, at most `limit`. */
  anonymise(db: Queries, userId: string, limit: number): Promise<number>
  organization: {
    /** With a fresh proof. Refuses a session that has ended meanwhile. */
    switch(call: Call, input: SwitchOrganization): Promise<{ session: Session; cookies: CookieChange[] }>
    /** What refuses an organisation that does not take the way in which a session began. */
    onSwitch(mayActFor: NonNullable<House['mayActFor']>): void
    /** In the transaction that read the standing: live sessions of the person that act for it have these roles, or lose it. */
    follow(db: Queries, change: { userId: string; organizationId: string; standing: Standing | null }): Promise<void>
    /** Everybody's live sessions that act for it lose it. */
    leave(organizationId: string): Promise<void>
    /** What this process remembers of them is read anew. */
    forget(whose: { userIds: ReadonlySet<string>; organizationIds: ReadonlySet<string> }): void
    /** Up to 1000 each. */
    countLive(db: Queries, organizationIds: readonly string[], max?: number): Promise<Map<string, number>>
  }
  /** What becomes of sessions that stand in for a provider that was down. */
  failOver: StandIns
  clearing(call: Call, audience?: string | undefined): CookieChange[]
  countLive(): Promise<number>
  countLiveByUser(userIds: readonly string[]): Promise<Map<string, number>>
  /** Up to 1000 each. */
  countLiveByAudience(audiences: readonly string[]): Promise<Map<string, number>>
  guards: Guards
  /** What applications' verifiers tell of themselves; how many minutes were kept. */
  reports: { take(application: string, report: Static<typeof Report>): Promise<number> }
  /** Why was I signed out? `nameOf` names applications. */
  lookUpEnds(asked: EndsAsked, nameOf: (application: string) => string | null): Promise<EndsSaid>
  /** Deletes for good what ended before the retention; a job does so by itself. */
  deleteEnded(): Promise<number>
  /** Whether sign-outs are as usual, as last judged. */
  signOuts(): SignOutsSeen
  /** What a write of the API is repeated by. */
  once: OnceParts
  keys: {
    published(): KeySet
    list(): {
      kid: string
      created_at: string
      sign_from: string
      sign_until: string
      verify_until: string
      state: string
    }[]
    rotate(by: string, caller?: By): Promise<string>
    onChange(listener: (keys: KeySet) => void): () => void
  }
  feed: {
    after(seq: number): (RevocationEvent | DeadlineEvent)[]
    onRevocation(listener: (event: RevocationEvent) => void): () => void
    onDeadline(listener: (event: DeadlineEvent) => void): () => void
    position(): { seq: number; confirmedAt: Date | null }
    /** Reads what other processes have ended, which otherwise happens once a second. */
    readOn(): Promise<number>
  }
  /** Numbers for /metrics and the overview. */
  figures(): Figures
  /** What `main` waits for when the database is there at start, so that the first answers are the truth. */
  catchUp(): Promise<void>
}

export async function openSessions(options: OpenSessionsOptions): Promise<Sessions> {
  const house = await openHouse(options)
  const { db, background } = house
  const jobs = startSessionJobs(house)
  const asking = openAsking(house, options)
  const reports = openReports({ db, clock: house.clock })
  const find: Sessions['find'] = (id, within = db) => queries.findSession(within, id)
  options.database.onChange((isAway) => house.verdicts.noteAway(isAway))

  return {
    issuer: options.issuer,
    ...asking,
    ...openEnding(house, asking.verify),
    ...openFollowing(house, options.lifeMs),
    ...openTelling(house, jobs),
    list: (filter) => queries.listSessions(db, filter),
    find,
    clearing: clearCookies,
    failOver: openStandIns(house),
    countLive: openCountLive({ db: background, clock: house.clock }),
    reports,
    lookUpEnds: (asked, nameOf) => lookUpEnds(house, asked, nameOf),
    deleteEnded: () => deleteEnded(house),
    signOuts: jobs.signOuts,
    once: { db, clock: options.clock, secret: options.secret },
    countLiveByUser: (userIds) => queries.countLiveByUser(db, userIds),
    countLiveByAudience: (audiences) => queries.countLiveByAudience(db, audiences),
    guards: guardsOf({ ask: asking.verify, find, now: () => options.clock.now() }, options.staff),
    figures: () => figuresOf(house),
    catchUp: jobs.catchUp,
    async [Symbol.asyncDispose]() {
      await jobs.stop()
      await house.revocations[Symbol.asyncDispose]()
    },
  }
}

/** Is this browser signed in, and what goes back to it. */
function openAsking(
  house: House,
  { lifeMs }: OpenSessionsOptions,
): Pick<Sessions, 'verify' | 'refresh' | 'prove' | 'proveAtOnce' | 'through' | 'issue' | 'issueWith'> {
  const verify: Sessions['verify'] = async (call, { audience } = {}) => {
    const asked = audience ?? call.application ?? undefined
    const answer = await verifySession(house, credentialsOf(call, asked))
    house.verdicts.count(asked, answer)
    return answer
  }

  return {
    verify,
    async refresh(call, asked = {}) {
      const answer = await verify(call, asked)
      return { answer, cookies: proofCookies(house, lifeMs, call, answer) }
    },
    async prove(call, asked = {}) {
      const answer = await verify(call, asked)
      const isGood =
        answer.verdict === 'valid' && isWorthKeeping(house, credentialsOf(call, undefined).proof, answer.session)
      return { answer, cookies: isGood ? [] : proofCookies(house, lifeMs, call, answer) }
    },
    proveAtOnce: (asked) => answerAtOnce(house, asked),
    ...openIssuing(house, lifeMs),
    through: (db) => openIssuing({ ...house, db }, lifeMs),
  }
}

function proofCookies(house: House, lifeMs: number, call: Call, answer: SessionAnswer): CookieChange[] {
  if (answer.verdict !== 'valid' || answer.session.audience === CONSOLE_AUDIENCE) return []
  const proof = mintProof(house, answer.session, answer.age_ms)
  return proof ? [setProof(call, proof, lifeMs)] : []
}

function openEnding(
  house: House,
  verify: Sessions['verify'],
): Pick<Sessions, 'end' | 'endWithin' | 'endAll' | 'endAllOf' | 'signOut'> {
  return {
    end: ({ sessionId, inSessionId, ...end }) =>
      endSession(house, { ...end, ...inSession(inSessionId), id: sessionId }),
    endWithin: (tx, { sessionId, inSessionId, ...end }) =>
      endWithin(house, tx, { ...end, ...inSession(inSessionId), id: sessionId }),
    endAll: ({ userId, inSessionId, ...end }) =>
      endSessions(house, { ...end, ...inSession(inSessionId), whose: { userId } }),
    endAllOf: ({ inSessionId, ...end }) => endSessions(house, { ...end, ...inSession(inSessionId) }),
    async signOut(call, { audience } = {}) {
      const who = audience ?? call.application ?? undefined
      const answer = await verify(call, { audience })
      const cookies = clearCookies(call, who)
      if (answer.verdict === 'invalid') return { outcome: 'ended', cookies }
      if (answer.verdict === 'unknown') {
        await deferSignOut(house, credentialsOf(call, who).handle)
        return { outcome: 'deferred', cookies }
      }
      const { session } = answer
      const by = session.impersonator?.id ?? session.user.id
      const reason = session.impersonator ? 'impersonation_ended' : 'signed_out'
      const outcome = await signOut(house, { id: session.id, reason, by, inSessionId: session.id })
      return { outcome, cookies }
    },
  }
}

/** What changes elsewhere, of the people and organisations that sessions speak of. */
function openFollowing(
  house: House,
  lifeMs: number,
): Pick<Sessions, 'updatePerson' | 'within' | 'anonymise' | 'organization'> {
  return {
    async updatePerson(user) {
      for (const id of await queries.updatePerson(house.db, user)) house.known.forget(id)
    },
    within: (inside) => sessionsWithin(house, inside),
    anonymise: anonymiseSessions,
    organization: {
      async switch(call, input) {
        const session = await switchOrganization(house, input)
        if (!session) throw refuse('ended', { verdict: 'invalid', reason: 'not_found', sentence: reasons.not_found })
        return {
          session,
          cookies: proofCookies(house, lifeMs, call, { verdict: 'valid', session, source: 'database', age_ms: 0 }),
        }
      },
      onSwitch(mayActFor) {
        house.mayActFor = mayActFor
      },
      follow: followMember,
      leave: (organizationId) => leaveOrganization(house, organizationId),
      forget: (whose) => forgetMembers(house, whose),
      countLive: countLiveByOrganization,
    },
  }
}

/** What verifiers are told: keys and ends. */
function openTelling(house: House, jobs: ReturnType<typeof startSessionJobs>): Pick<Sessions, 'keys' | 'feed'> {
  return {
    keys: {
      published: () => house.keys.published(),
      list: () => jobs.listKeys(),
      async rotate(by, caller) {
        const kid = await house.keys.rotate(by, caller)
        jobs.tellKeys()
        return kid
      },
      onChange: jobs.onKeys,
    },
    feed: {
      after: (seq) => house.revocations.after(seq),
      onRevocation: (listener) => house.revocations.onAdded(listener),
      onDeadline: (listener) => house.revocations.onDeadline(listener),
      readOn: () => house.revocations.poll(),
      position: () => ({ seq: house.revocations.seq, confirmedAt: house.revocations.confirmedAt }),
    },
  }
}

/** The parts that live as long as the process; those that lie on disk are read before anybody asks. */
async function openHouse(options: OpenSessionsOptions): Promise<House> {
  const { database, clock, log, secret, folder, issuer, idleMs, lifeMs } = options
  const [db, background] = [database.database('request'), database.database('background')]
  const [signal, audit] = [signalAt(() => clock.now()), auditAt(() => clock.now())]
  const shared = options.shared && openSharedSessions({ clock, secret, ...options.shared })
  const known = new KnownSessions(shared)
  const revocations = await openRevocationLog({ db: background, clock, file: join(folder, 'revocations.jsonl') })
  // Whoever ended it may not know its handles; whoever read it does.
  revocations.onAdded((event) => shared?.bar(known.digestsOf(event.session_id)))
  // Read anew, with the deadline in it.
  revocations.onDeadline((event) => known.forget(event.session_id))
  return {
    ...{ database, db, background, clock, log, sharedNow: options.sharedNow ?? databaseNow },
    signal,
    audit,
    issuer,
    idleMs,
    lifeMs,
    retentionMs: options.retentionMs ?? RETENTION_MS,
    verdicts: openVerdictCounts({ clock, instance: `${hostname()}:${process.pid}:${newSecret().slice(0, 4)}` }),
    ...{ admit: options.admit, mayActFor: undefined },
    keys: await openKeyRing({ db: background, clock, secret, signal, audit, file: join(folder, 'keys.sealed') }),
    known,
    shared,
    lastSeen: openLastSeen({ db: background, clock }),
    revocations,
    pendingEnds: await openPendingEnds(join(folder, 'pending-ends.json')),
    proofs: new ProofCache(),
    jars: new RecognisedJars(),
    lookUp: openLookUp(db),
  }
}

const inSession = (id: string | null | undefined) => (id == null ? {} : { inSessionId: id })
