import { join } from 'node:path'
import * as applications from '../../ground/applications/index.ts'
import * as environment from '../../ground/environment/index.ts'
import * as audit from '../../ground/audit/index.ts'
import * as tenants from '../../ground/tenants/index.ts'
import * as tokens from '../../ground/tokens/index.ts'
import * as signals from '../../ground/signals/index.ts'
import { type Database, type DatabaseServer, migrate, openDatabaseServer } from '../../platform/database/index.ts'
import { type Folder, openHttpServer, type Route } from '../../platform/http/index.ts'
import { newId } from '../../platform/id.ts'
import { silentLog } from '../../platform/log.ts'
import { secretFrom } from '../../platform/secret.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder } from '../../platform/testing/index.ts'
import * as providers from '../providers/index.ts'
import * as sessions from '../sessions/index.ts'
import * as identity from './index.ts'
import { partsOf } from './identity.ts'
import type { Parts } from './parts.ts'
import { openPost } from './post.ts'
import { insertUser } from './queries.ts'
import { APP_ORIGIN, HERE, signer, type TestBrowser, testBrowser } from './testing/test-browser.ts'
import { type TestClock, testClock } from './testing/test-clock.ts'

export { listening } from './testing/listening.ts'
export { APP_ORIGIN, HERE, type Seen, type TestBrowser } from './testing/test-browser.ts'
export type { TestClock } from './testing/test-clock.ts'

export interface IdentityRig extends AsyncDisposable {
  clock: TestClock
  databaseUrl: string
  /** Where access keeps what lies beside the database. */
  folder: string
  /** Where it listens. */
  url: string
  sessions: sessions.Sessions
  identity: identity.Identity
  providers: providers.Providers
  applications: applications.ApplicationDirectory
  administrators: environment.Administrators
  tenants: tenants.Tenants
  /** Has sessions follow what was changed in the database beside this process. */
  follow(): Promise<void>
  db: Database
  /** Everything that was handed to delivery, oldest first. */
  sent: identity.Message[]
  mailServers: { state: 'ok' | 'unknown' | 'failing'; since: Date }[]
  /** A fresh browser, without a cookie; on an app's origin when one forwards. */
  browser(app?: { application: string; origin: string; prefix: string }): TestBrowser
  /** The newest mail to an address, once delivery has it. */
  mailTo(email: string): Promise<{ code: string; link: string; message: identity.Message }>
}

/** What real providers stand on. */
export type ProvidersGround = Pick<providers.OpenProvidersOptions, 'database' | 'clock' | 'secret' | 'folder' | 'staff'>

export interface RigOptions {
  signUp?: 'open' | 'closed'
  mailFolder?: string | null
  wrap?: (database: DatabaseServer) => DatabaseServer
  /** Routes of a test, for verbs that have no page and no API yet. */
  routes?: (parts: Parts) => Route[]
  /** Left out: none; a real browser wants styles and scripts. */
  folders?: readonly Folder[]
  /** Left out: there are none. */
  providers?: providers.Providers | ((ground: ProvidersGround) => Promise<providers.Providers>)
  /** Left out: time stands still until a test moves it. */
  clock?: TestClock
  /** By how much this process's clock is behind the one that all share; left out: it is that one. */
  behindMs?: number
  /** Another process of the same installation: its database, and its time. */
  beside?: IdentityRig
}

