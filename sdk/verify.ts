/**
 * The synchronous heart: is this proof one of ours, and what does it say? The server and the SDK both ask here.
 * It reads no clock, no file and no network; all it knows it is handed.
 */
import { createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto'
import {
  EXERCISE_AUDIENCE,
  FAILOVER_METHOD,
  type KeySet,
  PROOF_ALGORITHM,
  PROOF_LENGTH_MAX,
  PROOF_LIFE_MS,
  PROOF_TYPE,
  type ProofClaims,
  type PublicKey,
  type Session,
} from './contract.ts'

/** What a proof is held against. */
export interface ProofExpectations {
  keys: KeySet
  /** The only audience accepted; left out: any, for a caller who checks it itself. */
  audience?: string
  /** The only issuer accepted; left out: whoever holds one of `keys`. */
  issuer?: string
  nowMs: number
  /** How long past `exp` a proof of full life is still `good`, then with `isExpired`; 0 when left out. */
  graceMs?: number
}

/** Why a proof is bad: stable, for logs and tests. Never holds any part of the token. */
export type BadProof =
  | 'too long'
  | 'not a compact JWS'
  | 'not base64url'
  | 'bad header'
  | 'wrong algorithm'
  | 'wrong type'
  | 'bad signature'
  | 'bad claims'
  | 'wrong issuer'
  | 'wrong audience'
  | 'not yet valid'
  | 'expired'

/**
 * `unknown-key` is not `bad`: a verifier that missed a rotation knows nothing about the proof, and signs nobody out.
 */
export type ProofVerdict =
  | { outcome: 'good'; claims: ProofClaims; isExpired: boolean }
  | { outcome: 'bad'; why: BadProof }
  | { outcome: 'unknown-key'; kid: string }

/** Clocks of two machines differ; NTP keeps them far closer than this. */
const CLOCK_SKEW_MS = 60_000
/** Proofs live five minutes. A signer gone wrong must not be able to make one that lives for ever. */
const LIFE_MAX_SECONDS = 60 * 60
const KID_LENGTH_MAX = 128
const TEXT_LENGTH_MAX = 2048
const METHODS_MAX = 16
/** 64 bytes in base64url: an ES256 signature has no other length. */
const SIGNATURE_LENGTH = 86
/** At about 2 kB each, 100 MB at the very most: more sessions than one process sees in the five minutes of a proof's life. */
const PROOFS_KEPT_MAX = 50_000
/** Sign-ins of which the time is kept as text, 0.5 MB: to write it takes a sixth of a check. */
const TIMES_KEPT_MAX = 10_000

/**
 * Verifies a proof: compact JWS, ES256 and nothing else, a key we know, typed claims, issuer, audience, time.
 *
 * @example
 * ```ts
 * import { verifyProof } from '@holdfast/sdk/verify'
 *
 * const keySet = await (await fetch(`${process.env.HOLDFAST_URL}/.well-known/jwks.json`)).json()
 * const verdict = verifyProof('not.a.proof', { keys: keySet, nowMs: Date.now() })
 * if (verdict.outcome === 'good') console.log(`signed in: ${verdict.claims.sub}`)
 * else console.log(verdict.outcome) // bad
 * ```
 */
export function verifyProof(token: string, expected: ProofExpectations): ProofVerdict {
  const opened = openProof(token, expected.keys)
  return opened.outcome === 'good' ? judge(opened.claims, expected) : opened
}

/**
 * Verifies each signature once. A signature costs about 100 µs and a look-up 1 µs, and a browser sends the same proof
 * for five minutes; so what was good is remembered, in memory and never anywhere else, until it is past its time. By the
 * whole text of the proof: a map compares keyed hashes of it first, so that its time tells nobody how much was right.
 *
 * @example
 * ```ts
 * import { ProofCache } from '@holdfast/sdk/verify'
 *
 * const proofs = new ProofCache()
 * const verdict = proofs.verify('not.a.proof', { keys: { keys: [] }, nowMs: Date.now() })
 * console.log(verdict.outcome) // bad
 * ```
 */
export class ProofCache {
  readonly #good = new Map<string, { claims: ProofClaims; key: KeyObject; kid: string }>()
  readonly #max: number

  /** @param max How many verdicts are kept; the oldest goes first. */
  constructor(max = PROOFS_KEPT_MAX) {
    this.#max = max
  }

  /** How many verdicts are kept now. */
  get size(): number {
    return this.#good.size
  }

  /** As `verifyProof`, with the signature looked at only the first time. */
  verify(token: string, expected: ProofExpectations): ProofVerdict {
    if (token.length > PROOF_LENGTH_MAX) return bad('too long')
    const known = this.#good.get(token)
    // A key that was withdrawn takes its verdicts with it.
    if (known && findKey(expected.keys, known.kid) === known.key) return this.#remembered(token, known.claims, expected)

    const opened = openProof(token, expected.keys)
    if (opened.outcome !== 'good') return opened
    const verdict = judge(opened.claims, expected)
    // What is bad is not kept: garbage is cheap to make, and would push out what is good.
    if (verdict.outcome === 'good') this.#remember(token, opened)
    return verdict
  }

  #remembered(token: string, claims: ProofClaims, expected: ProofExpectations): ProofVerdict {
    const verdict = judge(claims, expected)
    if (verdict.outcome === 'bad' && verdict.why === 'expired') this.#good.delete(token)
    return verdict
  }

  #remember(token: string, opened: { claims: ProofClaims; key: KeyObject; kid: string }): void {
    const oldest = this.#good.size >= this.#max ? this.#good.keys().next().value : undefined
    if (oldest !== undefined) this.#good.delete(oldest)
    // A copy: what was cut out of a header would keep all of that header in memory.
    this.#good.set(Buffer.from(token, 'latin1').toString('latin1'), {
      claims: opened.claims,
      key: opened.key,
      kid: opened.kid,
    })
  }
}

