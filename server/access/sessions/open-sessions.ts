import { join } from 'node:path'
import type { KeySet, Reason, RevocationEvent, Session, SessionAnswer, SessionUser } from '../../../sdk/contract.ts'
import { ProofCache } from '../../../sdk/verify.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import { auditAt } from '../../ground/audit/index.ts'
import { signalAt } from '../../ground/signals/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { DatabaseServer } from '../../platform/database/index.ts'
import type { Call, CookieChange } from '../../platform/http/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import { deviceOf } from './device.ts'
import { deferSignOut, endAllSessions, endSession, signOut } from './end-session.ts'
import { type Guards, guardsOf, type Staff } from './guards.ts'
import type { House } from './house.ts'
import { type IssueSession, issueSession } from './issue-session.ts'
import { startSessionJobs } from './jobs.ts'
import { openKeyRing } from './key-ring.ts'
import { KnownSessions } from './known-sessions.ts'
import { openLastSeen } from './last-seen.ts'
import { openLookUp } from './look-up.ts'
import { isWorthKeeping, mintProof } from './mint-proof.ts'
import { openPendingEnds } from './pending-ends.ts'
import * as queries from './queries.ts'
import { openRevocationLog } from './revocation-log.ts'
import type { SessionRow } from './session.ts'
import { clearCookies, credentialsOf, setHandle, setProof } from './session-cookies.ts'
import { verifySession } from './verify-session.ts'

export interface OpenSessionsOptions {
  database: DatabaseServer
  clock: Clock
  log: Logger
  secret: Secret
  /** HOLDFAST_URL: the `iss` of proofs. */
  issuer: string
  /** Where the last known good state lies. */
  folder: string
  idleMs: number
  lifeMs: number
  /** Who may do what beyond their own. */
  staff: Staff
}

export interface Proven {
  answer: SessionAnswer
  cookies: CookieChange[]
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
  issue(
    call: Call,
    input: Omit<IssueSession, 'device' | 'current'>,
  ): Promise<{ session: Session; cookies: CookieChange[] }>
  list(input: queries.ListFilter): Promise<SessionRow[]>
  find(id: string): Promise<SessionRow | undefined>
  end(input: { sessionId: string; reason: Reason; by: string }): Promise<'ended' | 'was-ended' | 'not-found'>
  endAll(input: { userId: string; exceptSessionId?: string | undefined; reason: Reason; by: string }): Promise<number>
  /** The person's own, in this browser: cookies are cleared at once, also with the database away. */
  signOut(
    call: Call,
    options?: { audience?: string | undefined },
  ): Promise<{ outcome: 'ended' | 'deferred'; cookies: CookieChange[] }>
  updatePerson(user: SessionUser): Promise<void>
  clearing(call: Call, audience?: string | undefined): CookieChange[]
  countLive(): Promise<number>
  countLiveByUser(userIds: readonly string[]): Promise<Map<string, number>>
  guards: Guards
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
    rotate(by: string): Promise<string>
    onChange(listener: (keys: KeySet) => void): () => void
  }
  feed: {
    after(seq: number): RevocationEvent[]
    onRevocation(listener: (event: RevocationEvent) => void): () => void
    position(): { seq: number; confirmedAt: Date | null }
  }
  /** Numbers for /metrics and the overview. */
  figures(): {
    known: number
    lastSeenWaiting: number
    pendingEnds: number
    revocationSeq: number
    revocationsConfirmedAt: Date | null
  }
  /** What `main` waits for when the database is there at start, so that the first answers are the truth. */
  catchUp(): Promise<void>
}

