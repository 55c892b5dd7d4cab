import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as identity from './access/identity/index.ts'
import * as flags from './access/flags/index.ts'
import * as lockers from './access/lockers/index.ts'
import * as providers from './access/providers/index.ts'
import * as sessions from './access/sessions/index.ts'
import { countCache } from './open-access-cache.ts'
import { dependenciesOf } from './dependencies.ts'
import type { Features } from './features.ts'
import { refusals as auditRefusals } from './ground/audit/index.ts'
import * as applications from './ground/applications/index.ts'
import { backupRoutes } from './ground/backups/index.ts'
import { documentationRoutes, securitySchemes, tags } from './ground/documentation/index.ts'
import { healthRoutes, openMetrics } from './ground/health/index.ts'
import * as environment from './ground/environment/index.ts'
import * as tenants from './ground/tenants/index.ts'
import * as tokens from './ground/tokens/index.ts'
import { idempotencyRefusals } from './platform/idempotency.ts'
import { type HttpServer, openHttpServer, platformRefusals, type Route } from './platform/http/index.ts'
import { labelsOver } from './labels-of.ts'
import { policyOf } from './policy.ts'
import { backupPlan } from './start-backups.ts'
import { recordRoutes } from './record-routes.ts'
import type { Counting } from './start-counting.ts'

const VERSION = '0.1.0'
/** Everybody's way of saying no: each `type` of a problem document leads to one of these. */
const problems = [
  platformRefusals,
  idempotencyRefusals,
  tokens.refusals,
  tenants.refusals,
  applications.refusals,
  environment.refusals,
  auditRefusals,
  sessions.refusals,
  providers.refusals,
  identity.refusals,
  lockers.refusals,
  flags.refusals,
  flags.ofrepRefusals,
].flat()

/** The HTTP face of access: every feature's routes, the console's files, and the documentation of it all. */
export async function serve(features: Features, counting: Counting): Promise<HttpServer> {
  const { config, clock, log } = features
  const metrics = openAccessMetrics(features)
  const installation = () => ({
    environment: config.environment,
    installation_id: features.stamp()?.installationId ?? null,
    version: VERSION,
    started_at: features.startedAt,
    // Whom of several on one port the question has met.
    ...(config.accessProcesses > 1 && { process: features.process }),
  })
  const listing = routesOf(features, counting, metrics, installation)
  const routes = [...listing, ...recordRoutes(features, listing, installation)]
  const server: HttpServer = await openHttpServer({
    host: config.bind,
    port: config.accessPort,
    origin: config.url,
    trustedProxies: config.trustedProxies,
    routes: [
      ...routes,
      ...documentationRoutes({
        openApi: () => server.openApi(),
        problems,
        routes,
        origin: config.url,
        version: VERSION,
        policy: policyOf(config),
      }),
    ],
    folders: folders(),
    readForwarded: features.directory.readForwarded,
    renderProblem: features.identity.renderProblem,
    documentation: {
      title: 'Holdfast',
      version: VERSION,
      description:
        'Sign-in and sessions that stay open when their dependencies fail. A verdict is valid, invalid or unknown; an outage is unknown.',
      tags,
      securitySchemes: securitySchemes(config.url),
    },
    clock,
    log,
    onRequest: ({ route, status, ms }) => metrics.requests.observe({ route, status: String(status) }, ms / 1000),
  })
  return server
}

/** A handful at most: staff sign in on their own few devices. */
const CONSOLE_SESSIONS_MAX = 200

async function endConsoleSessions({ sessions: front }: Features, { userId, by }: { userId: string; by: string }) {
  const filter = { userId, audience: applications.CONSOLE_AUDIENCE, state: 'live' } as const
  for (const { id } of await front.list({ ...filter, limit: CONSOLE_SESSIONS_MAX })) {
    await front.end({ sessionId: id, reason: 'revoked', by })
  }
}

type Metrics = ReturnType<typeof openMetrics>

type Installation = Parameters<typeof healthRoutes>[0]['installation']

