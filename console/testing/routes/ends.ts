import type { Impersonation } from '../../app/api/wire/sessions.ts'
import { type Asked, is, newId, nothing, pageOf, problem, type Routes } from '../answer.ts'
import { endsOf } from '../world/ends.ts'
import { MINUTE_MS } from '../world/ids.ts'
import { personOf } from '../world/installation.ts'

export const STALE = 'Sign in again to do this: the last sign-in in this browser was more than 600 s ago.'
const STAFF = 'Nobody acts as somebody who works in the console. Ask them.'

/** Why somebody was signed out, and support that acts as somebody. */
export const ends: Routes = {
  'GET session-ends'(asked) {
    const { query, world } = asked
    const [user, id] = [query.get('user_id'), query.get('session_id')]
    if (id !== null) {
      const session = world.sessions.find((one) => one.id === id)
      return session
        ? [200, { ...endsOf(world, [session], query), still_live: [], next_cursor: null }]
        : nothing({ id })
    }
    const own = world.sessions.filter((one) => user === null || one.user.id === user)
    const live = user === null ? [] : own.filter(({ ended_at }) => ended_at === null)
    const [, page] = pageOf(endedAround(own, query), query) as [200, { data: typeof own; next_cursor: string | null }]
    const told = endsOf(world, page.data, query)
    return [200, { ...told, still_live: endsOf(world, live, query).data, next_cursor: page.next_cursor }]
  },
  'GET impersonations': ({ query, world }) =>
    pageOf(
      world.impersonations.filter(({ user, state }) => is(query, 'user_id', user.id) && is(query, 'state', state)),
      query,
    ),
  'POST impersonations'({ body, world, now, scene }) {
    const user = world.users.find(({ id }) => id === body.user_id)
    const self = world.users.find(({ id }) => id === world.self.user)
    if (!user || !self) return nothing({ id: String(body.user_id) })
    if (scene.condition === 'stale') return problem(403, 'sessions.stale', STALE, { max_age_s: 600 })
    if (user.is_administrator) return problem(403, 'identity.impersonation_of_staff', STAFF)
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
    return [201, { impersonation, url: `/impersonate/once-${impersonation.id}` }]
  },
  'DELETE impersonations'(asked) {
    const found = asked.world.impersonations.find(({ id }) => id === asked.id)
    if (!found) return nothing(asked)
    Object.assign(found, { state: 'ended', ended_at: asked.now.toISOString(), ended_by: asked.world.self.user })
    return [204]
  },
}

function endedAround(sessions: Asked['world']['sessions'], query: URLSearchParams) {
  const at = query.get('at')
  const aroundMs = Number(query.get('window_min') ?? 30) * MINUTE_MS
  return sessions
    .filter(({ ended_at }) => ended_at !== null)
    .filter(({ ended_at }) => at === null || Math.abs(Date.parse(ended_at!) - Date.parse(at)) < aroundMs)
    .toSorted((a, b) => b.ended_at!.localeCompare(a.ended_at!))
}
