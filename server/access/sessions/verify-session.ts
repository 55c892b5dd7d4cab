import { GRACE_MS, PROOF_LENGTH_MAX, type Reason, type SessionAnswer, type Source } from '../../../sdk/contract.ts'
import { isFailOver, sessionOfClaims } from '../../../sdk/verify.ts'
import { DatabaseOutage } from '../../platform/database/index.ts'
import { OUTAGE_RETRY_SECONDS } from '../../platform/http/index.ts'
import type { KnownSession } from './known-sessions.ts'
import type { House } from './house.ts'
import { findSession, markHandleSeen } from './queries.ts'
import { isHandle, judge, keyOf, liveRowOf, publicSession } from './session.ts'

export interface Credentials {
  handle: string | undefined
  proof: string | undefined
  /** Whom the session must have been issued for; undefined: anybody of this installation. */
  audience: string | undefined
}

/** While the revocation log was confirmed this recently, a session known in memory is as good as read. */
const LOG_FRESH_MS = 3000
/** Long enough for a browser to come back once, too short for anything to be deleted in the ordinary way. */
const CONFIRMED_LATELY_MS = 15 * 60_000
/** Even then it is read again after a minute, for what is no revocation: a name, a limit. */
const READ_AGAIN_MS = 60_000

/**
 * Says whether a browser is signed in: `valid`, `invalid` with the reason, or `unknown`.
 *
 * Ory Kratos #3250, Better Auth #10566, Hanko: an outage answered as "signed out". Here only knowledge says `invalid`:
 * a revocation, a row that has ended, a database in good health that has no such session, or a forged credential.
 */
export async function verifySession(house: House, credentials: Credentials): Promise<SessionAnswer> {
  const { handle, proof, audience } = credentials
  if (handle === undefined && proof === undefined) return invalid('no_session', null, 0)
  const answer = handle === undefined ? undefined : await verifyHandle(house, handle)
  if (answer?.verdict === 'invalid' && answer.reason === 'not_found') await noteVanished(house, handle!, proof)
  const settled = answer && answer.verdict !== 'unknown' ? answer : settleByProof(house, proof, answer)
  if (settled.verdict === 'valid' && audience !== undefined && settled.session.audience !== audience) {
    return invalid('wrong_audience', settled.source, settled.age_ms)
  }
  return settled
}

function settleByProof(house: House, proof: string | undefined, answer: SessionAnswer | undefined): SessionAnswer {
  const said = verifyByProof(house, proof)
  // A damaged proof beside a handle that cannot be looked up is no knowledge that the session has ended.
  if (said?.verdict === 'invalid' && said.reason === 'bad_proof' && answer) return answer
  return said ?? answer ?? (house.database.isAway() ? unknown() : invalid('bad_proof', 'proof', 0))
}

async function verifyHandle(house: House, handle: string): Promise<SessionAnswer> {
  if (!isHandle(handle)) return invalid('malformed', null, 0)
  const key = keyOf(handle)
  if (house.pendingEnds.hasHandle(key)) return invalid('signed_out', 'cache', 0)
  const known = house.known.get(key)
  if (known) {
    const revoked = revocationOf(house, known.row.id)
    if (revoked) return revoked
    // Seen here: the note to PostgreSQL may still be on its way.
    if (known.isSuperseded) return invalid('superseded', 'cache', 0, { session_id: known.row.id })
    if (isFresh(house, known)) return answerFrom(house, known, 'cache', key)
  }
  const shared = house.shared && (await readShared(house, key))
  if (shared && isFresh(house, shared)) return answerShared(house, shared, key)
  try {
    return await readHandle(house, key)
  } catch (error) {
    if (!(error instanceof DatabaseOutage)) throw error
    if (known) return answerFrom(house, known, 'cache', key)
    return shared && isCovered(house, shared) ? answerShared(house, shared, key) : unknown()
  }
}

