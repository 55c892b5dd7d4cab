import type { AccessLink, LinkAnswer } from './access-link.ts'
import { type BrowserRequest, clearingCookies, ourCookies } from './browser-request.ts'
import {
  GRACE_MS,
  HANDLE_LENGTH,
  PROOF_LIFE_MS,
  type ProofClaims,
  REVOCATION_KEPT_MS,
  type Reason,
  type SessionAnswer,
  type Source,
  type UnknownReason,
} from './contract.ts'
import type { KnownKeys } from './keys.ts'
import type { RevocationLog } from './revocations.ts'
import type { SignOutList } from './sign-outs.ts'
import { type ProofCache, type ProofVerdict, isFailOver, sessionOfClaims } from './verify.ts'

/**
 * What a route does with knowledge that is old because Holdfast, or its database, is away. `{ serve }`: it is good up to
 * that age. `'refuse'`: nothing older than a proof's ordinary life (five minutes), and no grace after it.
 */
export type UnknownPolicy = { serve: number } | 'refuse'

/** How one route wants to be sure. */
export interface VerifyOptions {
  /**
   * For what must not be done on yesterday's knowledge (payments, settings): access is asked each time, its answer may be
   * a few seconds old at most, and in an outage the verdict is `unknown`.
   */
  fresh?: boolean
  /** The person must have proved who they are within this time; otherwise `needsFreshSignIn` is set. */
  maxAuthAgeMs?: number
  /** Instead of the policy given to `new Holdfast`. */
  unknown?: UnknownPolicy
}

/** A verdict, and what goes back to the browser with whatever the app answers. */
export type Verified = SessionAnswer & {
  /** `Set-Cookie` values to add to the app's answer: a newer proof, or the removal of what has ended. */
  setCookies: string[]
  /** Valid, but signed in longer ago than `maxAuthAgeMs`: ask for a new sign-in. */
  needsFreshSignIn: boolean
}

export interface VerifyParts {
  keys: KnownKeys
  proofs: ProofCache
  revocations: RevocationLog
  signOuts: SignOutList
  access: AccessLink
  application(): string | null
  issuer(): string
  now(): number
  /** Of the app, or else of what access says is wanted of it. */
  unknown(): UnknownPolicy
}

/** As long as revocations are remembered. */
export const SERVE_DEFAULT_MS = REVOCATION_KEPT_MS
/** "A few seconds": access confirms its log of revocations every second or two. */
const FRESH_AGE_MAX_MS = 5_000
const RETRY_AFTER_S = 2
const HANDLE = new RegExp(`^[A-Za-z0-9_-]{${HANDLE_LENGTH}}$`)
/** Of these the browser may hold a newer copy by now, or a session of the app next door. */
const KEPT_REASONS = new Set<Reason>(['no_session', 'superseded', 'replaced', 'wrong_audience'])

type Answered = { answer: SessionAnswer; setCookies: string[] }
type Valid = SessionAnswer & { verdict: 'valid' }

/** What the cookies of one request say by themselves. */
interface Seen {
  handle: string | undefined
  proof: ProofVerdict | undefined
  /** Of a proof that is good, be it in its grace. */
  claims: ProofClaims | undefined
  isExpired: boolean
}

/** What the route will accept. */
interface Wanted {
  serveMs: number
  isFresh: boolean
}

/**
 * Says whether a browser is signed in: first from what is known here, then by asking access, then, while access is away,
 * from the proof in its grace. Only knowledge answers `invalid`; only `invalid` clears a cookie.
 */
export function verifySession(
  parts: VerifyParts,
  request: BrowserRequest,
  options: VerifyOptions,
): Verified | Promise<Verified> {
  const finish = ({ answer, setCookies }: Answered): Verified => {
    return { ...answer, setCookies, needsFreshSignIn: isSignInTooOld(parts, answer, options.maxAuthAgeMs) }
  }
  const decided = decide(parts, request, options)
  return decided instanceof Promise ? decided.then(finish) : finish(decided)
}

