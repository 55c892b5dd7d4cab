import type { Scope } from '../../app/api/wire/scopes.ts'
import { invalid, matches, newId, nothing, pageOf, type Routes } from '../answer.ts'
import { DAY_MS } from '../world/ids.ts'

/** Looks like a key and opens nothing. */
const SECRET = 'hf_production_app_notARealKey7Q2M4KX9wLm2T8bR5vZ1c'

/** Applications with their keys, and tokens of programs. */
export const applications: Routes = {
  'GET applications'(asked) {
    const { id, query, world } = asked
    if (id) {
      const found = world.applications.find((one) => one.id === id)
      return found ? [200, found] : nothing(asked)
    }
    return pageOf(
      world.applications.filter((one) => matches(query, one.id, one.name)),
      query,
    )
  },
  'POST applications'(asked) {
    const { id, under, body, world, now } = asked
    const at = now.toISOString()
    if (id) {
      const found = world.applications.find((one) => one.id === id)
      if (!found || under !== 'key-rotations') return nothing(asked)
      found.previous_key_valid_until = new Date(now.getTime() + DAY_MS).toISOString()
      found.key_created_at = at
      return [201, { application: found, key: SECRET, previous_key_valid_until: found.previous_key_valid_until }]
    }
    const name = String(body.name ?? '').trim()
    if (name === '') return invalid('name', 'must NOT have fewer than 1 characters')
    const made = {
      ...world.applications[0]!,
      ...body,
      id: newId('app'),
      name,
      audience: newId('app'),
      origins: (body.origins as string[] | undefined) ?? [],
      key_hint: '…R5vZ',
      key_created_at: at,
      previous_key_valid_until: null,
      created_at: at,
      updated_at: at,
      live_sessions: 0,
    }
    world.applications.unshift(made)
    return [201, { application: made, key: SECRET }]
  },
  'PATCH applications'(asked) {
    const found = asked.world.applications.find(({ id }) => id === asked.id)
    return found ? [200, Object.assign(found, asked.body)] : nothing(asked)
  },
  'DELETE applications'(asked) {
    const { world, id } = asked
    if (!world.applications.some((one) => one.id === id)) return nothing(asked)
    world.applications = world.applications.filter((one) => one.id !== id)
    return [204]
  },

  'GET tokens'(asked) {
    const { id, query, world } = asked
    if (id) {
      const found = world.tokens.find((one) => one.id === id)
      return found ? [200, found] : nothing(asked)
    }
    return pageOf(
      world.tokens.filter((one) => matches(query, one.id, one.name)),
      query,
    )
  },
  'POST tokens'({ body, world, now }) {
    const name = String(body.name ?? '').trim()
    if (name === '') return invalid('name', 'must NOT have fewer than 1 characters')
    const days = body.expires_in_days as number | undefined
    const made = {
      id: newId('tok'),
      name,
      hint: 'vZ1c',
      scopes: body.scopes as Scope[],
      created_at: now.toISOString(),
      created_by: world.self.user,
      expires_at: days ? new Date(now.getTime() + days * DAY_MS).toISOString() : null,
      last_used_at: null,
      revoked_at: null,
      revoked_by: null,
      state: 'live' as const,
    }
    world.tokens.unshift(made)
    return [201, { token: made, secret: SECRET.replace('_app_', '_tok_') }]
  },
  'DELETE tokens'(asked) {
    const found = asked.world.tokens.find(({ id }) => id === asked.id)
    if (!found) return nothing(asked)
    Object.assign(found, { state: 'revoked', revoked_at: asked.now.toISOString(), revoked_by: asked.world.self.user })
    return [204]
  },
}
