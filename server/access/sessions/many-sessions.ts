import { headers } from '../../../sdk/contract.ts'
import { byCaller } from '../../ground/audit/index.ts'
import { type Answer, type Call, empty, json, on, ProblemShape, type Route } from '../../platform/http/index.ts'
import { idAt } from '../../platform/id.ts'
import { once } from '../../platform/idempotency.ts'
import { Ended, Id, ListQuery, SessionList, SessionListRow, UserId } from './answers.ts'
import type { Sessions } from './open-sessions.ts'
import { refuse } from './refusals.ts'
import type { SessionRow } from './session.ts'

const LIST_DEFAULT = 50

/** Lists of sessions, and their ends, as a table. */
export function manySessions(sessions: Sessions): Route[] {
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
        isIdempotent: true,
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
        description: 'In portions, however many there are. Sent again it ends what has begun meanwhile.',
        guard: sessions.guards.staff('sessions:write'),
        params: UserId,
        answers: { 200: Ended },
      },
      async (call) => {
        const { id: by, sessionId } = call.actor!
        const caller = byCaller(call)
        const order = { userId: call.params.id, reason: 'revoked', by, inSessionId: sessionId, caller } as const
        return json(200, { ended: await sessions.endAll(order) })
      },
    ),
  ]
}

interface Asked {
  user_id?: string
  organization_id?: string
  audience?: string
  state?: string
  from?: string
  to?: string
  limit?: number
  cursor?: string
}

async function listSessions(sessions: Sessions, call: Call<unknown, Asked>): Promise<Answer> {
  const actor = call.actor!
  const { limit = LIST_DEFAULT, state = 'live', cursor, organization_id, audience, from, to } = call.query
  if (cursor !== undefined && !/^ses_[0-9a-z]{1,40}$/.test(cursor)) throw refuse('bad_cursor')
  // An id begins with its time: what began before an instant needs no index of its own.
  const until = to === undefined ? undefined : idAt('ses', new Date(to))
  const rows = await sessions.list({
    // A person sees their own, whatever they ask for.
    userId: actor.isStaff ? call.query.user_id : actor.id,
    organizationId: organization_id,
    audience,
    state: state as 'live' | 'ended' | 'all',
    fromId: from === undefined ? undefined : idAt('ses', new Date(from)),
    beforeId: cursor !== undefined && (until === undefined || cursor < until) ? cursor : until,
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
  const end = { sessionId: row.id, reason, by: id, inSessionId: sessionId, caller: byCaller(call) } as const
  let tell = async () => {}
  const answer = await once(sessions.once, call, async (db) => {
    const ended = await sessions.endWithin(db, end)
    tell = ended.tell
    return empty(204)
  })
  await tell()
  const cookies = row.id === sessionId ? sessions.clearing(call, call.headers[headers.audience]) : []
  return { ...answer, cookies }
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
    organization_id: row.organization_id,
    impersonator: row.impersonator,
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
