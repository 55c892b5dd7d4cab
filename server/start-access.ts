import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as identity from './access/identity/index.ts'
import * as sessions from './access/sessions/index.ts'
import type { Config } from './config.ts'
import * as applications from './ground/applications/index.ts'
import { openDelivery } from './ground/delivery/index.ts'
import * as environment from './ground/environment/index.ts'
import { changeKinds, type Dependency, healthRoutes, openMetrics, startFigures } from './ground/health/index.ts'
import * as signals from './ground/signals/index.ts'
import { systemClock } from './platform/clock.ts'
import { type DatabaseServer, openDatabaseServer } from './platform/database/index.ts'
import { readFileIfThere, replaceFile } from './platform/durable-file.ts'
import { openHttpServer } from './platform/http/index.ts'
import type { Logger } from './platform/log.ts'
import { makeFolder } from './platform/make-folder.ts'
import { isLoopbackOrigin } from './platform/loopback.ts'
import { openSecret } from './platform/secret.ts'

export interface StartAccessOptions {
  config: Config
  log: Logger
  /** Registers the demo application and writes its key into the data folder. */
  withDemo: boolean
  /** A store that is not ours, or a migration that cannot be: the process must end. */
  onRefused(error: unknown): void
  onEnrolmentLink(url: string): void
}

export interface Access extends AsyncDisposable {
  url: string
}

const VERSION = '0.1.0'
/** Applications and administrators change seldom, and are told of within this. */
const RELOAD_EVERY_MS = 5000
const CHANGES_SHOWN = 12

const sources = [signals, environment, applications, sessions, identity].map((feature) => feature.migrations)

