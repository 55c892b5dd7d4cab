import { headers, reasons, type SessionAnswer } from '../../../sdk/contract.ts'
import type { ApplicationDirectory } from '../../ground/applications/index.ts'
import { callers } from '../../ground/documentation/index.ts'
import {
  type Answer,
  type Call,
  empty,
  events,
  json,
  on,
  ProblemShape,
  problem,
  type Route,
} from '../../platform/http/index.ts'
import {
  Ended,
  FeedText,
  Id,
  Invalid,
  KeyList,
  Keys,
  ListQuery,
  Rotated,
  SessionList,
  SessionListRow,
  Unknown,
  UserId,
  Valid,
} from './answers.ts'
import { type FeedOptions, positionOf, startFeed } from './feed.ts'
import { audienceOf } from './guards.ts'
import type { Sessions } from './open-sessions.ts'
import { refuse } from './refusals.ts'
import type { SessionRow } from './session.ts'

const LIST_DEFAULT = 50
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
  'The answer is in headers too: `holdfast-verdict` always; `holdfast-user`, `holdfast-session`, `holdfast-email`, `holdfast-source` and `holdfast-age-ms` when it is valid; `holdfast-reason` when it is not.'
const FOLLOWED =
  'A stream of events. First what was missed since `Last-Event-ID`, then everything as it happens. What a verifier knows is as old as the `at` of the newest sync.'

/** The HTTP face of sessions, as a table. */
export const sessionRoutes = (options: SessionRoutesOptions): Route[] => [
  ...thisSession(options.sessions),
  ...manySessions(options.sessions),
  ...keysAndFeed(options),
]

function thisSession(sessions: Sessions): Route[] {
  const frame = { tag: 'session', security: callers.anyBrowser.security }
  return [
    on(
      'GET /v1/session',
      { ...frame, summary: 'Is this browser signed in?', description: RENEWED, answers: verdicts },
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
      { ...frame, summary: 'The same for reverse proxies, in headers', description: IN_HEADERS, answers: verdicts },
      (call) => forwardAuth(sessions, call),
    ),
  ]
}

function manySessions(sessions: Sessions): Route[] {
  const frame = { tag: 'sessions', guard: sessions.guards.personOrStaff('sessions:read') }
  return [
    on(
      'GET /v1/sessions',
      {
        ...frame,
        summary: 'One’s own sessions; in the console, everybody’s',
        query: ListQuery,
        answers: { 200: SessionList, 401: ProblemShape },
      },
      (call) => listSessions(sessions, call),
    ),
    on(
      'GET /v1/sessions/{id}',
      {
        ...frame,
        summary: 'One session, live or ended',
        params: Id,
        answers: { 200: SessionListRow, 404: ProblemShape },
      },
      async (call) => json(200, listed(await reachable(sessions, call, call.params.id), call)),
    ),
    on(
      'DELETE /v1/sessions/{id}',
      {
        ...frame,
        summary: 'End a session; its app is told within seconds',
        guard: sessions.guards.personOrStaff('sessions:write'),
        params: Id,
        answers: { 204: null, 404: ProblemShape },
      },
      (call) => deleteSession(sessions, call),
    ),
    on(
      'DELETE /v1/users/{id}/sessions',
      {
        tag: 'sessions',
        summary: 'End all sessions of a person',
        guard: sessions.guards.staff('sessions:write'),
        params: UserId,
        answers: { 200: Ended },
      },
      async (call) => {
        const ended = await sessions.endAll({ userId: call.params.id, reason: 'revoked', by: call.actor!.id })
        return json(200, { ended })
      },
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
      async (call) => json(201, { kid: await sessions.keys.rotate(call.actor!.id) }),
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
        const { id: application } = applications.authenticate(call.headers.authorization)
        const from = positionOf(call.headers['last-event-id'])
        return events((stream) => startFeed(stream, { application, from }, options))
      },
    ),
  ]
}

async function verdict(sessions: Sessions, call: Call, proof: 'keep' | 'renew'): Promise<Answer> {
  const audience = audienceOf(call)
  const { answer, cookies } = await (proof === 'renew' ? sessions.refresh : sessions.prove)(call, { audience })
  return answer.verdict === 'valid' ? json(200, answer, { cookies }) : refusalOf(sessions, call, answer, audience)
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

async function forwardAuth(sessions: Sessions, call: Call): Promise<Answer> {
  const { answer, cookies } = await sessions.prove(call)
  if (answer.verdict !== 'valid') {
    const refused = refusalOf(sessions, call, answer)
    return {
      ...refused,
      headers: { ...refused.headers, 'holdfast-verdict': answer.verdict, 'holdfast-reason': answer.reason },
    }
  }
  const { session, source, age_ms } = answer
  return json(200, answer, {
    cookies,
    headers: {
      'holdfast-verdict': 'valid',
      'holdfast-user': session.user.id,
      'holdfast-session': session.id,
      // A header is ASCII; an internationalised address is percent-encoded.
      'holdfast-email': encodeURI(session.user.email ?? ''),
      'holdfast-source': source,
      'holdfast-age-ms': String(age_ms),
    },
  })
}

async function listSessions(
  sessions: Sessions,
  call: Call<unknown, { user_id?: string; state?: string; limit?: number; cursor?: string }>,
): Promise<Answer> {
  const actor = call.actor!
  const { limit = LIST_DEFAULT, state = 'live', cursor } = call.query
  if (cursor !== undefined && !/^ses_[0-9a-z]{1,40}$/.test(cursor)) throw refuse('bad_cursor')
  const rows = await sessions.list({
    // A person sees their own, whatever they ask for.
    userId: actor.isStaff ? call.query.user_id : actor.id,
    state: state as 'live' | 'ended' | 'all',
    beforeId: cursor,
    limit: limit + 1,
  })
  const data = rows.slice(0, limit)
  return json(200, {
    data: data.map((row) => listed(row, call)),
    next_cursor: rows.length > limit ? data.at(-1)!.id : null,
  })
}

async function deleteSession(sessions: Sessions, call: Call<unknown, unknown, { id: string }>): Promise<Answer> {
  const row = await reachable(sessions, call, call.params.id)
  const { id, sessionId, isStaff } = call.actor!
  const own = row.id === sessionId ? 'signed_out' : 'signed_out_elsewhere'
  const reason = row.user_id === id && !isStaff ? own : 'revoked'
  await sessions.end({ sessionId: row.id, reason, by: id })
  return empty(204, { cookies: row.id === sessionId ? sessions.clearing(call, call.headers[headers.audience]) : [] })
}

/** Somebody else's session and none at all get the same answer. */
async function reachable(sessions: Sessions, call: Call, id: string): Promise<SessionRow> {
  const row = await sessions.find(id)
  const { id: asker, isStaff } = call.actor!
  if (!row || (row.user_id !== asker && !isStaff)) throw refuse('no_such_session', { id: id.replace(/[^\w]/g, '') })
  return row
}

function listed(row: SessionRow, call: Call) {
  return {
    id: row.id,
    user: { id: row.user_id, email: row.person.email, name: row.person.name },
    audience: row.audience,
    created_at: row.created_at,
    authenticated_at: row.authenticated_at,
    last_seen_at: row.last_seen_at,
    expires_at: row.expires_at,
    ended_at: row.ended_at,
    end_reason: row.end_reason,
    ended_by: row.ended_by,
    device: row.device,
    is_current: row.id === call.actor?.sessionId,
  }
}
