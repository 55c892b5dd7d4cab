import { is, newId, nothing, pageOf, type Routes } from '../answer.ts'
import { personOf } from '../world/installation.ts'
import { endSession, reasonSaid } from '../world.ts'

/** Sessions, why they ended, and support that acts as somebody. */
export const sessions: Routes = {
  'GET sessions'(asked) {
    const { id, query, world } = asked
    if (id) {
      const session = world.sessions.find((one) => one.id === id)
      return session ? [200, session] : nothing(asked)
    }
    const state = query.get('state') ?? 'live'
    const [from, to] = [query.get('from') ?? '', query.get('to') ?? '9']
    const found = world.sessions
      .filter(({ user }) => is(query, 'user_id', user.id))
      .filter(
        ({ organization_id, audience }) =>
          is(query, 'organization_id', organization_id) && is(query, 'audience', audience),
      )
      .filter(({ created_at }) => created_at >= from && created_at < to)
      .filter(({ ended_at }) => state === 'all' || (state === 'ended') === (ended_at !== null))
      .toSorted((a, b) => b.created_at.localeCompare(a.created_at))
    return pageOf(found, query)
  },
  'DELETE sessions'(asked) {
    const session = asked.world.sessions.find((one) => one.id === asked.id)
    if (!session) return nothing(asked)
    endSession(asked.world, session, { reason: 'revoked', atMs: asked.now.getTime(), by: asked.world.self.user })
    return [204]
  },
  'GET session-ends'({ query, world }) {
    const ends = world.sessions
      .filter(({ ended_at }) => ended_at !== null)
      .filter(({ id, user }) => is(query, 'user_id', user.id) && is(query, 'session_id', id))
      .map((session) => ({
        session,
        ended_at: session.ended_at,
        reason: session.end_reason,
        text: session.end_reason ? reasonSaid[session.end_reason] : 'No reason was recorded.',
        by: { kind: 'person', id: session.ended_by, label: null },
        verifiers: [{ application: 'app_demo', at: session.ended_at, verdict: 'invalid', lag_s: 0.4 }],
      }))
    return pageOf(ends, query)
  },
  'GET impersonations': ({ query, world }) => pageOf(world.impersonations, query),
  'POST impersonations'(asked) {
    const { body, world, now } = asked
    const user = world.users.find(({ id }) => id === body.user_id)
    const self = world.users.find(({ id }) => id === world.self.user)
    if (!user || !self) return nothing({ id: String(body.user_id) })
    const impersonation = {
      id: newId('imp'),
      user: personOf(user),
      impersonator: personOf(self),
      application_id: (body.application_id as string | undefined) ?? null,
      reason: String(body.reason),
      created_at: now.toISOString(),
      expires_at: new Date(now.getTime() + Number(body.minutes) * 60_000).toISOString(),
      ended_at: null,
    }
    world.impersonations.unshift(impersonation)
    return [201, { impersonation, url: '/account' }]
  },
  'DELETE impersonations'(asked) {
    const found = asked.world.impersonations.find(({ id }) => id === asked.id)
    if (!found) return nothing(asked)
    found.ended_at = asked.now.toISOString()
    return [204]
  },
}
