/**
 * What the server and everybody who speaks with it agree on: words, names of cookies and headers, shapes on the
 * wire. No code with a life of its own; the server, the SDK, the console and the drills all read it from here.
 */

/** `valid` and `invalid` are knowledge. `unknown` is an outage: it never clears a cookie and never reads as "signed out". */
export type Verdict = 'valid' | 'invalid' | 'unknown'

/**
 * Where a verdict comes from. `database`: read just now. `cache`: read before, and not revoked as far as is known.
 * `proof`: a signed proof that has not expired. `grace`: a signed proof past its expiry, while the issuer is seen to be away.
 */
export type Source = 'database' | 'cache' | 'proof' | 'grace'

/** Why a session ended, or why there is none. Stable: apps, support and the audit read it. */
export const reasons = {
  no_session: 'There is no session in this browser.',
  malformed: 'The session cookie is not one of ours.',
  not_found: 'This session does not exist here, or was removed after it had ended.',
  signed_out: 'Signed out in this browser.',
  signed_out_elsewhere: 'Ended by you from another device.',
  signed_out_everywhere: 'You signed out everywhere.',
  revoked: 'Ended by an administrator.',
  replaced: 'Somebody signed in again in this browser.',
  idle: 'Not used for too long.',
  expired: 'Reached its longest life.',
  blocked: 'This account was blocked by an administrator.',
  account_deleted: 'This account was deleted.',
  email_changed: 'The e-mail address of this account was changed.',
  restored: 'Ended before the database was put back from a backup.',
  impersonation_ended: 'The time in which support acted in somebody’s name is over.',
  failover_ended:
    'The identity provider is back, and this session, begun another way while it was down, was not confirmed there in time.',
  superseded: 'This copy of the session was replaced by a newer one at the last sign-in.',
  bad_proof: 'The signed proof is forged, damaged, expired or of another installation.',
  wrong_audience: 'This session belongs to another application.',
} as const
export type Reason = keyof typeof reasons

/** Why nothing can be said about a session at this moment. */
export type UnknownReason = 'database_unavailable' | 'access_unreachable' | 'no_keys' | 'too_old' | 'overloaded'

export interface SessionUser {
  id: string
  email: string | null
  name: string | null
  picture_url: string | null
}

/** RFC 8693 §4.1, the actor: who really sits there. */
export interface Impersonator {
  id: string
  name: string | null
}

export interface Session {
  id: string
  user: SessionUser
  /** The customer on whose behalf the person acts; null: none was chosen. */
  organization_id: string | null
  /** What the person is there: `owner`, `admin`, `member` or roles of your own. Empty without an organisation. */
  roles: string[]
  /** Support who acts as this person; null: it is the person. An app should say so in a banner. */
  impersonator: Impersonator | null
  /** The application this session was issued for. */
  audience: string
  /** RFC 3339, UTC, like every time on the wire. When the person last proved who they are. */
  authenticated_at: string
  /** The absolute end; null when only a proof was at hand, which does not carry it. */
  expires_at: string | null
  /**
   * RFC 8176 methods: `otp` for an e-mailed code or link. `failover` beside them: let in another way because the person's
   * identity provider was down.
   */
  amr: string[]
  acr: string
  /** Only of a session of fail-over whose provider is back: without a sign-in through it the session ends then. */
  due_at?: string
}

/** The answer to "is this person signed in?", everywhere. */
export type SessionAnswer =
  | { verdict: 'valid'; session: Session; source: Source; age_ms: number }
  | {
      verdict: 'invalid'
      reason: Reason
      source: Source | null
      age_ms: number
      ended_at?: string | null
      session_id?: string
    }
  | { verdict: 'unknown'; reason: UnknownReason; source: null; age_ms: null; retry_after_s: number }

/** The claims of a proof: a compact JWS, ES256 only. */
export interface ProofClaims {
  iss: string
  aud: string
  sub: string
  sid: string
  org: string | null
  /** In proofs of before 0.2 there is none. */
  roles?: string[]
  /** RFC 8693 §4.1: support who acts as `sub`. */
  act?: { sub: string; name: string | null }
  /** Seconds since 1970, as in RFC 7519. */
  iat: number
  exp: number
  auth_time: number
  /** When PostgreSQL last confirmed the session. In an outage this is older than `iat`, and the age that is shown. */
  confirmed_at: number
  amr: string[]
  acr: string
  email: string | null
  name: string | null
  picture: string | null
}
/** Of the sessions by which an installation exercises its own fall-back: no verifier takes one, whoever it verifies for. */
export const EXERCISE_AUDIENCE = 'fall-back-exercise'
/** In `amr`: the person's identity provider was down, and something else was taken in its stead. */
export const FAILOVER_METHOD = 'failover'
/** In `amr`, beside it: let in once by the people who run the installation, for one organisation, when nothing else was left. */
export const RESCUE_METHOD = 'rescue'
export const PROOF_TYPE = 'hf-session+jwt'
export const PROOF_ALGORITHM = 'ES256'
/** design §5: short enough that a verifier cut off from the feed is wrong for five minutes at most. */
export const PROOF_LIFE_MS = 5 * 60_000
/** Past `exp`, only while the issuer is seen to be unreachable, never on a fresh route, and never with `failover` in `amr`. */
export const GRACE_MS = 15 * 60_000
/** How long a revocation is kept in feeds and logs: by then no proof of that session can be accepted anywhere. */
export const REVOCATION_KEPT_MS = 24 * 60 * 60_000