function decide(parts: VerifyParts, request: BrowserRequest, options: VerifyOptions): Answered | Promise<Answered> {
  if (request.handle === undefined && request.proof === undefined) return just(invalid('no_session', null, 0))
  const application = parts.application()
  if (application === null) return just(unknown('no_keys'))

  const seen = readCookies(parts, request, application)
  const wanted = { serveMs: serveAge(options.unknown ?? parts.unknown()), isFresh: options.fresh === true }
  if (parts.signOuts.find(seen.handle, undefined) !== undefined) return endKnownHere(parts, request, seen, undefined)!
  const ended = endKnownHere(parts, request, seen, seen.claims?.sid)
  // The handle has the last word: it may be of a newer session than the proof beside it.
  if (ended) return seen.handle === undefined ? ended : askAboutEnded(parts, request, seen, { ended, wanted })
  return fromProof(parts, seen, wanted) ?? hopeless(request, seen) ?? askAccess(parts, request, seen, wanted)
}

function readCookies(parts: VerifyParts, { handle, proof }: BrowserRequest, audience: string): Seen {
  // Through the grace, so that it can be spoken from in an outage; whether it may is decided later.
  const verdict =
    proof === undefined
      ? undefined
      : parts.proofs.verify(proof, {
          keys: parts.keys.keySet,
          audience,
          issuer: parts.issuer(),
          nowMs: parts.now(),
          graceMs: GRACE_MS,
        })
  return {
    handle: handle !== undefined && HANDLE.test(handle) ? handle : undefined,
    proof: verdict,
    claims: verdict?.outcome === 'good' ? verdict.claims : undefined,
    isExpired: verdict?.outcome === 'good' && verdict.isExpired,
  }
}

/** The ordinary case: no network, no disk, and a signature looked at once. */
function fromProof(
  parts: VerifyParts,
  { claims, isExpired }: Seen,
  { serveMs, isFresh }: Wanted,
): Answered | undefined {
  if (!claims || isExpired || isFresh || !isBelieved(parts, claims)) return undefined
  const answer = answerFromProof(parts, claims, 'proof')
  return answer.age_ms <= serveMs ? just(answer) : undefined
}

/** What access could not know better either: there never was such a cookie. */
function hopeless(request: BrowserRequest, { handle, proof }: Seen): Answered | undefined {
  if (handle !== undefined) return undefined
  if (proof === undefined) return refused(request, 'malformed')
  if (proof.outcome !== 'bad') return undefined
  return refused(request, proof.why === 'wrong audience' ? 'wrong_audience' : 'bad_proof')
}

/** The person's own sign-out here, or an end that the feed has told. */
function endKnownHere(
  parts: VerifyParts,
  request: BrowserRequest,
  { handle }: Seen,
  sessionId: string | undefined,
): Answered | undefined {
  const signedOutMs = parts.signOuts.find(handle, sessionId)
  const revoked = sessionId === undefined ? undefined : parts.revocations.find(sessionId)
  const end =
    signedOutMs !== undefined ? { reason: 'signed_out' as const, at: new Date(signedOutMs).toISOString() } : revoked
  if (!end) return undefined
  const known = invalid(end.reason, 'cache', Math.max(0, parts.now() - Date.parse(end.at)))
  const answer = { ...known, ended_at: end.at, ...(sessionId !== undefined && { session_id: sessionId }) }
  return { answer, setCookies: clearingFor(request, end.reason) }
}

async function askAboutEnded(
  parts: VerifyParts,
  request: BrowserRequest,
  seen: Seen,
  { ended, wanted }: { ended: Answered; wanted: Wanted },
): Promise<Answered> {
  const asked = await askAccess(parts, request, { ...seen, claims: undefined }, wanted)
  return asked.answer.verdict === 'unknown' ? ended : asked
}

async function askAccess(parts: VerifyParts, request: BrowserRequest, seen: Seen, wanted: Wanted): Promise<Answered> {
  const { origin, address } = request
  const said = await parts.access.ask({ cookie: ourCookies(request), origin, address, isFresh: wanted.isFresh })
  // While we waited, or before access noticed: the feed may have told of its end, or the person may have signed out.
  const ended = endKnownHere(parts, request, seen, sessionIdOf(said) ?? seen.claims?.sid)
  if (ended && !(said.outcome === 'answered' && said.answer.verdict === 'invalid')) return ended
  if (said.outcome === 'overloaded') return just(unknown('overloaded'))
  if (said.outcome === 'away') return inOutage(parts, seen, wanted, undefined)

  const { answer, setCookies } = said
  if (answer.verdict === 'invalid') return { answer, setCookies }
  // The cookies are good even where this route wants to know better.
  if (answer.verdict === 'valid') return { answer: limited(answer, wanted), setCookies }
  // With no handle beside it an expired proof is all there is, and nothing can renew it.
  if (seen.handle === undefined && seen.isExpired) return refused(request, 'bad_proof')
  return inOutage(parts, seen, wanted, answer.reason)
}

