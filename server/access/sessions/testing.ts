import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { SessionUser } from '../../../sdk/contract.ts'
import * as audit from '../../ground/audit/index.ts'
import * as signals from '../../ground/signals/index.ts'
import {
  DatabaseOutage,
  type DatabaseServer,
  type MigrationSource,
  migrate,
  openDatabaseServer,
} from '../../platform/database/index.ts'
import type { Call, CookieChange } from '../../platform/http/index.ts'
import { silentLog } from '../../platform/log.ts'
import { secretFrom } from '../../platform/secret.ts'
import {
  createTestDatabase,
  type FakeClock,
  fakeClock,
  makeTestFolder,
  removeTestFolder,
  type TestDatabase,
} from '../../platform/testing/index.ts'
import { migrations, openSessions, type Sessions } from './index.ts'
import type { OpenSessionsOptions } from './open-sessions.ts'

export { type FakeClock, fakeClock }
export const testSecret = secretFrom(Buffer.alloc(32, 7))

export function sessionsDatabase(more: readonly MigrationSource[] = []): Promise<TestDatabase> {
  const sources = [signals.migrations, audit.migrations, migrations, ...more]
  return createTestDatabase({
    template: sources.map((source) => source.schema).join(' '),
    async prepare(ownerUrl) {
      await migrate({ ownerUrl, appRole: 'holdfast_app', sources, log: silentLog })
    },
  })
}

export interface SessionsRig extends AsyncDisposable {
  sessions: Sessions
  clock: FakeClock
  database: DatabaseServer
  databaseUrl: string
  folder: string
  /** Ends this process's part and starts it anew on the same disk. */
  restart(): Promise<void>
}

export const HOUR_MS = 60 * 60 * 1000

/** Sessions on a real database, with a clock of the test's and, if wanted, a fault between the two. */
export async function openRig(
  options: {
    clock?: FakeClock
    databaseUrl?: string
    wrap?: (database: DatabaseServer) => DatabaseServer
    folder?: string
    idleMs?: number
    lifeMs?: number
    extraMigrations?: readonly MigrationSource[]
    shared?: OpenSessionsOptions['shared']
  } = {},
): Promise<SessionsRig> {
  const clock = options.clock ?? fakeClock()
  const own = options.databaseUrl ? undefined : await sessionsDatabase(options.extraMigrations)
  const folder = options.folder ?? join(await makeTestFolder(), 'access')
  const databaseUrl = options.databaseUrl ?? own!.databaseUrl
  const server = openDatabaseServer({
    url: databaseUrl,
    name: 'test',
    clock,
    log: silentLog,
  })
  const database = options.wrap?.(server) ?? server
  const open = () =>
    openSessions({
      database,
      clock,
      sharedNow: async () => clock.now(),
      log: silentLog,
      secret: testSecret,
      issuer: 'http://localhost:4000',
      folder,
      idleMs: options.idleMs ?? HOUR_MS,
      lifeMs: options.lifeMs ?? 24 * HOUR_MS,
      shared: options.shared,
      staff: { scopesOf: () => new Set(), authenticateToken: () => Promise.reject(new Error('no tokens here')) },
    })
  const rig: SessionsRig = {
    sessions: await open(),
    clock,
    database,
    databaseUrl,
    folder,
    async restart() {
      await rig.sessions[Symbol.asyncDispose]()
      rig.sessions = await open()
    },
    async [Symbol.asyncDispose]() {
      await rig.sessions[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      await own?.drop()
      if (!options.folder) removeTestFolder(join(folder, '..'))
    },
  }
  return rig
}

export type Jar = Record<string, string>

/** A request of a browser with these cookies. */
export function callWith(cookies: Jar = {}, headers: Record<string, string> = {}): Call {
  return {
    method: 'GET',
    path: '/',
    body: undefined,
    query: {},
    params: {},
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', ...headers },
    cookies,
    address: '192.0.2.7',
    origin: 'http://localhost:4000',
    isSecure: false,
    prefix: '',
    application: null,
    signal: new AbortController().signal,
    actor: null,
  }
}

/** What a browser does with an answer's cookies. */
export function keep(jar: Jar, changes: readonly CookieChange[]): Jar {
  const next = { ...jar }
  for (const { name, value } of changes) {
    if (value === null) delete next[name]
    else next[name] = value
  }
  return next
}

export function person(name = 'Ana'): SessionUser {
  const id = randomBytes(6).toString('hex')
  return { id: `usr_${id}`, email: `${name.toLowerCase()}-${id}@acme.test`, name, picture_url: null }
}

export const otp = { audience: 'account', amr: ['otp'], acr: 'aal1' }

/** A database whose wire can be cut, and whose next COMMIT can lose its answer. */
export function faulty() {
  const state = { isAway: false, losesNextCommit: false }
  const wrap = (server: DatabaseServer): DatabaseServer => ({
    ...server,
    isAway: () => state.isAway,
    database(purpose) {
      const real = () => {
        if (state.isAway) throw new DatabaseOutage('failed', 'cut by the test')
        return server.database(purpose)
      }
      return {
        many: async (statement) => real().many(statement),
        maybe: async (statement) => real().maybe(statement),
        one: async (statement) => real().one(statement),
        run: async (statement) => real().run(statement),
        gather: async (write, item) => real().gather(write, item),
        async transaction(work) {
          const result = await real().transaction(work)
          if (!state.losesNextCommit) return result
          state.losesNextCommit = false
          throw new DatabaseOutage('unknown', 'the answer was lost by the test')
        },
      }
    },
  })
  return { state, wrap }
}
