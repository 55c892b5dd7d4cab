import { reasons, type Session, type SessionAnswer, type Source } from '../../../sdk/contract.ts'
import type { ApplicationDirectory } from '../../ground/applications/index.ts'
import { byCaller } from '../../ground/audit/index.ts'
import { callers } from '../../ground/documentation/index.ts'
import {
  type Answer,
  type Call,
  empty,
  events,
  type FastAnswer,
  type FastCall,
  json,
  on,
  ProblemShape,
  problem,
  type Route,
} from '../../platform/http/index.ts'
import { Refusal } from '../../platform/refusal.ts'
import { FeedText, Invalid, KeyList, Keys, Rotated, Unknown, Valid } from './answers.ts'
import { sessionEndRoutes } from './ends/routes.ts'
import { type FeedOptions, positionOf, startFeed } from './feed.ts'
import { audienceOfProxy, ForwardQuery, plainAudience, servedAt } from './forward-audience.ts'
import { audienceOf } from './guards.ts'
import { manySessions } from './many-sessions.ts'
import type { Sessions } from './open-sessions.ts'
import { verifierRoutes } from './verifiers/routes.ts'

const PROBLEM_TYPE = { 'content-type': 'application/problem+json; charset=utf-8' }

export interface SessionRoutesOptions extends Omit<FeedOptions, 'sessions'> {
  sessions: Sessions
  applications: ApplicationDirectory
}

const verdicts = { 200: Valid, 401: Invalid, 503: Unknown }
const RENEWED = 'A proof that is more than half spent is renewed with the answer.'
const SIGNED_OUT =
  'The cookies are cleared at once. 202: the database is away, so that the end is kept on disk, refused here from now on, and written when it is back.'
const IN_HEADERS =
  'The answer is in headers too: `holdfast-verdict` always; `holdfast-user`, `holdfast-session`, `holdfast-organization`, `holdfast-roles` (with commas between), `holdfast-email`, `holdfast-source` and `holdfast-age-ms` when it is valid; `holdfast-reason` when it is not.'
const FOLLOWED =
  'A stream of events. First what was missed since `Last-Event-ID`, then everything as it happens. What a verifier knows is as old as the `at` of the newest sync.'

/** The HTTP face of sessions, as a table. */
export const sessionRoutes = (options: SessionRoutesOptions): Route[] => [
  ...thisSession(options),
  ...manySessions(options.sessions),
  ...sessionEndRoutes(options),
  ...verifierRoutes(options),
  ...keysAndFeed(options),
]

function thisSession({ sessions, applications }: SessionRoutesOptions): Route[] {
  const frame = { tag: 'session', security: callers.anyBrowser.security }
  return [
    on(
      'GET /v1/session',
      {
        ...frame,
        summary: 'Is this browser signed in?',
        description: RENEWED,
        answers: verdicts,
        fast: (call) => verdictAtOnce(sessions, call),
      },
      (call) => verdict(sessions, call, 'keep'),
    ),
    on('POST /v1/session/refresh', { ...frame, summary: 'The same, with a fresh proof', answers: verdicts }, (call) =>
      verdict(sessions, call, 'renew'),
    ),
    on(
      'DELETE /v1/session',
      {
        ...frame,
        summary: 'Sign out here; also while the database is away',
        description: SIGNED_OUT,
        answers: { 202: null, 204: null },
      },
      async (call) => {
        const { outcome, cookies } = await sessions.signOut(call, { audience: audienceOf(call) })
        return empty(outcome === 'ended' ? 204 : 202, { cookies })
      },
    ),
    on(
      'GET /v1/forward-auth',
      {
        ...frame,
        summary: 'The same for reverse proxies, in headers',
        description: IN_HEADERS,
        query: ForwardQuery,
        answers: { ...verdicts, 400: ProblemShape },
        fast: (call) => forwardAuthAtOnce(sessions, call, plainAudience(applications, call.query)),
      },
      (call) => forwardAuth(sessions, call, audienceOfProxy(applications, call.query.audience)),
    ),
  ]
}