/** What another process read within the last minute. What memory has, ended or from later, is not asked there. */
async function readShared(house: House, key: string): Promise<KnownSession | undefined> {
  const forgotten = house.known.forgotten
  const entry = await house.shared!.read(key)
  if (!entry || house.known.forgotten !== forgotten) return undefined
  const known = house.known.get(key)
  if (known && (known.isSuperseded || known.readAt >= entry.readAt || !looksAlive(house, known))) return undefined
  return house.known.hasSeenNewer(entry.row.id, entry.issuedAt) ? undefined : { ...entry, isSuperseded: false }
}

/** Whether the log on hand tells what became of the session since that was read; otherwise it could be one that has ended. */
function isCovered(house: House, { readAt }: KnownSession): boolean {
  const until = house.revocations.coversUntil
  return until !== null && readAt.getTime() <= until.getTime() + LOG_FRESH_MS
}

function answerShared(house: House, shared: KnownSession, key: string): SessionAnswer {
  const revoked = revocationOf(house, shared.row.id)
  if (revoked) return revoked
  house.known.set(key, shared)
  return answerFrom(house, shared, 'cache', key)
}

export function isFresh(house: House, known: KnownSession, now = house.clock.now()): boolean {
  const nowMs = now.getTime()
  const confirmedMs = house.revocations.confirmedAt?.getTime() ?? 0
  if (nowMs - confirmedMs > LOG_FRESH_MS || nowMs - known.readAt.getTime() > READ_AGAIN_MS) return false
  return looksAlive(house, known, now)
}

/** What looks ended from memory may have been seen by another process since: that is asked, never guessed. */
function looksAlive(house: House, known: KnownSession, now?: Date): boolean {
  return judgeKnown(house, known, now).verdict === 'valid'
}

async function readHandle(house: House, key: string): Promise<SessionAnswer> {
  const readAt = house.clock.now()
  const forgotten = house.known.forgotten
  const found = await house.lookUp(key)
  if (!found) return invalid('not_found', 'database', 0)
  const row = liveRowOf(found)
  const revoked = revocationOf(house, row.id)
  if (revoked) return revoked
  const { issued_at: issuedAt, seen_at: seenAt } = found
  const isSuperseded = found.is_superseded || house.known.hasSeenNewer(row.id, issuedAt)
  const known = { row, readAt, issuedAt, isSuperseded, isSeen: seenAt !== null }
  if (house.known.forgotten === forgotten) {
    house.known.set(key, known)
    house.shared?.keep(key, known)
  }
  return answerFrom(house, known, 'database', key)
}

/** For the watch over sign-outs; the proof's session is asked for, because a handle can be made up beside a good proof. */
async function noteVanished(house: House, handle: string, proof: string | undefined): Promise<void> {
  const key = keyOf(handle)
  if (wasThere(house, key, house.clock.now())) return house.verdicts.countVanished(house.known.get(key)?.row.audience)
  const said = verifyByProof(house, proof)
  if (said?.verdict !== 'valid') return
  try {
    if (!(await findSession(house.db, said.session.id))) house.verdicts.countVanished(said.session.audience)
  } catch (error) {
    // Then it is not known, and nothing is counted.
    if (!(error instanceof DatabaseOutage)) throw error
  }
}

/** A row that was read minutes ago and is not there now was not ended by anybody: ended rows stay for weeks. */
function wasThere(house: House, key: string, now: Date): boolean {
  const known = house.known.get(key)
  return known !== undefined && !known.isSuperseded && now.getTime() - known.readAt.getTime() <= CONFIRMED_LATELY_MS
}

function judgeKnown(house: House, { row, readAt }: KnownSession, now = house.clock.now()) {
  const seenAt = house.lastSeen.canJudgeIdle(now) ? house.lastSeen.of(row.id, row.last_seen_at) : now
  const heardDueAt = house.revocations.deadlineOf(row.id, readAt)
  return judge(row, { now, seenAt, blindSpots: house.lastSeen.blindSpots, heardDueAt })
}