export async function openSessions(options: OpenSessionsOptions): Promise<Sessions> {
  const house = await openHouse(options)
  const { db, background } = house
  const jobs = startSessionJobs(house)
  const verify: Sessions['verify'] = (call, { audience } = {}) =>
    verifySession(house, credentialsOf(call, audience ?? call.application ?? undefined))

  function proofCookies(call: Call, answer: SessionAnswer): CookieChange[] {
    if (answer.verdict !== 'valid' || answer.session.audience === CONSOLE_AUDIENCE) return []
    const proof = mintProof(house, answer.session, answer.age_ms)
    return proof ? [setProof(call, proof, options.lifeMs)] : []
  }

  return {
    issuer: options.issuer,
    verify,
    async refresh(call, asked = {}) {
      const answer = await verify(call, asked)
      return { answer, cookies: proofCookies(call, answer) }
    },
    async prove(call, asked = {}) {
      const answer = await verify(call, asked)
      const isGood =
        answer.verdict === 'valid' && isWorthKeeping(house, credentialsOf(call, undefined).proof, answer.session)
      return { answer, cookies: isGood ? [] : proofCookies(call, answer) }
    },
    async issue(call, input) {
      const { audience } = input
      const before = await verifySession(house, { ...credentialsOf(call, audience), audience: undefined })
      const device = deviceOf(call.headers, call.address)
      const current = before.verdict === 'valid' ? before.session : undefined
      const { session, handle } = await issueSession(house, { ...input, device, current })
      const proof = mintProof(house, session, 0)
      const cookies = [setHandle(call, audience, handle, options.lifeMs)]
      if (proof && audience !== CONSOLE_AUDIENCE) cookies.push(setProof(call, proof, options.lifeMs))
      return { session, cookies }
    },
    list: (filter) => queries.listSessions(db, filter),
    find: (id) => queries.findSession(db, id),
    end: ({ sessionId, reason, by }) => endSession(house, { id: sessionId, reason, by }),
    endAll: (input) => endAllSessions(house, input),
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
      const outcome = await signOut(house, { id: session.id, reason: 'signed_out', by: session.user.id })
      return { outcome, cookies }
    },
    async updatePerson(user) {
      for (const id of await queries.updatePerson(db, user)) house.known.forget(id)
    },
    clearing: clearCookies,
    countLive: () => queries.countLive(background),
    countLiveByUser: (userIds) => queries.countLiveByUser(db, userIds),
    guards: guardsOf(verify, options.staff, () => options.clock.now()),
    keys: {
      published: () => house.keys.published(),
      list: () => jobs.listKeys(),
      async rotate(by) {
        const kid = await house.keys.rotate(by)
        jobs.tellKeys()
        return kid
      },
      onChange: jobs.onKeys,
    },
    feed: {
      after: (seq) => house.revocations.after(seq),
      onRevocation: (listener) => house.revocations.onAdded(listener),
      position: () => ({ seq: house.revocations.seq, confirmedAt: house.revocations.confirmedAt }),
    },
    figures: () => figuresOf(house),
    catchUp: jobs.catchUp,
    async [Symbol.asyncDispose]() {
      await jobs.stop()
      await house.revocations[Symbol.asyncDispose]()
    },
  }
}

function figuresOf({ known, lastSeen, pendingEnds, revocations }: House): ReturnType<Sessions['figures']> {
  return {
    known: known.size,
    lastSeenWaiting: lastSeen.waiting,
    pendingEnds: pendingEnds.all().length,
    revocationSeq: revocations.seq,
    revocationsConfirmedAt: revocations.confirmedAt,
  }
}

/** The parts that live as long as the process; those that lie on disk are read before anybody asks. */
async function openHouse(options: OpenSessionsOptions): Promise<House> {
  const { database, clock, log, secret, folder, issuer, idleMs, lifeMs } = options
  const db = database.database('request')
  const background = database.database('background')
  const signal = signalAt(() => clock.now())
  return {
    database,
    db,
    background,
    clock,
    log,
    signal,
    audit: auditAt(() => clock.now()),
    issuer,
    idleMs,
    lifeMs,
    keys: await openKeyRing({ db: background, clock, secret, signal, file: join(folder, 'keys.sealed') }),
    known: new KnownSessions(),
    lastSeen: openLastSeen({ db: background, clock }),
    revocations: await openRevocationLog({ db: background, clock, file: join(folder, 'revocations.jsonl') }),
    pendingEnds: await openPendingEnds(join(folder, 'pending-ends.json')),
    proofs: new ProofCache(),
    lookUp: openLookUp(db),
  }
}
