import { allScopes, type Scope } from '../../app/api/wire/scopes.ts'
import type { DependencyState, Figure } from '../../app/api/wire.ts'
import type { Routes, Scene } from '../answer.ts'
import type { Condition } from '../double.ts'
import type { World } from '../world.ts'
import { wiped } from './flags.ts'

/** What support may do, as the server has it; administrators may do everything. */
export const supportScopes: readonly Scope[] = [
  'overview:read',
  'users:read',
  'users:impersonate',
  'sessions:read',
  'sessions:write',
  'organizations:read',
  'applications:read',
  'audit:read',
  'flags:read',
  'providers:read',
]

/** Who asks, and what every page leans on. */
export const self: Routes = {
  'GET session': ({ world }) => [200, ownSession(world)],
  'DELETE session': () => [204],
  'GET overview': ({ scene }) => [200, overviewOf(scene)],
}

function ownSession(world: World) {
  return {
    verdict: 'valid',
    source: 'database',
    age_ms: 0,
    session: {
      id: world.self.session,
      user: { id: world.self.user, email: 'ana.duarte@acme.test', name: 'Ana Duarte', picture_url: null },
      organization_id: null,
      roles: [],
      impersonator: null,
      audience: 'console',
      authenticated_at: new Date().toISOString(),
      expires_at: null,
      amr: ['otp'],
      acr: '1',
    },
  }
}

function overviewOf({ world, condition, since }: Scene) {
  const now = new Date().toISOString()
  const isAway = condition.startsWith('database-away')
  const figure = (value: number): Figure => (isAway ? { value: null, as_of: since } : { value, as_of: now })
  const live = world.sessions.filter(({ ended_at }) => ended_at === null).length
  return {
    environment: 'production',
    installation_id: 'ins_01kaj3w9d7c2r5n8',
    version: '0.1.0',
    started_at: world.startedAt,
    generated_at: now,
    actor: {
      id: world.self.user,
      role: world.self.role,
      scopes: world.self.role === 'support' ? supportScopes : allScopes,
    },
    dependencies: world.dependencies.map((dependency) => {
      const change = changed(dependency.name, condition)
      return change ? { ...dependency, ...change, since } : dependency
    }),
    figures: {
      live_sessions: figure(live),
      users: figure(world.users.length),
      sign_ins_last_hour: figure(live > 0 ? 1313 : 0),
      sign_ins_failed_last_hour: figure(live > 0 ? 17 : 0),
    },
    changes: world.changes,
  }
}

function changed(name: string, condition: Condition): { state: DependencyState; detail: string } | undefined {
  if (name === 'database' && condition.startsWith('database-away')) {
    const detail =
      'PostgreSQL has not committed on a fresh connection. Known sessions are served from memory and proofs; new sign-ins wait.'
    return { state: 'unknown', detail }
  }
  if (name === 'flags' && condition === 'flags-wiped') {
    const detail = `${wiped} 8 flags of e3.s1891 are served. Nothing can be changed until somebody restores or adopts. See the runbook flags-held.`
    return { state: 'failing', detail }
  }
  if (name === 'providers' && condition === 'provider-down') {
    const detail = 'People are sent another way than Auth0 (since 00:42 UTC). See the runbook provider-down.'
    return { state: 'failing', detail }
  }
  if (name === 'providers' && condition === 'provider-unknown') {
    const detail =
      'Whether Auth0, Google, Fjord Entra and 1 more can be reached cannot be told from a fault of our own network. Nobody is sent another way, unless a policy says so. See the runbook own-network-unknown.'
    return { state: 'unknown', detail }
  }
  if (name === 'mail A' && condition === 'mail-failing') {
    return { state: 'failing', detail: 'smtp.acme.test refuses mail with 421. Codes go out through mail B meanwhile.' }
  }
  return undefined
}