/** Access is away, or it is there and cannot know: then the proof speaks, through its grace. */
function inOutage(parts: VerifyParts, seen: Seen, wanted: Wanted, why: UnknownReason | undefined): Answered {
  const { claims, isExpired } = seen
  if (!claims || wanted.isFresh || why === 'too_old' || !isBelieved(parts, claims)) {
    return just(unknown(why ?? (parts.keys.keySet.keys.length === 0 ? 'no_keys' : 'access_unreachable')))
  }
  return just(limited(answerFromProof(parts, claims, isExpired ? 'grace' : 'proof'), wanted))
}

function limited(answer: Valid, { serveMs, isFresh }: Wanted): SessionAnswer {
  const isCurrent = answer.source === 'database' || answer.source === 'cache'
  if (isFresh) return isCurrent && answer.age_ms <= FRESH_AGE_MAX_MS ? answer : unknown('too_old')
  return answer.age_ms <= serveMs ? answer : unknown('too_old')
}

/** Not believed by itself: a proof from before an instant about which the log of revocations is not whole. */
const isBelieved = (parts: VerifyParts, claims: ProofClaims) =>
  claims.iat * 1000 >= parts.revocations.floorMs && !isPastDue(parts, claims)

/** Of fail-over, and the provider is back: by now it is another session or none, and this proof cannot say which. */
function isPastDue(parts: VerifyParts, claims: ProofClaims): boolean {
  const dueMs = dueMsOf(parts, claims)
  return dueMs !== undefined && parts.now() >= dueMs
}

/** No proof carries it: the feed tells. */
const dueMsOf = ({ revocations }: VerifyParts, claims: ProofClaims) =>
  isFailOver(claims) ? revocations.dueMs(claims.sid) : undefined

const sessionIdOf = (said: LinkAnswer) =>
  said.outcome === 'answered' && said.answer.verdict === 'valid' ? said.answer.session.id : undefined

function answerFromProof(parts: VerifyParts, claims: ProofClaims, source: Source): Valid {
  const ageMs = Math.max(0, parts.now() - claims.confirmed_at * 1000)
  const session = sessionOfClaims(claims)
  const dueMs = dueMsOf(parts, claims)
  if (dueMs !== undefined) session.due_at = new Date(dueMs).toISOString()
  return { verdict: 'valid', session, source, age_ms: ageMs }
}

const serveAge = (policy: UnknownPolicy) => (policy === 'refuse' ? PROOF_LIFE_MS : policy.serve)

function isSignInTooOld(parts: VerifyParts, answer: SessionAnswer, maxAuthAgeMs: number | undefined): boolean {
  if (answer.verdict !== 'valid' || maxAuthAgeMs === undefined) return false
  return parts.now() - Date.parse(answer.session.authenticated_at) > maxAuthAgeMs
}

const refused = (request: BrowserRequest, reason: Reason): Answered => ({
  answer: invalid(reason, reason === 'malformed' ? null : 'proof', 0),
  setCookies: clearingFor(request, reason),
})

const clearingFor = (request: BrowserRequest, reason: Reason) =>
  KEPT_REASONS.has(reason) ? [] : clearingCookies(request)

const just = (answer: SessionAnswer): Answered => ({ answer, setCookies: [] })

const invalid = (reason: Reason, source: Source | null, ageMs: number): SessionAnswer & { verdict: 'invalid' } => ({
  verdict: 'invalid',
  reason,
  source,
  age_ms: ageMs,
})

const unknown = (reason: UnknownReason): SessionAnswer => ({
  verdict: 'unknown',
  reason,
  source: null,
  age_ms: null,
  retry_after_s: RETRY_AFTER_S,
})