function keysAndFeed(options: SessionRoutesOptions): Route[] {
  const { sessions, applications } = options
  const tag = 'keys'
  return [
    on(
      'GET /.well-known/jwks.json',
      { tag, summary: 'Public keys of proofs, the next one included', answers: { 200: Keys } },
      () => json(200, sessions.keys.published(), { headers: { 'cache-control': 'public, max-age=60' } }),
    ),
    on(
      'GET /v1/signing-keys',
      {
        tag,
        summary: 'Signing keys and their states',
        guard: sessions.guards.staff('settings:read'),
        answers: { 200: KeyList },
      },
      () => json(200, { data: sessions.keys.list() }),
    ),
    on(
      'POST /v1/signing-key-rotations',
      {
        tag,
        summary: 'Sign with the next key from now on',
        guard: sessions.guards.staff('settings:write'),
        answers: { 201: Rotated },
      },
      async (call) => json(201, { kid: await sessions.keys.rotate(call.actor!.id, byCaller(call)) }),
    ),
    on(
      'GET /v1/feed',
      {
        tag,
        summary: 'Revocations and keys as they happen',
        description: FOLLOWED,
        security: callers.application.security,
        answers: { 200: FeedText, 401: ProblemShape },
        mediaType: 'text/event-stream',
      },
      (call) => {
        const { authorization } = call.headers
        const { id: application } = applications.authenticate(authorization)
        const from = positionOf(call.headers['last-event-id'])
        const mayRead = () => isGoodKey(applications, authorization)
        return events((stream) => startFeed(stream, { application, from, mayRead }, options))
      },
    ),
  ]
}

function isGoodKey(applications: ApplicationDirectory, authorization: string | undefined): boolean {
  try {
    applications.authenticate(authorization)
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return false
  }
}

async function verdict(sessions: Sessions, call: Call, proof: 'keep' | 'renew'): Promise<Answer> {
  const audience = audienceOf(call)
  const { answer, cookies } = await (proof === 'renew' ? sessions.refresh : sessions.prove)(call, { audience })
  return answer.verdict === 'valid' ? json(200, answer, { cookies }) : refusalOf(sessions, call, answer, audience)
}

/** A session that is known and a proof that is good: nearly always. */
function verdictAtOnce(sessions: Sessions, call: FastCall): FastAnswer | undefined {
  return call.query === '' ? sessions.proveAtOnce({ call }) : undefined
}

/** Only `invalid` may clear a cookie; and not for an older copy, whose newer one lies in the same jar. */
function refusalOf(
  sessions: Sessions,
  call: Call,
  answer: Exclude<SessionAnswer, { verdict: 'valid' }>,
  audience?: string,
): Answer {
  if (answer.verdict === 'unknown') {
    const detail =
      'Whether this browser is signed in is not known at this moment; nobody is signed out by this. Try again in a few seconds.'
    const body = { ...problem(503, 'sessions.unknown', detail), ...answer }
    return json(503, body, { headers: { ...PROBLEM_TYPE, 'retry-after': String(answer.retry_after_s) } })
  }
  const { reason } = answer
  const mayClear = reason !== 'superseded' && reason !== 'no_session' && reason !== 'wrong_audience'
  const body = { ...problem(401, `sessions.${reason}`, reasons[reason]), ...answer }
  return json(401, body, { headers: PROBLEM_TYPE, cookies: mayClear ? sessions.clearing(call, audience) : [] })
}

async function forwardAuth(
  sessions: Sessions,
  call: Call,
  { audience, application }: ReturnType<typeof audienceOfProxy>,
): Promise<Answer> {
  const proven = await sessions.prove(call, { audience })
  const answer = servedAt(proven.answer, application)
  if (answer.verdict !== 'valid') {
    const refused = refusalOf(sessions, call, answer)
    return {
      ...refused,
      headers: { ...refused.headers, 'holdfast-verdict': answer.verdict, 'holdfast-reason': answer.reason },
    }
  }
  const { session, source, age_ms } = answer
  return json(200, answer, { cookies: proven.cookies, headers: identityHeaders(session, source, age_ms) })
}

function forwardAuthAtOnce(
  sessions: Sessions,
  call: FastCall,
  asked: ReturnType<typeof plainAudience>,
): FastAnswer | undefined {
  const said = asked && sessions.proveAtOnce({ call, ...asked })
  return said && { json: said.json, headers: Object.entries(identityHeaders(said.session, 'cache', said.ageMs)).flat() }
}

function identityHeaders(session: Session, source: Source, ageMs: number): Record<string, string> {
  return {
    'holdfast-verdict': 'valid',
    'holdfast-user': session.user.id,
    'holdfast-session': session.id,
    // Empty rather than left out: a proxy that copies them must not pass on what a stranger sent.
    'holdfast-organization': session.organization_id ?? '',
    'holdfast-roles': session.roles.join(','),
    // A header is ASCII; an internationalised address is percent-encoded.
    'holdfast-email': encodeURI(session.user.email ?? ''),
    'holdfast-source': source,
    'holdfast-age-ms': String(ageMs),
  }
}