/** Starts every part of access in order; disposing of what it returns stops them in reverse. */
export async function startAccess(options: StartAccessOptions): Promise<Access> {
  const { config, log } = options
  const clock = systemClock
  const startedAt = clock.now()
  const folder = join(config.data, 'access')
  await using stack = new AsyncDisposableStack()

  await makeFolder(folder)
  const secret = await openSecret(config.secretFile)
  const urls = await databaseUrls(config)
  let stamp = await environment.readKeptStamp(folder)
  if (stamp) environment.assertOurs(stamp, { environment: config.environment }, `the data folder (${config.data})`)

  let isPrepared = false
  const database = stack.use(
    openDatabaseServer({
      url: urls.databaseUrl,
      name: `holdfast access ${process.pid}`,
      clock,
      log,
      onRefused: options.onRefused,
      async admit() {
        if (isPrepared && stamp) return environment.checkStore({ url: urls.databaseUrl, stamp })
        stamp = await environment.prepareStore({
          ownerUrl: urls.ownerUrl,
          appRole: decodeURIComponent(new URL(urls.databaseUrl).username),
          environment: config.environment,
          folder,
          sources,
          now: clock.now(),
          log,
        })
        isPrepared = true
      },
    }),
  )
  const request = database.database('request')
  const background = database.database('background')

  const administrators = await environment.openAdministrators({ db: background, folder })
  const directory = await applications.openApplicationDirectory({
    db: background,
    clock,
    secret,
    environment: config.environment,
    folder,
  })
  const sessionFront = stack.use(
    await sessions.openSessions({
      database,
      clock,
      log,
      secret,
      issuer: config.url,
      folder,
      idleMs: config.sessionIdleMs,
      lifeMs: config.sessionLifeMs,
      isAdministrator: administrators.has,
    }),
  )
  const delivery = stack.use(openDelivery({ transports: transportsOf(config), from: config.mailFrom, clock, log }))
  const identityFront = stack.use(
    await identity.openIdentity({
      db: request,
      background,
      database,
      clock,
      log,
      secret,
      config: { url: config.url, environment: config.environment, signUp: config.signUp },
      mailFolder: hasInbox(config) ? join(config.data, 'mail') : null,
      sessions: sessionFront,
      applications: directory,
      delivery,
      administrators,
    }),
  )

  const figures = startFigures(
    async () => {
      const hourAgo = new Date(clock.now().getTime() - 3_600_000)
      const [live, users, counted, newest] = await Promise.all([
        sessionFront.countLive(),
        identityFront.countUsers(),
        signals.countByKind(background, hourAgo),
        signals.newestSignals(background, changeKinds, CHANGES_SHOWN),
      ])
      changes = newest
      const of = (kind: string) => counted.find((row) => row.kind === kind)?.count ?? 0
      return {
        live_sessions: live,
        users,
        sign_ins_last_hour: of('sign-in.succeeded'),
        sign_ins_failed_last_hour: of('sign-in.failed'),
      }
    },
    ['live_sessions', 'users', 'sign_ins_last_hour', 'sign_ins_failed_last_hour'],
    { clock, log },
  )
  let changes: signals.SignalRow[] = []
  stack.defer(() => figures.stop())

  const metrics = openMetrics()
  metrics.gauge('known_sessions', 'Sessions in memory', () => sessionFront.figures().known)
  metrics.gauge('last_seen_waiting', 'Sights not written yet', () => sessionFront.figures().lastSeenWaiting)
  metrics.gauge('sign_outs_waiting', 'Sign-outs that wait for the database', () => sessionFront.figures().pendingEnds)
  metrics.gauge('revocation_seq', 'Newest revocation known', () => sessionFront.figures().revocationSeq)
  metrics.gauge('database_away', '1 while the database is away', () => Number(database.isAway()))
  database.onChange((isAway) => metrics.transitions.inc({ to: isAway ? 'away' : 'back' }))

  const server = stack.use(
    await openHttpServer({
      host: config.bind,
      port: config.accessPort,
      origin: config.url,
      trustedProxies: config.trustedProxies,
      routes: [
        ...healthRoutes({
          dependencies: [
            () => databaseDependency(database),
            () => revocationDependency(sessionFront, database),
            ...mailDependencies(delivery),
          ],
          figures: figures.read,
          changes: () => changes,
          installation: () => ({
            environment: config.environment,
            installation_id: stamp?.installationId ?? null,
            version: VERSION,
            started_at: startedAt,
          }),
          metrics: metrics.read,
          requireAdministrator: sessionFront.requireAdministrator,
          now: () => clock.now(),
        }),
        ...sessions.sessionRoutes({
          sessions: sessionFront,
          applications: directory,
          environment: config.environment,
          installationId: () => stamp?.installationId ?? '',
          now: () => clock.now(),
        }),
        ...identityFront.routes,
      ],
      folders: foldersOf(),
      readForwarded: directory.readForwarded,
      renderProblem: identityFront.renderProblem,
      documentation: {
        title: 'Holdfast',
        version: VERSION,
        description:
          'Sign-in and sessions that stay open when their dependencies fail. A verdict is valid, invalid or unknown; an outage is unknown.',
      },
      clock,
      log,
      onRequest: ({ route, status, ms }) => metrics.requests.observe({ route, status: String(status) }, ms / 1000),
    }),
  )

  /** Once, as soon as the database is ours; in an outage at start this is when it is back. */
  async function arrive(): Promise<void> {
    await Promise.all([administrators.reload(), directory.reload(), sessionFront.catchUp()])
    if (options.withDemo) await registerDemo(config, directory)
    if (!(await environment.hasAdministrator(background)))
      options.onEnrolmentLink(await identityFront.makeEnrolmentLink())
    void figures.sample()
  }
  let hasArrived = false
  const arriveOnce = () => {
    if (hasArrived || database.isAway()) return
    hasArrived = true
    arrive().catch((error) => {
      hasArrived = false
      log.warn({ reason: (error as Error).message }, 'the start could not be completed yet; trying again')
    })
  }
  database.onChange(arriveOnce)
  const reload = setInterval(() => {
    arriveOnce()
    if (database.isAway()) return
    // What fails here is the database, and that is told by its health.
    Promise.all([administrators.reload(), directory.reload()]).catch(() => {})
  }, RELOAD_EVERY_MS)
  stack.defer(() => clearInterval(reload))

  // An unreachable database is unknown, not a refusal (design §5); another's stamp is thrown from here.
  await database.probeNow()
  arriveOnce()
  const held = stack.move()
  return { url: server.url, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** From the settings, or those of the embedded server of this data folder. */
export async function databaseUrls(config: Config): Promise<{ databaseUrl: string; ownerUrl: string }> {
  if (config.databaseUrl)
    return { databaseUrl: config.databaseUrl, ownerUrl: config.databaseOwnerUrl ?? config.databaseUrl }
  const file = join(config.data, 'postgres', 'connection.json')
  const text = await readFileIfThere(file)
  if (!text) {
    throw new environment.StampRefused(
      `There is no database: set HOLDFAST_DATABASE_URL, or run "holdfast start", which brings its own (looked for ${file}).`,
    )
  }
  return JSON.parse(text) as { databaseUrl: string; ownerUrl: string }
}

/** The development inbox exists only where nobody but the developer can look. */
const hasInbox = (config: Config) => config.smtpUrls.length === 0 && isLoopbackOrigin(config.url)

function transportsOf(config: Config): { name: string; url: string }[] {
  const urls = config.smtpUrls.length > 0 ? config.smtpUrls : [`smtp://127.0.0.1:${config.mailPort}`]
  return urls.map((url, index) => ({ name: String.fromCharCode(65 + index), url }))
}

async function registerDemo(config: Config, directory: applications.ApplicationDirectory): Promise<void> {
  const file = join(config.data, 'demo', 'key')
  const key = existsSync(file) ? (await readFile(file, 'utf8')).trim() : undefined
  const origins = [`http://127.0.0.1:${config.demoPort}`]
  const made = await directory.register({ id: 'app_demo', name: 'Fieldnotes', origins, key })
  if (made !== key) await replaceFile(file, `${made}\n`)
}

function databaseDependency(database: DatabaseServer): Dependency {
  const { state, since, provenAt, detail } = database.health()
  const sentences = {
    ok: 'PostgreSQL commits.',
    unknown: `PostgreSQL does not answer: ${detail}. Sessions go on from memory and proofs; sign-in waits.`,
    failing: `PostgreSQL refuses: ${detail}. Sessions go on from memory and proofs; sign-in waits.`,
  }
  return { name: 'database', state, since, seenAt: provenAt, detail: sentences[state] }
}

function revocationDependency(front: sessions.Sessions, database: DatabaseServer): Dependency {
  const { revocationsConfirmedAt, pendingEnds } = front.figures()
  const isFresh = !database.isAway() && revocationsConfirmedAt !== null
  const waiting = pendingEnds > 0 ? ` ${pendingEnds} sign-outs wait to be written.` : ''
  return {
    name: 'feed',
    state: isFresh ? 'ok' : 'unknown',
    since: database.health().since,
    seenAt: revocationsConfirmedAt,
    detail: isFresh
      ? `Revocations are read and passed on.${waiting}`
      : `Whether others have ended sessions is not known.${waiting}`,
  }
}

function mailDependencies(delivery: ReturnType<typeof openDelivery>): (() => Dependency)[] {
  return delivery.status().map((transport, index) => () => {
    const { state, since, provenAt, detail } = delivery.status()[index]!
    return { name: `mail ${transport.name}`, state, since, seenAt: provenAt, detail }
  })
}

function foldersOf() {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  return [
    { prefix: '/assets/', folder: at('./assets'), policy: "default-src 'none'" },
    {
      prefix: '/console/',
      folder: at('../console/dist'),
      page: 'index.html',
      policy:
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    },
  ].filter(({ folder }) => existsSync(folder))
}