function routesOf(features: Features, counting: Counting, metrics: Metrics, installation: Installation): Route[] {
  const { config, clock, stamp } = features
  const now = () => clock.now()
  return [
    ...features.identity.routes,
    ...features.providers.routes,
    ...sessions.sessionRoutes({
      sessions: features.sessions,
      applications: features.directory,
      environment: config.environment,
      installationId: () => stamp()?.installationId ?? '',
      now,
      flags: features.flags,
    }),
    ...features.lockers.routes,
    ...features.flags.routes,
    ...flags.managementRoutes({
      flags: features.flags,
      clock,
      labelsOf: labelsOver(features, features.database.database('request')),
      staff: features.sessions.guards.staff,
    }),
    ...features.ofrep.routes,
    ...features.tokens.routes(features.sessions.guards.staff),
    ...features.applications.routes(features.sessions.guards.staff),
    ...sessions.sessionOrganizationRoutes(features),
    ...tenants.tenantsRoutes({
      tenants: features.tenants,
      staff: features.sessions.guards.staff,
      personOrStaff: features.sessions.guards.personOrStaff,
      people: features.identity.namesOf,
      countLiveSessions: features.sessions.organization.countLive,
    }),
    ...environment.staffRoutes({
      db: features.database.database('request'),
      clock,
      log: features.log,
      secret: features.secret,
      administrators: features.administrators,
      staff: features.sessions.guards.staff,
      people: (ids) => features.identity.namesOf(features.database.database('request'), ids),
      scopesOfCaller: features.tokens.scopesOfCaller,
      ableAmong: features.identity.ableAmong,
      onRemoved: features.identity.voidBreakGlassCodes,
      endConsoleSessions: (whose) => endConsoleSessions(features, whose),
    }),
    ...backupRoutes({
      state: features.backups,
      plan: backupPlan(config),
      clock,
      guard: features.sessions.guards.staff('settings:read'),
    }),
    ...healthRoutes({
      dependencies: dependenciesOf(features),
      inOverviewOnly: features.backups.asDependency,
      figures: counting.read,
      changes: counting.changes,
      installation,
      metrics: metrics.read,
      guard: features.sessions.guards.staff('overview:read'),
      staffOf: (userId) => ({
        role: features.administrators.roleOf(userId) ?? null,
        scopes: [...features.administrators.scopesOf(userId)],
      }),
      now,
    }),
  ]
}

function openAccessMetrics({
  sessions: front,
  providers: outside,
  identity,
  database,
  cache,
  config,
  process,
}: Features): Metrics {
  const metrics = openMetrics(config.accessProcesses > 1 ? { process: String(process) } : {})
  metrics.gauge('known_sessions', 'Sessions in memory', () => front.figures().known)
  metrics.gauge('last_seen_waiting', 'Sights not written yet', () => front.figures().lastSeenWaiting)
  metrics.gauge('sign_outs_waiting', 'Sign-outs that wait for the database', () => front.figures().pendingEnds)
  metrics.gauge('revocation_seq', 'Newest revocation known', () => front.figures().revocationSeq)
  metrics.gauge('database_away', '1 while the database is away', () => Number(database.isAway()))
  metrics.gauge('providers_open', 'Providers that people are sent another way than', () => outside.standing().open)
  metrics.gauge(
    'providers_unknown',
    'Providers that cannot be told from our own network',
    () => outside.standing().unknown,
  )
  metrics.gauge(
    'people_asked_late_seconds',
    'By how much the daily question to providers is behind for whoever was asked longest ago',
    () => identity.unasked.lateSeconds(),
  )
  if (cache) countCache(metrics, cache, front)
  database.onChange((isAway) => metrics.transitions.inc({ to: isAway ? 'away' : 'back' }))
  return metrics
}

function folders() {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  return [
    { prefix: '/assets/', folder: at('./assets'), policy: "default-src 'none'" },
    {
      prefix: '/console/',
      folder: at('../console/dist'),
      page: 'index.html',
      policy:
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    },
  ].filter(({ folder }) => existsSync(folder))
}
