import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as identity from './access/identity/index.ts'
import * as sessions from './access/sessions/index.ts'
import type { Config, Origin } from './config.ts'
import type { Features } from './features.ts'
import { peopleOf } from './people.ts'
import * as applications from './ground/applications/index.ts'
import * as backups from './ground/backups/index.ts'
import { openDelivery } from './ground/delivery/index.ts'
import * as environment from './ground/environment/index.ts'
import * as audit from './ground/audit/index.ts'
import * as signals from './ground/signals/index.ts'
import * as statistics from './ground/statistics/index.ts'
import * as tenants from './ground/tenants/index.ts'
import * as tokens from './ground/tokens/index.ts'
import { systemClock } from './platform/clock.ts'
import { openDatabaseServer } from './platform/database/index.ts'
import { readFileIfThere, replaceFile } from './platform/durable-file.ts'
import { startJobs } from './platform/jobs.ts'
import type { Logger } from './platform/log.ts'
import { makeFolder } from './platform/make-folder.ts'
import { isLoopbackOrigin } from './platform/loopback.ts'
import { openSecret } from './platform/secret.ts'
import { serve } from './serve.ts'
import { startBackups } from './start-backups.ts'
import { type Counting, startCounting } from './start-counting.ts'
import { startRecords } from './start-records.ts'