/**
 * The session that a proof speaks of, in the shape every answer uses.
 *
 * @example
 * ```ts
 * import { sessionOfClaims } from '@holdfast/sdk/verify'
 *
 * const at = 1_800_000_000
 * const session = sessionOfClaims({
 *   iss: 'https://id.acme.example', aud: 'app_acme', sub: 'usr_1', sid: 'ses_1', org: null,
 *   iat: at, exp: at + 300, auth_time: at, confirmed_at: at, amr: ['otp'], acr: 'single',
 *   email: 'ana@acme.example', name: 'Ana', picture: null,
 * })
 * console.log(session.user.name, session.authenticated_at) // Ana 2027-01-15T08:00:00.000Z
 * ```
 */
export function sessionOfClaims(claims: ProofClaims): Session {
  return {
    id: claims.sid,
    user: { id: claims.sub, email: claims.email, name: claims.name, picture_url: claims.picture },
    organization_id: claims.org,
    // Copies: what an app does to its session must not be in the next answer.
    roles: [...(claims.roles ?? [])],
    impersonator: claims.act ? { id: claims.act.sub, name: claims.act.name } : null,
    audience: claims.aud,
    authenticated_at: timeOf(claims.auth_time),
    expires_at: null,
    amr: [...claims.amr],
    acr: claims.acr,
  }
}

const times = new Map<number, string>()

/** RFC 3339, of seconds since 1970. */
function timeOf(seconds: number): string {
  const kept = times.get(seconds)
  if (kept !== undefined) return kept
  const text = new Date(seconds * 1000).toISOString()
  if (times.size >= TIMES_KEPT_MAX) times.clear()
  times.set(seconds, text)
  return text
}

type Opened =
  | { outcome: 'good'; claims: ProofClaims; key: KeyObject; kid: string }
  | Exclude<ProofVerdict, { outcome: 'good' }>

