import type { Application, Brand } from '../../app/api/wire/applications.ts'
import type { Scope } from '../../app/api/wire/scopes.ts'
import type { Token, TokenKind } from '../../app/api/wire/tokens.ts'
import {
  type Answer,
  type Asked,
  invalid,
  is,
  matches,
  newId,
  nothing,
  pageOf,
  problem,
  type Routes,
} from '../answer.ts'
import { noBrand } from '../world/applications.ts'
import { DAY_MS, MINUTE_MS } from '../world/ids.ts'

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
      found.previous_key_valid_until = body.revoke_previous ? null : new Date(now.getTime() + DAY_MS).toISOString()
      found.key_created_at = at
      return [201, { application: found, key: SECRET, previous_key_valid_until: found.previous_key_valid_until }]
    }
    const name = String(body.name ?? '').trim()
    if (name === '') return invalid('name', 'must NOT have fewer than 1 characters')
    const origins = (body.origins as string[] | undefined) ?? []
    const taken = world.applications.find((one) => one.origins.some((origin) => origins.includes(origin)))
    if (taken) {
      const detail = `The origin ${origins[0]} belongs to the application ${taken.id}. Take it away there first.`
      return problem(409, 'applications.origin_taken', detail)
    }
    const newborn = newId('app')
    const made: Application = {
      on_unknown: { policy: 'serve', max_age_s: 24 * 3600 },
      brand: noBrand,
      ...body,
      id: newborn,
      name,
      audience: newborn,
      origins,
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
    if (!found) return nothing(asked)
    const { brand, ...rest } = asked.body as Partial<Application>
    const refused = brand && refusedLogo(brand)
    return refused ?? [200, Object.assign(found, rest, { brand: { ...found.brand, ...brand } })]
  },
  'DELETE applications'(asked) {
    const { world, id } = asked
    if (!world.applications.some((one) => one.id === id)) return nothing(asked)
    world.applications = world.applications.filter((one) => one.id !== id)
    return [204]
  },

  'POST brand-previews'({ body, now }) {
    const { brand, page, language } = body as { brand: Brand; page: string; language: string }
    const ticket = [page, language, brand.name, brand.accent?.hue].filter((each) => each != null).join(' ')
    const expiresAt = new Date(now.getTime() + 5 * MINUTE_MS).toISOString()
    return refusedLogo(brand) ?? [201, { url: `/brand-previews/${encodeURIComponent(ticket)}`, expires_at: expiresAt }]
  },

  'GET tokens'(asked) {
    const { id, query, world } = asked
    if (id) {
      const found = world.tokens.find((one) => one.id === id)
      return found ? [200, found] : nothing(asked)
    }
    return pageOf(
      world.tokens.filter(({ state }) => query.get('state') === 'all' || is(query, 'state', state)),
      query,
    )
  },
  'POST tokens': (asked) => makeToken(asked, 'machine'),
  'POST browser-tokens': (asked) => makeToken(asked, 'browser'),
  'DELETE tokens'(asked) {
    const found = asked.world.tokens.find(({ id }) => id === asked.id)
    if (!found) return nothing(asked)
    Object.assign(found, { state: 'revoked', revoked_at: asked.now.toISOString(), revoked_by: asked.world.self.user })
    return [204]
  },
}

/** As access words it: what cannot be kept, and at which field. */
function refusedLogo({ logo_svg: logo }: Partial<Brand>): Answer | undefined {
  if (!logo?.includes('<script')) return undefined
  const says = 'Take <script> out of the logo: only shapes, paths and gradients are kept.'
  return problem(400, 'applications.bad_brand', `This brand cannot be taken: ${says}`, { at: 'logo_svg', says })
}

function makeToken({ body, world, now }: Asked, kind: TokenKind): Answer {
  const name = String(body.name ?? '').trim()
  if (name === '') return invalid('name', 'must NOT have fewer than 1 characters')
  const days = body.expires_in_days as number | undefined
  const made: Token = {
    id: newId('tok'),
    name,
    kind,
    hint: 'vZ1c',
    scopes: (body.scopes ?? []) as Scope[],
    origins: (body.origins ?? []) as string[],
    created_at: now.toISOString(),
    created_by: world.self.user,
    expires_at: days ? new Date(now.getTime() + days * DAY_MS).toISOString() : null,
    last_used_at: null,
    revoked_at: null,
    revoked_by: null,
    state: 'live',
  }
  world.tokens.unshift(made)
  return [201, { token: made, secret: SECRET.replace('_app_', kind === 'browser' ? '_browser_' : '_tok_') }]
}