export interface StartAccessOptions {
  config: Config
  /** Where each setting came from, for whoever may see it. */
  settings: readonly Origin[]
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

/** Applications and administrators change seldom, and are told of within this. */
const RELOAD_EVERY_MS = 5000

/** Every schema of Holdfast, in the order in which they are migrated. */
export const sources = [
  signals,
  audit,
  statistics,
  environment,
  tokens,
  applications,
  tenants,
  backups,
  sessions,
  identity,
].map((feature) => feature.migrations)

/** Starts every part of access in order; disposing of what it returns stops them in reverse. */
export async function startAccess(options: StartAccessOptions): Promise<Access> {
  const { config, log } = options
  const clock = systemClock
  const startedAt = clock.now()
  const folder = join(config.data, 'access')
  await using stack = new AsyncDisposableStack()

  await makeFolder(folder)
  const secret = await openSecret(config.secretFile, log)
  const store = await openStore(options, folder)
  const database = stack.use(store.database)
  const request = database.database('request')
  const background = database.database('background')
  const common = { clock, log, secret }

  const administrators = await environment.openAdministrators({ db: background, folder })
  const directory = await applications.openApplicationDirectory({
    ...common,
    db: background,
    environment: config.environment,
    folder,
  })
  const tokenFront = tokens.openTokens({
    ...common,
    db: request,
    background,
    environment: config.environment,
    scopesOf: administrators.scopesOf,
  })
  const sessionFront = stack.use(
    await sessions.openSessions({
      ...common,
      database,
      issuer: config.url,
      folder,
      idleMs: config.sessionIdleMs,
      lifeMs: config.sessionLifeMs,
      retentionMs: config.sessionRetentionMs,
      staff: {
        scopesOf: administrators.scopesOf,
        authenticateToken: tokenFront.authenticate,
      },
      admit: identity.admitUser,
    }),
  )
  const tenantsFront = stack.use(
    tenants.openTenants({ ...common, database, db: request, background, deletionGraceMs: config.deletionGraceMs }),
  )
  const delivery = stack.use(openDelivery({ transports: transportsOf(config), from: config.mailFrom, clock, log }))
  const identityFront = stack.use(
    identity.openIdentity({
      ...common,
      db: request,
      background,
      database,
      config: {
        url: config.url,
        environment: config.environment,
        signUp: config.signUp,
        deletionGraceMs: config.deletionGraceMs,
        tellsImpersonation: config.impersonationMail === 'on',
      },
      mailFolder: hasInbox(config) ? join(config.data, 'mail') : null,
      sessions: sessionFront,
      applications: directory,
      delivery,
      administrators,
      tenants: tenantsFront,
      people: peopleOf(request),
      folder,
    }),
  )
  const keptBackups = startBackups({ ...common, config, database, background })
  stack.defer(keptBackups.stop)
  const parts = {
    ...common,
    config,
    database,
    background,
    administrators,
    directory,
    delivery,
    tokens: tokenFront,
    tenants: tenantsFront,
    applications: applications.openApplications({
      ...common,
      db: request,
      background,
      directory,
      environment: config.environment,
      url: config.url,
      countLive: sessionFront.countLiveByAudience,
      endSessionsOf: ({ audience, by }) => sessionFront.endAllOf({ whose: { audience }, reason: 'revoked', by }),
    }),
    startedAt,
    settings: options.settings,
    backups: keptBackups.state,
    arrival: { failsSince: null },
  }
  const features: Features = { ...parts, sessions: sessionFront, identity: identityFront, stamp: store.stamp }
  const groundJobs = startJobs(
    [...tokenFront.jobs, ...parts.applications.jobs, ...environment.environmentJobs({ background, clock })],
    {
      database,
      log,
    },
  )
  stack.defer(groundJobs.stop)
  const records = startRecords(features, secret)
  stack.defer(records.stop)
  const counting = startCounting(features)
  stack.defer(counting.stop)
  const server = stack.use(await serve(features, counting))
  const arrival = keepArriving(features, counting, options)
  stack.defer(arrival.stop)

  // An unreachable database is unknown, not a refusal (design §5); another's stamp is thrown from here.
  await database.probeNow()
  arrival.arriveOnce()
  const held = stack.move()
  return { url: server.url, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** The database, let in only when its stamp is ours; then migrated, once. */
async function openStore({ config, log, onRefused }: StartAccessOptions, folder: string) {
  const urls = await databaseUrls(config)
  let stamp = await environment.readKeptStamp(folder)
  if (stamp) environment.assertOurs(stamp, { environment: config.environment }, `the data folder (${config.data})`)
  let isPrepared = false
  const database = openDatabaseServer({
    url: urls.databaseUrl,
    name: `holdfast access ${process.pid}`,
    clock: systemClock,
    log,
    onRefused,
    async admit() {
      if (isPrepared && stamp) return environment.checkStore({ url: urls.databaseUrl, stamp })
      stamp = await environment.prepareStore({
        ownerUrl: urls.ownerUrl,
        appRole: decodeURIComponent(new URL(urls.databaseUrl).username),
        environment: config.environment,
        folder,
        sources,
        now: systemClock.now(),
        log,
      })
      // The owner's address and ours may lead to different servers; nothing is written before ours was read.
      await environment.checkStore({ url: urls.databaseUrl, stamp })
      isPrepared = true
    },
  })
  return { database, stamp: () => stamp }
}

/** Completes the start as soon as the database is ours (in an outage that is when it is back), and reads on from then. */
function keepArriving(features: Features, counting: Counting, options: StartAccessOptions) {
  const { config, log, database, background, administrators, directory, sessions: front, identity: door } = features
  let hasArrived = false

  async function arrive(): Promise<void> {
    await Promise.all([administrators.reload(), directory.reload(), front.catchUp()])
    if (options.withDemo) await registerDemo(config, directory)
    if (!(await environment.hasAdministrator(background))) options.onEnrolmentLink(await door.makeEnrolmentLink())
    void counting.sample()
  }

  function arriveOnce(): void {
    if (hasArrived || database.isAway()) return
    hasArrived = true
    arrive().then(
      () => {
        features.arrival.failsSince = null
      },
      (error) => {
        hasArrived = false
        features.arrival.failsSince ??= features.clock.now()
        log.warn({ reason: (error as Error).message }, 'the start could not be completed yet; trying again')
      },
    )
  }

  database.onChange(arriveOnce)
  const reload = setInterval(() => {
    arriveOnce()
    if (database.isAway()) return
    // What fails here is the database, and that is told by its health.
    Promise.all([administrators.reload(), directory.reload()]).catch(() => {})
  }, RELOAD_EVERY_MS)
  return { arriveOnce, stop: () => clearInterval(reload) }
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