/** Everything about a proof that does not change with time. */
function openProof(token: string, keys: KeySet): Opened {
  if (token.length > PROOF_LENGTH_MAX) return bad('too long')
  const parts = token.split('.', 4)
  const [head, body, signature] = parts
  if (parts.length !== 3 || !head || !body || !signature) return bad('not a compact JWS')

  const headBytes = decode(head)
  const bodyBytes = decode(body)
  const signatureBytes = signature.length === SIGNATURE_LENGTH ? decode(signature) : undefined
  if (!headBytes || !bodyBytes || !signatureBytes) return bad('not base64url')

  const header = parseObject(headBytes)
  if (!header) return bad('bad header')
  if (header.alg !== PROOF_ALGORITHM) return bad('wrong algorithm')
  if (header.typ !== PROOF_TYPE) return bad('wrong type')
  const { kid } = header
  // Exactly these three: jku, x5u, jwk and crit would let the token say how it wants to be verified.
  if (typeof kid !== 'string' || kid.length > KID_LENGTH_MAX || Object.keys(header).length !== 3) {
    return bad('bad header')
  }

  const key = findKey(keys, kid)
  if (!key) return { outcome: 'unknown-key', kid }
  const signed = Buffer.from(`${head}.${body}`, 'latin1')
  if (!verifySignature('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signatureBytes)) {
    return bad('bad signature')
  }

  const claims = parseObject(bodyBytes)
  if (!claims || !areClaims(claims)) return bad('bad claims')
  return { outcome: 'good', claims, key, kid }
}

/** Everything about a proof that depends on who asks, and when. */
function judge(claims: ProofClaims, { audience, issuer, nowMs, graceMs = 0 }: ProofExpectations): ProofVerdict {
  if (issuer !== undefined && claims.iss !== issuer) return bad('wrong issuer')
  const isForThem = audience === undefined || claims.aud === audience
  if (!isForThem || claims.aud === EXERCISE_AUDIENCE) return bad('wrong audience')
  if (claims.iat * 1000 > nowMs + CLOCK_SKEW_MS) return bad('not yet valid')
  const endsMs = claims.exp * 1000
  // Cut short, it ends with its session: past that there is nothing to be gracious about.
  const isCutShort = claims.exp - claims.iat < PROOF_LIFE_MS / 1000
  // Nor with support that acts in somebody's name: the minutes that were asked for are all there are.
  // And a session of fail-over is short because nobody could ask the provider: it is never taken for longer than it says.
  const mayBeGracious = !isCutShort && claims.act === undefined && !isFailOver(claims)
  if (nowMs >= endsMs + (mayBeGracious ? graceMs : 0)) return bad('expired')
  return { outcome: 'good', claims, isExpired: nowMs >= endsMs }
}

/** Whether this proof is of a session that stands in for a provider that was down. */
export const isFailOver = ({ amr }: Pick<ProofClaims, 'amr'>) => amr.includes(FAILOVER_METHOD)

const imported = new WeakMap<PublicKey, KeyObject | undefined>()

function findKey({ keys }: KeySet, kid: string): KeyObject | undefined {
  const found = keys.find((key) => key.kid === kid)
  if (!found) return undefined
  if (!imported.has(found)) imported.set(found, importKey(found))
  return imported.get(found)
}

/** Undefined for a key that is damaged or of another kind (RFC 7517): it verifies nothing. */
function importKey({ kty, crv, x, y, alg, use }: PublicKey): KeyObject | undefined {
  if (kty !== 'EC' || crv !== 'P-256' || alg !== PROOF_ALGORITHM || use !== 'sig') return undefined
  try {
    return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
  } catch {
    return undefined
  }
}

const bad = (why: BadProof): { outcome: 'bad'; why: BadProof } => ({ outcome: 'bad', why })

/** RFC 7515 §2: no padding, no white space, and one spelling only, or one proof would have many digests. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function areClaims(claims: Record<string, unknown>): claims is Record<string, unknown> & ProofClaims {
  const { iss, aud, sub, sid, org, iat, exp, auth_time, confirmed_at, amr, acr, email, name, picture } = claims
  return (
    [iss, aud, sub, sid, acr].every(isText) &&
    [org, email, name, picture].every((value) => value === null || isText(value)) &&
    [iat, exp, auth_time, confirmed_at].every(isSeconds) &&
    (exp as number) > (iat as number) &&
    (exp as number) - (iat as number) <= LIFE_MAX_SECONDS &&
    Array.isArray(amr) &&
    amr.length <= METHODS_MAX &&
    amr.every(isText)
  )
}

const isText = (value: unknown) => typeof value === 'string' && value.length > 0 && value.length <= TEXT_LENGTH_MAX
/** Whole or not (RFC 7519 NumericDate), after 1970 and before the year 9999. */
const isSeconds = (value: unknown) => typeof value === 'number' && value >= 0 && value < 253_370_764_800