/** A longer handle, proof or cookie header is refused unread. */
export const HANDLE_LENGTH = 43
export const PROOF_LENGTH_MAX = 4096

/** Public half of a signing key, RFC 7517. */
export interface PublicKey {
  kty: 'EC'
  crv: 'P-256'
  x: string
  y: string
  kid: string
  alg: 'ES256'
  use: 'sig'
}
export interface KeySet {
  keys: PublicKey[]
}

/** `GET /v1/feed`, text/event-stream. `id:` of a revocation or a deadline is its `seq`; resume with `Last-Event-ID`. */
export interface RevocationEvent {
  seq: number
  session_id: string
  reason: Reason
  at: string
  forget_at: string
}
/**
 * A session of fail-over has to be confirmed at the identity provider by then, for that is back; null: no more, for it is
 * down again. Numbered as revocations are. It speaks of proofs with `failover` in `amr` and of no others.
 */
export interface DeadlineEvent {
  seq: number
  session_id: string
  due_at: string | null
  forget_at: string
}
/** Sent on connect after what was missed, then every two seconds: what a verifier measures its lag by. */
export interface SyncEvent {
  seq: number
  at: string
  environment: string
  installation_id: string
  /** The reader's own application and the `iss` of proofs, so that an SDK need not be told. */
  application?: string
  issuer?: string
}
/** Sent on connect and when it was changed: what the reader's own application is called, and what it does with `unknown`. */
export interface ApplicationEvent {
  id: string
  name: string
  /** `serve`: old knowledge is good up to that age. `refuse`: nothing older than a proof's ordinary life. */
  on_unknown: { policy: 'serve' | 'refuse'; max_age_s: number }
  brand: { name: string | null }
}
/** Sent on connect, with every `sync` and on each change: which snapshot of the flags is the newest. */
export interface FlagsEvent {
  epoch: number
  seq: number
  digest: string
  /** Since the database confirmed this number as the newest; null: not since access started. */
  age_ms: number | null
}
export type FeedEvent =
  | { event: 'flags'; data: FlagsEvent }
  | { event: 'application'; data: ApplicationEvent }
  | { event: 'revocation'; data: RevocationEvent }
  | { event: 'deadline'; data: DeadlineEvent }
  | { event: 'keys'; data: KeySet }
  | { event: 'sync'; data: SyncEvent }
export const SYNC_INTERVAL_MS = 2000

/** Names without their prefix; `cookieName` adds `__Host-` where the origin is https. */
export const cookies = {
  handle: 'hf_session',
  proof: 'hf_proof',
  console: 'hf_console',
  browser: 'hf_browser',
  /** The language that was chosen at the foot of a hosted page; says nothing about anybody. */
  language: 'hf_language',
} as const

/** RFC 6265bis: `__Host-` demands Secure, and not every browser grants Secure to http://localhost. */
export function cookieName(name: (typeof cookies)[keyof typeof cookies], isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name
}

export const headers = {
  /** Sent by the console: authenticate by the console's cookie, as staff. A custom header also stops cross-site requests. */
  audience: 'holdfast-audience',
  /** `<application id>`: on whose behalf the SDK forwards this request. */
  application: 'holdfast-application',
  /** `for=<client address>;origin=<app origin>;prefix=</auth>`: believed only with a good signature. */
  forwarded: 'holdfast-forwarded',
  /** `t=<unix ms>,v1=<base64url HMAC-SHA-256>` over `forwardedMessage`. */
  signature: 'holdfast-signature',
} as const

/** What the SDK signs, with the key `sha256("holdfast forward v1\n" + application key)`. */
export function forwardedMessage(parts: {
  timestampMs: number
  application: string
  method: string
  /** Path and query as access receives them, without the prefix. */
  path: string
  forwarded: string
}): string {
  return [parts.timestampMs, parts.application, parts.method, parts.path, parts.forwarded].join('\n')
}
export const FORWARD_KEY_CONTEXT = 'holdfast forward v1\n'
export const FORWARD_CLOCK_SKEW_MS = 60_000

/** RFC 9457, as every refusal of ours is written. */
export interface Problem {
  type: string
  title: string
  status: number
  /** Stable, `<feature>.<code>`. */
  code: string
  /** A sentence that says what to do. */
  detail: string
  [extension: string]: unknown
}
