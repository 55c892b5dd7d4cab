import type { Asked, Answer, Routes } from '../answer.ts'
import { invalid, matches, newId, nothing, pageOf, problem } from '../answer.ts'
import { ofUser } from './fail-over.ts'
import { DAY_MS } from '../world/ids.ts'
import { endSession } from '../world.ts'

const GRACE_DAYS = 14

/** Users, and what may be done about one. */
export const people: Routes = {
  'GET users'(asked) {
    const { id, under, query, world } = asked
    const user = world.users.find((one) => one.id === id)
    if (id && !user) return nothing(asked)
    const methods = user && ofUser(asked, 'GET')
    if (methods) return methods
    if (user && under === 'export') return exportOf(user, query)
    if (user) return [200, user]
    const state = query.get('state')
    const found = world.users
      .filter((one) => matches(query, one.id, one.name, one.email))
      .filter((one) => state === null || state === 'all' || one.state === state)
      .filter((one) => isMember(world, query.get('organization_id'), one.id))
    return pageOf(found, query)
  },
  'POST users'(asked) {
    const { id, body, world, now } = asked
    if (id) return asked.under === 'email-changes' ? changeEmail(asked) : (ofUser(asked, 'POST') ?? nothing(asked))
    const email = String(body.email ?? '')
    if (!email.includes('@')) return invalid('email', 'must match format "email"')
    if (world.users.some((one) => one.email === email)) {
      return problem(409, 'identity.email_taken', `There is an account with ${email} already.`)
    }
    const user = {
      ...world.users[1]!,
      id: newId('usr'),
      email,
      name: typeof body.name === 'string' && body.name !== '' ? body.name : null,
      created_at: now.toISOString(),
      last_sign_in_at: null,
      live_sessions: 0,
      is_administrator: false,
    }
    world.users.unshift(user)
    return [201, user]
  },
  'PATCH users': (asked) =>
    changed(asked, (user) => {
      const { metadata_public, metadata_private, ...profile } = asked.body
      Object.assign(user, profile)
      user.metadata_public = merged(user.metadata_public, metadata_public)
      user.metadata_private = merged(user.metadata_private, metadata_private)
    }),
  'PUT users': (asked) =>
    changed(asked, (user) => {
      user.state = 'blocked'
      user.blocked_at = asked.now.toISOString()
      user.blocked_reason = String(asked.body.reason ?? '')
      endAll(asked)
    }),
  'DELETE users'(asked) {
    const { id, under, world, now } = asked
    const user = world.users.find((one) => one.id === id)
    if (!user) return nothing(asked)
    const way = ofUser(asked, 'DELETE')
    if (way) return way
    if (under === 'sessions') return [200, { ended: endAll(asked) }]
    if (under === 'block') Object.assign(user, { state: 'active', blocked_at: null, blocked_reason: null })
    else if (under === 'deletion') Object.assign(user, { state: 'active', deletes_at: null })
    else {
      endAll(asked)
      user.state = 'deleting'
      user.deletes_at = new Date(now.getTime() + GRACE_DAYS * DAY_MS).toISOString()
      return [202, { deletes_at: user.deletes_at }]
    }
    return [200, user]
  },
}

/** As access merges it: by the top-level names, and null takes one out. */
function merged(kept: Record<string, unknown>, said: unknown): Record<string, unknown> {
  const all = Object.entries({ ...kept, ...(said as Record<string, unknown> | undefined) })
  return Object.fromEntries(all.filter(([, value]) => value !== null))
}

function changeEmail({ body, world, now }: Asked): Answer {
  const isTaken = world.users.some(({ email }) => email === body.email)
  if (isTaken) return problem(409, 'identity.email_taken', 'There is an account with this address. Use another one.')
  return [202, { id: newId('chg'), expires_at: new Date(now.getTime() + DAY_MS).toISOString() }]
}

function exportOf(user: Asked['world']['users'][number], query: URLSearchParams): Answer {
  if (query.get('format') === 'html') return [200, `<!doctype html><title>${user.email}</title>`, 'text/html']
  return [200, { made_at: new Date().toISOString(), user_id: user.id, incomplete: [], sections: { profile: user } }]
}

function isMember(world: Asked['world'], organizationId: string | null, userId: string): boolean {
  if (organizationId === null) return true
  return world.memberships.some(({ organization, user }) => organization.id === organizationId && user.id === userId)
}

function changed(asked: Asked, change: (user: Asked['world']['users'][number]) => void): Answer {
  const user = asked.world.users.find((one) => one.id === asked.id)
  if (!user) return nothing(asked)
  change(user)
  return [200, user]
}

function endAll({ id, world, now }: Asked): number {
  const live = world.sessions.filter((one) => one.user.id === id && !one.ended_at)
  for (const one of live) endSession(world, one, { reason: 'revoked', atMs: now.getTime(), by: world.self.user })
  return live.length
}
