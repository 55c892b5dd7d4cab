import type { EndList, Impersonation, SessionEnd, Verifiers } from '../../app/api/wire/sessions.ts'
import type { SessionRow } from '../../app/api/wire.ts'
import { is, newId, nothing, pageOf, type Routes } from '../answer.ts'
import { personOf } from '../world/installation.ts'
import { DAY_MS, HOUR_MS } from '../world/ids.ts'
import { reasonSaid } from '../world.ts'

const WINDOW_MS = HOUR_MS / 2

/** Why somebody was signed out, and support that acts as somebody. */
export const ends: Routes = {
  'GET session-ends'({ query, world }) {
    const theirs = world.sessions.filter(({ id, user }) => is(query, 'user_id', user.id) && is(query, 'session_id', id))
    const ended = theirs.filter(({ ended_at }) => ended_at !== null)
    const [, page] = pageOf(ended.map(endOf), query) as [200, Pick<EndList, 'data' | 'next_cursor'>]
    const live = query.has('user_id') ? theirs.filter(({ ended_at }) => ended_at === null).map(endOf) : []
    return [200, { ...page, still_live: live, episodes: [] } satisfies EndList]
  },
  'GET impersonations': ({ query, world }) =>
    pageOf(
      world.impersonations.filter(({ user, state }) => is(query, 'user_id', user.id) && is(query, 'state', state)),
      query,
    ),
  'POST impersonations'({ body, world, now }) {
    const user = world.users.find(({ id }) => id === body.user_id)
    const self = world.users.find(({ id }) => id === world.self.user)
    if (!user || !self) return nothing({ id: String(body.user_id) })
    const impersonation: Impersonation = {
      id: newId('imp'),
      user: personOf(user),
      staff: { id: self.id, name: self.name },
      audience: String(body.application_id ?? 'account'),
      reason: String(body.reason),
      minutes: Number(body.minutes),
      state: 'waiting',
      created_at: now.toISOString(),
      started_at: null,
      ends_at: null,
      ended_at: null,
      ended_by: null,
      session_id: null,
    }
    world.impersonations.unshift(impersonation)
    return [201, { impersonation, url: '/account' }]
  },
  'DELETE impersonations'(asked) {
    const found = asked.world.impersonations.find(({ id }) => id === asked.id)
    if (!found) return nothing(asked)
    Object.assign(found, { state: 'ended', ended_at: asked.now.toISOString(), ended_by: asked.world.self.user })
    return [204]
  },
}

function endOf(session: SessionRow): SessionEnd {
  const { ended_at, ended_by, end_reason, user } = session
  return {
    session_id: session.id,
    user,
    audience: session.audience,
    began_at: session.created_at,
    last_seen_at: session.last_seen_at,
    ended_at,
    reason: end_reason,
    sentence: end_reason ? reasonSaid[end_reason] : 'This session is live: nobody was signed out of it.',
    ended_by: ended_by === null ? null : whoEnded(ended_by, user.id),
    device: { name: session.device.name ?? 'Unknown device', address: session.device.address ?? '' },
    idle_after_s: (14 * DAY_MS) / 1000,
    is_usual: true,
    verifiers: verifiersAt(ended_at ?? session.last_seen_at),
  }
}

function whoEnded(id: string, personId: string): SessionEnd['ended_by'] {
  if (id === 'holdfast') return { kind: 'holdfast', id, label: 'Holdfast', device: null }
  if (id === personId) return { kind: 'person', id, label: 'The person', device: 'Firefox on Linux' }
  return { kind: 'staff', id, label: 'Ana Duarte', device: null }
}

/** A quiet hour: access and one application, of one mind. */
function verifiersAt(at: string): Verifiers {
  const window = { from: around(at, -WINDOW_MS), to: around(at, WINDOW_MS) }
  const verdicts: Verifiers['access'][number]['verdicts'] = [
    { verdict: 'valid', reason: null, source: 'proof', count: 3120 },
    { verdict: 'invalid', reason: 'no_session', source: null, count: 41 },
  ]
  return {
    window,
    access: [{ process: 'access-1', verdicts, vanished: 0, database_away_ms: 0 }],
    applications: [
      {
        application: { id: 'app_demo', name: 'Acme Notes' },
        instances: [{ name: 'notes-1', verdicts, lag_ms: 40, access_away_ms: 0, reported_at: window.to }],
      },
    ],
    outages: [],
  }
}

function around(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString()
}
