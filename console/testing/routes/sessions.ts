import { is, nothing, pageOf, type Routes } from '../answer.ts'
import { endSession } from '../world.ts'

/** Who is signed in, where and since when. */
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
}