/** Sign-in over real HTTP, on a real database, with a clock of the test's. */
export async function openRig(options: RigOptions = {}): Promise<IdentityRig> {
  await using stack = new AsyncDisposableStack()
  const clock = options.beside?.clock ?? options.clock ?? testClock()
  const sharedNow = async () => new Date(clock.now().getTime() + (options.behindMs ?? 0))
  const log = silentLog
  const secret = secretFrom(Buffer.alloc(32, 7))
  const databaseUrl = options.beside?.databaseUrl ?? stack.use(await migratedDatabase()).databaseUrl
  const root = await makeTestFolder()
  stack.defer(() => removeTestFolder(root))
  const folder = join(root, 'access')
  const server = stack.use(openDatabaseServer({ url: databaseUrl, name: 'test', clock, log }))
  // Connections are made before anybody waits for one: what is tested is not how fast a busy machine makes them.
  await server.probeNow()
  const database = options.wrap?.(server) ?? server
  const [db, background] = [database.database('request'), database.database('background')]
  const administrators = await environment.openAdministrators({ db: background, folder })
  const directory = await applications.openApplicationDirectory({ db, clock, secret, environment: 'test', folder })
  const key = await directory.register({ id: 'app_notes', name: 'Acme Notes', origins: [APP_ORIGIN] })
  const sessionFront = stack.use(
    await sessions.openSessions({
      database,
      clock,
      sharedNow,
      log,
      secret,
      issuer: HERE,
      folder,
      idleMs: 24 * 3_600_000,
      lifeMs: 7 * 24 * 3_600_000,
      staff: {
        scopesOf: administrators.scopesOf,
        authenticateToken: () => Promise.reject(new Error('no tokens here')),
      },
      admit: identity.admitUser,
    }),
  )
  await sessionFront.catchUp()
  const tenantsFront = stack.use(
    tenants.openTenants({ db, background, database, clock, log, secret, deletionGraceMs: 30 * 24 * 3_600_000 }),
  )
  const { staff } = sessionFront.guards
  const providersFront =
    typeof options.providers === 'function'
      ? stack.use(await options.providers({ database: server, clock, secret, folder, staff }))
      : (options.providers ?? providers.withoutProviders())
  const sent: identity.Message[] = []
  const mailServers: { state: 'ok' | 'unknown' | 'failing'; since: Date }[] = []
  const ground: identity.OpenIdentityOptions = {
    db,
    background,
    fallback: database.database('fallback'),
    database,
    clock,
    sharedNow,
    log,
    secret,
    config: {
      url: HERE,
      relyingPartyId: 'localhost',
      environment: 'test',
      signUp: options.signUp ?? 'open',
      mailRate: 20,
      deletionGraceMs: 30 * 24 * 3_600_000,
    },
    mailFolder: options.mailFolder ?? null,
    sessions: sessionFront,
    applications: directory,
    delivery: { send: (message) => sent.push(message), status: () => mailServers },
    administrators,
    tenants: tenantsFront,
    providers: providersFront,
    people: {
      exporters: { audit: (userId) => audit.readEntries(db, { subject: userId }, 1000) },
      erasers: { audit: async (inside, userId) => (await audit.erasePersonal(inside, userId)) * 0 },
    },
    folder,
  }
  const front = stack.use(identity.openIdentity(ground))
  const parts = partsOf(ground, stack.use(openPost(log)))
  const applicationRoutes = applications.openApplications({
    db,
    background,
    clock,
    log,
    secret,
    environment: 'test',
    url: HERE,
    directory,
    countLive: async () => new Map(),
    endSessionsOf: async () => undefined,
  })
  const http = stack.use(
    await openHttpServer({
      host: '127.0.0.1',
      port: 0,
      origin: HERE,
      trustedProxies: ['127.0.0.1'],
      routes: [
        ...sessions.sessionRoutes({
          sessions: sessionFront,
          applications: directory,
          environment: 'test',
          installationId: () => 'ins_test',
          now: () => clock.now(),
        }),
        ...front.routes,
        ...(options.routes?.(parts) ?? []),
        ...sessions.sessionOrganizationRoutes({ sessions: sessionFront, tenants: tenantsFront }),
        ...tenants.tenantsRoutes({
          tenants: tenantsFront,
          staff: sessionFront.guards.staff,
          personOrStaff: sessionFront.guards.personOrStaff,
          people: front.namesOf,
          countLiveSessions: sessionFront.organization.countLive,
        }),
        ...applicationRoutes.routes(sessionFront.guards.staff),
        ...environment.staffRoutes({
          db,
          clock,
          log,
          secret,
          administrators,
          staff: sessionFront.guards.staff,
          people: (ids) => front.namesOf(db, ids),
          scopesOfCaller: async (_db, { actor }) => administrators.scopesOf(actor?.id ?? ''),
          ableAmong: front.ableAmong,
          onRemoved: front.voidBreakGlassCodes,
          async endConsoleSessions({ userId, by }) {
            for (const { id } of await sessionFront.list({ userId, state: 'live', limit: 100 })) {
              await sessionFront.end({ sessionId: id, reason: 'revoked', by })
            }
          },
        }),
      ],
      folders: options.folders ?? [],
      readForwarded: directory.readForwarded,
      renderProblem: front.renderProblem,
      documentation: { title: 'test', version: '0', description: 'test' },
      clock,
      log,
    }),
  )
  const held = stack.move()
  return {
    clock,
    databaseUrl,
    folder,
    url: http.url,
    sessions: sessionFront,
    identity: front,
    providers: providersFront,
    applications: directory,
    administrators,
    tenants: tenantsFront,
    follow: front.followMemberships,
    db,
    sent,
    mailServers,
    browser: (app) => testBrowser({ url: http.url, origin: app?.origin ?? HERE, sign: app && signer(clock, key, app) }),
    mailTo: (email) => mailTo(sent, email),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

async function migratedDatabase() {
  const sources = [signals, audit, environment, tokens, applications, tenants, sessions, providers, identity].map(
    (feature) => feature.migrations,
  )
  return createTestDatabase({
    template: `identity ${sources.map((source) => source.schema).join(' ')}`,
    async prepare(ownerUrl) {
      await migrate({ ownerUrl, appRole: 'holdfast_app', sources, log: silentLog })
    },
  })
}

/** Turns of the event loop in which a mail that is written after the answer has certainly been written. */
const TURNS_MAX = 50

/** Makes an account, as an import or an earlier sign-in would have. */
export async function seed(rig: IdentityRig, email: string): Promise<string> {
  const now = rig.clock.now()
  const user = await insertUser(rig.db, { id: newId('usr', now), email, emailKey: email.toLowerCase() }, now)
  return user!.id
}

async function mailTo(sent: identity.Message[], email: string) {
  const find = () => sent.findLast((mail) => mail.to === email && /sign-in\/link\//.test(mail.text))
  for (let turn = 0; turn < TURNS_MAX && !find(); turn++) await new Promise((resolve) => setImmediate(resolve))
  const message = find()
  if (!message) throw new Error(`no mail was sent to ${email}`)
  const code = /(\d{3}) (\d{3})/.exec(message.subject)
  const link = /https?:\/\/\S+\/sign-in\/link\/\S+/.exec(message.text)?.[0] ?? ''
  return { code: code ? `${code[1]}${code[2]}` : '', link: new URL(link).pathname, message }
}