function answerFrom(house: House, known: KnownSession, source: Source, key: string): SessionAnswer {
  const { row } = known
  const ageMs = source === 'database' ? 0 : house.clock.now().getTime() - confirmedAt(house, known).getTime()
  const judgement = judgeKnown(house, known)
  if (judgement.verdict === 'invalid') {
    // Only certain from the database: another process may have seen the person, or they may be back from their provider.
    if (UNCERTAIN.has(judgement.reason) && source === 'cache') return unknown()
    return invalid(judgement.reason, source, ageMs, { ended_at: judgement.endedAt.toISOString(), session_id: row.id })
  }
  if (known.isSuperseded) return invalid('superseded', source, ageMs, { session_id: row.id })
  if (!known.isSeen) noteFirstSight(house, known, key)
  house.lastSeen.note(row.id, row.last_seen_at)
  return { verdict: 'valid', session: known.said?.session ?? publicSession(row), source, age_ms: Math.max(0, ageMs) }
}

const UNCERTAIN: ReadonlySet<Reason> = new Set(['idle', 'failover_ended'])

/** When it was last certain that this session is alive: its own reading, or the revocation log's later one. */
export function confirmedAt(house: House, known: KnownSession): Date {
  const log = house.revocations.confirmedAt
  return log && log.getTime() > known.readAt.getTime() ? log : known.readAt
}

/** The old handle stays good until the new one has come back: a lost answer signs nobody out (design §5). */
function noteFirstSight(house: House, known: KnownSession, key: string): void {
  known.isSeen = true
  house.known.supersedeOlder(known)
  markHandleSeen(house.background, Buffer.from(key, 'base64'), house.clock.now()).catch((error) => {
    // Tried again at the next sight; until then the older handle lives a little longer.
    known.isSeen = false
    if (!(error instanceof DatabaseOutage))
      house.log.error({ err: error }, 'the first sight of a handle could not be noted')
  })
}

function revocationOf(house: House, sessionId: string): SessionAnswer | undefined {
  const event = house.revocations.find(sessionId)
  if (!event) return undefined
  const source = house.database.isAway() ? 'cache' : 'database'
  return invalid(event.reason, source, 0, { ended_at: event.at, session_id: sessionId })
}

/** Without database and memory the signed proof speaks: to its expiry, and in an outage through the grace after it. */
function verifyByProof(house: House, proof: string | undefined): SessionAnswer | undefined {
  if (proof === undefined) return undefined
  if (proof.length > PROOF_LENGTH_MAX) return invalid('bad_proof', 'proof', 0)
  const nowMs = house.clock.now().getTime()
  const seen = house.proofs.verify(proof, {
    keys: house.keys.published(),
    issuer: house.issuer,
    nowMs,
    graceMs: house.database.isAway() ? GRACE_MS : 0,
  })
  if (seen.outcome === 'unknown-key')
    return house.database.isAway() ? unknown('no_keys') : invalid('bad_proof', 'proof', 0)
  // Past its expiry the proof says nothing either way; the handle will, once the database answers.
  if (seen.outcome === 'bad') return seen.why === 'expired' ? undefined : invalid('bad_proof', 'proof', 0)
  const revoked = revocationOf(house, seen.claims.sid)
  if (revoked) return revoked
  const dueAt = isFailOver(seen.claims) ? house.revocations.deadlineOf(seen.claims.sid) : undefined
  // Confirmed elsewhere it has another proof by now; this one says nothing any more, and the handle will.
  if (dueAt && nowMs >= dueAt.getTime()) return undefined
  const ageMs = Math.max(0, nowMs - seen.claims.confirmed_at * 1000)
  return {
    verdict: 'valid',
    session: sessionOfClaims(seen.claims),
    source: seen.isExpired ? 'grace' : 'proof',
    age_ms: ageMs,
  }
}

const invalid = (
  reason: Reason,
  source: Source | null,
  ageMs: number,
  more: { ended_at?: string; session_id?: string } = {},
): SessionAnswer => ({ verdict: 'invalid', reason, source, age_ms: Math.max(0, ageMs), ...more })

const unknown = (reason: 'database_unavailable' | 'no_keys' = 'database_unavailable'): SessionAnswer => ({
  verdict: 'unknown',
  reason,
  source: null,
  age_ms: null,
  retry_after_s: OUTAGE_RETRY_SECONDS,
})
