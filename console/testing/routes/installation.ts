import type { Range } from '../../app/api/wire/statistics.ts'
import { isStaffRole } from '../../app/api/wire/scopes.ts'
import type { Found } from '../../app/api/wire/installation.ts'
import { type Asked, is, matches, nothing, pageOf, problem, type Routes } from '../answer.ts'
import { personOf, settings } from '../world/installation.ts'
import { emptyStatistics, makeStatistics } from '../world/statistics.ts'
import { rotateKeys } from '../world.ts'

const CODES = 10
const FOUND_MAX = 12

/** What the installation tells of itself: audit, statistics, search, staff, backups, settings, keys. */
export const installation: Routes = {
  'GET signing-keys': ({ world }) => [200, { data: world.keys }],
  'POST signing-key-rotations'({ world, now }) {
    rotateKeys(world, now.getTime())
    return [201, {}]
  },

  'GET audit'(asked) {
    const { id, query, world } = asked
    if (id === 'seal') return [200, world.seal]
    if (id === 'export')
      return [200, world.audit.map((entry) => JSON.stringify(entry)).join('\n'), 'application/x-ndjson']
    const entry = world.audit.find((one) => one.id === id)
    if (id) return entry ? [200, entry] : nothing(asked)
    const [from, to] = [query.get('from') ?? '', query.get('to') ?? '9']
    const found = world.audit
      .filter((one) => is(query, 'actor', one.actor.id) || is(query, 'actor', one.impersonator?.id))
      .filter((one) => is(query, 'subject', one.subject.id) && is(query, 'action', one.action))
      .filter((one) => is(query, 'organization_id', one.organization_id) && one.at >= from && one.at < to)
    return pageOf(found, query)
  },

  'GET statistics'({ query, world, now }) {
    const range = (query.get('range') ?? 'hour') as Range
    if (world.users.length === 0) return [200, emptyStatistics(range, now.getTime())]
    return [200, makeStatistics(range, now.getTime(), query.get('organization_id') ? 0.08 : 1)]
  },
  'GET search': (asked) => [200, { data: search(asked) }],

  'GET staff': ({ world, query }) => pageOf(world.staff, query),
  'PUT staff'(asked) {
    const { id, body, world, now } = asked
    const user = world.users.find((one) => one.id === id)
    if (!user) return nothing(asked)
    const role = String(body.role)
    if (!isStaffRole(role)) return problem(400, 'platform.invalid', 'The role is administrator or support.')
    const before = world.staff.find((one) => one.user.id === id)
    if (before && isLastAdministrator(asked) && role !== 'administrator') return lastStays
    if (before) before.role = role
    else {
      const at = now.toISOString()
      world.staff.push({ user: personOf(user), role, created_at: at, created_by: world.self.user })
    }
    return [200, world.staff.find((one) => one.user.id === id)]
  },
  'DELETE staff'(asked) {
    const { id, world } = asked
    if (!world.staff.some((one) => one.user.id === id)) return nothing(asked)
    if (isLastAdministrator(asked)) return lastStays
    world.staff = world.staff.filter((one) => one.user.id !== id)
    return [204]
  },
  'GET break-glass-codes': ({ world }) => [200, { sets: world.codeSets }],
  'POST break-glass-codes'({ world, now }) {
    const set = world.codeSets.find(({ user }) => user.id === world.self.user)
    if (set) Object.assign(set, { printed_at: now.toISOString(), left: CODES })
    return [
      201,
      { codes: Array.from({ length: CODES }, (_, index) => `not4-real-code-${String(index).padStart(2, '0')}k7`) },
    ]
  },

  'GET backups': ({ world }) => [200, world.backups],
  'GET settings': () => [200, { environment: 'production', settings }],
}

const lastStays = problem(
  409,
  'environment.last_administrator',
  'The last administrator stays. Make another one first.',
)

function isLastAdministrator({ id, world }: Asked): boolean {
  const administrators = world.staff.filter(({ role }) => role === 'administrator')
  return administrators.length === 1 && administrators[0]?.user.id === id
}

function search({ query, world }: Asked): Found[] {
  const found: Found[] = [
    ...world.users
      .filter((one) => matches(query, one.id, one.name, one.email))
      .map(({ id, name, email }) => ({
        kind: 'user' as const,
        id,
        title: name ?? email ?? id,
        subtitle: email,
        url: `/console/users/${id}`,
      })),
    ...world.organizations
      .filter((one) => matches(query, one.id, one.name, one.slug))
      .map(({ id, name, slug }) => ({
        kind: 'organization' as const,
        id,
        title: name,
        subtitle: slug,
        url: `/console/organizations/${id}`,
      })),
    ...world.applications
      .filter((one) => matches(query, one.id, one.name))
      .map(({ id, name, origins }) => ({
        kind: 'application' as const,
        id,
        title: name,
        subtitle: origins[0] ?? null,
        url: `/console/applications/${id}`,
      })),
    ...world.providers
      .filter((one) => matches(query, one.id, one.name, one.issuer, ...one.domains))
      .map(({ id, name, issuer }) => ({
        kind: 'provider' as const,
        id,
        title: name,
        subtitle: issuer,
        url: `/console/providers/${id}`,
      })),
    ...world.flags.entries
      .filter(({ key, name }) => matches(query, key, name))
      .map(({ kind, key, name }) => ({
        kind,
        id: key,
        title: name ?? key,
        subtitle: key,
        url: `/console/${kind}s/${key}`,
      })),
    ...world.sessions
      .filter(({ id }) => matches(query, id))
      .map(({ id, user }) => ({
        kind: 'session' as const,
        id,
        title: id,
        subtitle: user.email,
        url: `/console/sessions/${id}`,
      })),
    ...world.tokens
      .filter((one) => matches(query, one.id, one.name))
      .map(({ id, name, hint }) => ({
        kind: 'token' as const,
        id,
        title: name,
        subtitle: hint,
        url: `/console/tokens/${id}`,
      })),
  ]
  return found.slice(0, FOUND_MAX)
}
