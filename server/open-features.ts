import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as identity from './access/identity/index.ts'
import * as flags from './access/flags/index.ts'
import * as lockers from './access/lockers/index.ts'
import * as providers from './access/providers/index.ts'
import * as sessions from './access/sessions/index.ts'
import type { Config, Origin } from './config.ts'
import type { Features } from './features.ts'
import * as applications from './ground/applications/index.ts'
import { type MailServer, openDelivery } from './ground/delivery/index.ts'
import * as environment from './ground/environment/index.ts'
import * as tenants from './ground/tenants/index.ts'
import * as tokens from './ground/tokens/index.ts'
import { systemClock } from './platform/clock.ts'
import type { Logger } from './platform/log.ts'
import { isLoopbackOrigin } from './platform/loopback.ts'
import { openMailExchangers } from './platform/mail-exchangers.ts'
import type { Secret } from './platform/secret.ts'
import { loopbackOf } from './provider-settings.ts'
import { cachePrefix, openAccessCache } from './open-access-cache.ts'
import type { Store } from './open-store.ts'
import { peopleOf } from './people.ts'
import { startBackups } from './start-backups.ts'

export interface OpenFeaturesOptions {
  config: Config
  settings: readonly Origin[]
  log: Logger
  secret: Secret
  store: Store
  /** Where access keeps its last known good state. */
  folder: string
  /** Which of the access processes of this machine it is. */
  process: number
  /** Left out: those of the settings. */
  mailServers?: readonly MailServer[] | undefined
}

type Ground = Awaited<ReturnType<typeof openGround>>

/** Opens every feature, from the ground up; the stack closes them in reverse. */
export async function openFeatures(options: OpenFeaturesOptions, stack: AsyncDisposableStack): Promise<Features> {
  const ground = await openGround(options, stack)
  const sessionFront = stack.use(await openSessions(options, ground))
  const providersFront = stack.use(await openProviders(options, ground, sessionFront))
  const identityFront = stack.use(openIdentity(options, { ...ground, providers: providersFront }, sessionFront))
  const { config, secret, store } = options
  const { clock, log, database, request, background, directory } = ground
  const flagsFront = stack.use(await openFlags(options, ground, sessionFront))
  return {
    ...ground,
    config,
    settings: options.settings,
    secret,
    sessions: sessionFront,
    providers: providersFront,
    identity: identityFront,
    lockers: lockers.openLockers({
      clock,
      db: request,
      background,
      lifeMs: config.sessionLifeMs,
      applications: directory,
    }),
    flags: flagsFront,
    ofrep: stack.use(
      flags.openOfrep({
        flags: flagsFront,
        clock,
        secret,
        environment: config.environment,
        applications: directory,
        tokens: ground.tokens.flagAskers,
      }),
    ),
    applications: applications.openApplications({
      clock,
      log,
      secret,
      db: request,
      background,
      directory,
      environment: config.environment,
      url: config.url,
      countLive: sessionFront.countLiveByAudience,
      endSessionsOf: ({ audience, by }) => sessionFront.endAllOf({ whose: { audience }, reason: 'revoked', by }),
    }),
    process: options.process,
    database,
    stamp: store.stamp,
    startedAt: clock.now(),
    arrival: { failsSince: null },
  }
}

async function openGround(options: OpenFeaturesOptions, stack: AsyncDisposableStack) {
  const { config, log, secret, store, folder, mailServers = mailServersOf(config) } = options
  const clock = systemClock
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
  const tokenFront = await tokens.openTokens({
    ...common,
    folder,
    db: request,
    background,
    environment: config.environment,
    scopesOf: administrators.scopesOf,
  })
  const tenantsFront = stack.use(
    tenants.openTenants({ ...common, database, db: request, background, deletionGraceMs: config.deletionGraceMs }),
  )
  const cache = openAccessCache({ config, clock, log, background, stamp: store.stamp })
  if (cache) stack.use(cache)
  const delivery = stack.use(openDelivery({ transports: mailServers, from: config.mailFrom, clock, log }))
  const keptBackups = startBackups({ ...common, config, database, background })
  stack.defer(keptBackups.stop)
  return {
    clock,
    log,
    database,
    request,
    background,
    cache,
    administrators,
    directory,
    tokens: tokenFront,
    tenants: tenantsFront,
    delivery,
    backups: keptBackups.state,
  }
}

