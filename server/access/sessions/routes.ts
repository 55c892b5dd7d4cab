import { Type } from 'typebox'
import { headers, reasons, type SessionAnswer } from '../../../sdk/contract.ts'
import type { ApplicationDirectory } from '../../ground/applications/index.ts'
import { type Answer, type Call, empty, events, json, on, problem, type Route } from '../../platform/http/index.ts'
import { Invalid, KeyList, Keys, ProblemShape, SessionList, Unknown, Valid } from './answers.ts'
import { type FeedOptions, positionOf, startFeed } from './feed.ts'
import { audienceOf } from './guards.ts'
import type { Sessions } from './open-sessions.ts'
import { refuse } from './refusals.ts'
import type { SessionRow } from './session.ts'

const LIST_MAX = 200
const LIST_DEFAULT = 50
const PROBLEM_TYPE = { 'content-type': 'application/problem+json; charset=utf-8' }

export interface SessionRoutesOptions extends Omit<FeedOptions, 'sessions'> {
  sessions: Sessions
  applications: ApplicationDirectory
}

const verdicts = { 200: Valid, 401: Invalid, 503: Unknown }
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) })
const ListQuery = Type.Object({
  user_id: Type.Optional(Type.String({ maxLength: 64 })),
  state: Type.Optional(Type.Union(['live', 'ended', 'all'].map((state) => Type.Literal(state)))),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIST_MAX })),
  cursor: Type.Optional(Type.String({ maxLength: 64 })),
})

/** The HTTP face of sessions, as a table. */
export function sessionRoutes(options: SessionRoutesOptions): Route[] {
  const { sessions, applications } = options
  const { requirePerson: person, requireAdministrator: administrator } = sessions
  const tag = 'sessions'
  return [
    on(
      'GET /v1/session',
      { tag, summary: 'Is this browser signed in? valid, invalid or unknown', answers: verdicts },
      (call) => verdict(sessions, call, 'keep'),
    ),
    on('POST /v1/session/refresh', { tag, summary: 'The verdict, with a fresh proof', answers: verdicts }, (call) =>
      verdict(sessions, call, 'renew'),
    ),
    on(
      'DELETE /v1/session',
      { tag, summary: 'Sign out here; 202 while the database is away', answers: { 202: null, 204: null } },
      async (call) => {
        const { outcome, cookies } = await sessions.signOut(call, { audience: audienceOf(call) })
        return empty(outcome === 'ended' ? 204 : 202, { cookies })
      },
    ),
    on('GET /v1/forward-auth', { tag, summary: 'For reverse proxies: 200, 401 or 503', answers: verdicts }, (call) =>
      forwardAuth(sessions, call),
    ),
    on(
      'GET /v1/sessions',
      {
        tag,
        summary: 'One’s own sessions; in the console, everybody’s',
        guard: person,
        query: ListQuery,
        answers: { 200: SessionList, 401: ProblemShape },
      },
      (call) => listSessions(sessions, call),
    ),
    on(
      'GET /v1/sessions/{id}',
      {
        tag,
        summary: 'One session, live or ended',
        guard: person,
        params: Id,
        answers: { 200: SessionList.properties.data.items, 404: ProblemShape },
      },
      async (call) => {
        const row = await reachable(sessions, call, call.params.id)
        return json(200, listed(row, call))
      },
    ),
    on(
      'DELETE /v1/sessions/{id}',
      {
        tag,
        summary: 'End a session; its app is told within seconds',
        guard: person,
        params: Id,
        answers: { 204: null, 404: ProblemShape },
      },
      (call) => deleteSession(sessions, call),
    ),
    on(
      'DELETE /v1/users/{id}/sessions',
      {
        tag,
        summary: 'End all sessions of a person',
        guard: administrator,
        params: Id,
        answers: { 200: Type.Object({ ended: Type.Integer() }) },
      },
      async (call) => {
        const ended = await sessions.endAll({ userId: call.params.id, reason: 'revoked', by: call.actor!.userId })
        return json(200, { ended })
      },
    ),
    on(
      'GET /.well-known/jwks.json',
      { tag, summary: 'Public keys of proofs, the next one included', answers: { 200: Keys } },
      () => json(200, sessions.keys.published(), { headers: { 'cache-control': 'public, max-age=60' } }),
    ),
    on(
      'GET /v1/signing-keys',
      { tag, summary: 'Signing keys and their states', guard: administrator, answers: { 200: KeyList } },
      () => json(200, { data: sessions.keys.list() }),
    ),
    on(
      'POST /v1/signing-key-rotations',
      {
        tag,
        summary: 'Sign with the next key from now on',
        guard: administrator,
        answers: { 201: Type.Object({ kid: Type.String() }) },
      },
      async (call) => json(201, { kid: await sessions.keys.rotate(call.actor!.userId) }),
    ),
    on(
      'GET /v1/feed',
      { tag, summary: 'Revocations and keys as they happen (text/event-stream); resume with Last-Event-ID' },
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
    userId: actor.isAdministrator ? call.query.user_id : actor.userId,
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
  const { userId, sessionId, isAdministrator } = call.actor!
  const own = row.id === sessionId ? 'signed_out' : 'signed_out_elsewhere'
  const reason = row.user_id === userId && !isAdministrator ? own : 'revoked'
  await sessions.end({ sessionId: row.id, reason, by: userId })
  return empty(204, { cookies: row.id === sessionId ? sessions.clearing(call, call.headers[headers.audience]) : [] })
}

/** Somebody else's session and none at all get the same answer. */
async function reachable(sessions: Sessions, call: Call, id: string): Promise<SessionRow> {
  const row = await sessions.find(id)
  const { userId, isAdministrator } = call.actor!
  if (!row || (row.user_id !== userId && !isAdministrator)) throw refuse('not_found', { id: id.replace(/[^\w]/g, '') })
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