function openSessions(
  { config, secret, folder, store }: OpenFeaturesOptions,
  ground: Ground,
): Promise<sessions.Sessions> {
  const { clock, log, database, administrators } = ground
  return sessions.openSessions({
    clock,
    log,
    secret,
    database,
    issuer: config.url,
    shared: ground.cache && { cache: ground.cache, prefix: cachePrefix(store.stamp) },
    folder,
    idleMs: config.sessionIdleMs,
    lifeMs: config.sessionLifeMs,
    retentionMs: config.sessionRetentionMs,
    staff: {
      scopesOf: administrators.scopesOf,
      authenticateToken: ground.tokens.authenticate,
    },
    admit: identity.admitUser,
  })
}

function openFlags(
  { config, secret, folder, store }: OpenFeaturesOptions,
  { clock, log, database, background, directory }: Ground,
  { guards }: sessions.Sessions,
): Promise<flags.Flags> {
  return flags.openFlags({
    clock,
    log,
    secret,
    database,
    environment: config.environment,
    folder,
    stamp: store.stamp,
    isOriginal: () => environment.isOriginalStore(background),
    applications: directory,
    staff: guards.staff,
  })
}

async function openProviders(
  { config, secret, folder, process }: OpenFeaturesOptions,
  { clock, log, database }: Ground,
  { guards }: sessions.Sessions,
): Promise<providers.Providers> {
  return providers.openProviders({
    database,
    clock,
    log,
    secret,
    url: config.url,
    folder,
    // Of this run: what a process saw before it was started anew is no second witness.
    processId: `${process}-${randomUUID()}`,
    controlUrls: config.providers.controlUrls,
    loopback: await loopbackOf(config.providers, log),
    staff: guards.staff,
  })
}

function openIdentity(
  { config, secret }: OpenFeaturesOptions,
  ground: Ground & { providers: providers.Providers },
  sessionFront: sessions.Sessions,
): identity.Identity {
  const { clock, log, database, request, background, directory, delivery, administrators } = ground
  const { nameServer } = config.providers
  return identity.openIdentity({
    clock,
    log,
    secret,
    db: request,
    background,
    fallback: database.database('fallback'),
    database,
    config: {
      url: config.url,
      relyingPartyId: config.relyingPartyId,
      environment: config.environment,
      signUp: config.signUp,
      mailRate: config.mailRate,
      deletionGraceMs: config.deletionGraceMs,
      tellsImpersonation: config.impersonationMail === 'on',
    },
    mailFolder: hasInbox(config) ? join(config.data, 'mail') : null,
    sessions: sessionFront,
    applications: directory,
    delivery,
    administrators,
    tenants: ground.tenants,
    providers: ground.providers,
    mailExchangers: openMailExchangers(nameServer === null ? {} : { servers: [nameServer] }),
    people: peopleOf(request),
    // The tombstones in it are one list for all: a restore reads them, and each line is appended as a whole.
    folder: join(config.data, 'access'),
  })
}

/** The development inbox exists only where nobody but the developer can look. */
const hasInbox = (config: Config) => config.smtpUrls.length === 0 && isLoopbackOrigin(config.url)

function mailServersOf(config: Config): MailServer[] {
  const urls = config.smtpUrls.length > 0 ? config.smtpUrls : [`smtp://127.0.0.1:${config.mailPort}`]
  return urls.map((url, index) => ({ name: String.fromCharCode(65 + index), url }))
}
