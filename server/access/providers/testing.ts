import { randomBytes } from 'node:crypto'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type CertificateAuthority, makeCertificateAuthority } from '../../../doubles/index.ts'
import {
  type Behaviour,
  type OidcProvider,
  type Person,
  startOidcProvider,
  walkThrough,
} from '../../../doubles/oidc/index.ts'
import * as audit from '../../ground/audit/index.ts'
import * as signals from '../../ground/signals/index.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { type Database, type DatabaseServer, migrate, openDatabaseServer, sql } from '../../platform/database/index.ts'
import type { Guard } from '../../platform/http/index.ts'
import { newId } from '../../platform/id.ts'
import { type Logger, silentLog } from '../../platform/log.ts'
import { type Secret, secretFrom } from '../../platform/secret.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder } from '../../platform/testing/index.ts'
import { migrations, openProviders } from './index.ts'
import { callbackUrlOf, type OpenProvidersOptions, type Providers } from './open-providers.ts'
import type { Provider } from './provider.ts'
import * as queries from './queries.ts'
import { formerSelf, keepIssuers } from './settings/said.ts'
import { SEAL_PURPOSE } from './settings/told.ts'

export const TEST_URL = 'https://id.acme.test'
export const TEST_CLIENT = { client_id: 'holdfast', client_secret: 'a-secret-of-a-test' }
export const ana = { sub: 'ana', email: 'ana@acme.test', email_verified: true, name: 'Ana Acme' }

/** A provider of the outside world, on loopback over https, and who signs its certificate. */
export interface Outside extends AsyncDisposable {
  oidc: OidcProvider
  authority: CertificateAuthority
  /** As the administrator over there does it for a provider of ours. */
  allow(clientId: string, providerId: string): Promise<void>
  /** The one way back that is allowed for it. */
  callbackOf(providerId: string): string
  behave(behaviour: Partial<Behaviour>): Promise<void>
  /** Whoever is sent there comes back to this; by the form when there is no hint. */
  walk(departureUrl: string, sub?: string): Promise<URL>
}

/** Who comes back with a code, in a browser that is known, for the first time. */
export const somebody = (browser: Buffer = randomBytes(32)) => ({
  caller: { browser, block: '192.0.2.0/24', isKnown: true },
  useUp: async () => true,
})

/** One for all in this process: of two with the same name OpenSSL tries one. */
let made: CertificateAuthority | undefined
export function ownAuthority(): CertificateAuthority {
  made ??= makeCertificateAuthority()
  return made
}

/** Its clock is kept at what the test takes for now, whenever somebody walks through it. */
export async function startOutside(
  options: { url?: string; people?: Person[]; clock?: Clock; authority?: CertificateAuthority; issuer?: string } = {},
): Promise<Outside> {
  const { url = TEST_URL, people = [ana], clock = systemClock, authority = ownAuthority() } = options
  const callbackOf = (providerId: string) => callbackUrlOf(url, providerId)
  const oidc = await startOidcProvider({
    people,
    clients: [{ ...TEST_CLIENT, redirect_uris: [callbackOf('nobody')] }],
    certificate: authority.issue({ hosts: ['127.0.0.1', 'localhost'] }),
    ...(options.issuer !== undefined && { issuer: options.issuer }),
  })
  // Who walks through it is no part of Holdfast, and has to trust it too.
  setDefaultCACertificates([...getCACertificates('default'), authority.cert])
  let lastAhead = 0
  const behave: Outside['behave'] = async (behaviour) => {
    await oidc.order({ do: 'behave', behaviour })
  }
  const outside: Outside = {
    oidc,
    authority,
    callbackOf,
    behave,
    async allow(clientId, providerId) {
      await oidc.order({ do: 'allow-callback', client_id: clientId, redirect_uri: callbackOf(providerId) })
    },
    async walk(departureUrl, sub) {
      const ahead = Math.round((clock.now().getTime() - systemClock.now().getTime()) / 1000)
      if (ahead !== lastAhead) await behave({ clockAheadSeconds: ahead })
      lastAhead = ahead
      return walkThrough(new URL(departureUrl), callbackOf(''), sub)
    },
    async [Symbol.asyncDispose]() {
      outsides.delete(oidc.issuer)
      await oidc[Symbol.asyncDispose]()
    },
  }
  outsides.set(oidc.issuer, outside)
  return outside
}

/** By issuer: whoever sets a provider up here has its callback allowed there. */
const outsides = new Map<string, Outside>()

/** What `openProviders` needs beside what a test has anyway. */
export function testOptions(options: {
  database: DatabaseServer
  folder: string
  authorities: readonly string[]
  clock?: Clock
  log?: Logger
  secret?: Secret
  url?: string
  processId?: string
  staff?: OpenProvidersOptions['staff']
}): OpenProvidersOptions {
  const { clock = systemClock, log = silentLog, secret = testSecret, url = TEST_URL, authorities, ...rest } = options
  return {
    processId: 'process-1',
    controlUrls: [],
    staff: () => letEverybodyIn,
    ...rest,
    clock,
    log,
    secret,
    url,
    loopback: { isAllowed: true, authorities },
  }
}

export const testSecret = secretFrom(Buffer.alloc(32, 7))

const letEverybodyIn: Guard = async () => ({
  kind: 'person',
  id: 'usr_admin',
  sessionId: 'ses_1',
  isStaff: true,
  impersonatorId: null,
})

type TestProvider = Partial<queries.ProviderSaid> & { issuer: string; domains?: string[]; isDisabled?: boolean }

/** Sets a provider up as if it had been added, tested and enabled, and has `providers` know it with its documents. */
export async function insertTestProvider(
  parts: { db: Database; providers: Providers; secret?: Secret; clock?: Clock },
  more: TestProvider,
): Promise<Provider> {
  const { providers } = parts
  const id = await putTestProvider(parts, more)
  await providers.reload()
  // Twice: keys are found by what discovery says.
  const fetching = providers.jobs.find(({ name }) => name === 'fetch documents of providers')!
  await fetching.run()
  return providers.find(id)!
}

/** The same for another process, which comes to know it within seconds. */
export async function putTestProvider(
  { db, secret = testSecret, clock = systemClock }: { db: Database; secret?: Secret; clock?: Clock },
  more: TestProvider,
): Promise<string> {
  const { domains = [], isDisabled = false, ...said } = more
  const now = clock.now()
  const id = await db.transaction(async (tx) => {
    const former = await formerSelf(tx, { preset: 'oidc', tenants: [], ...said })
    const row = await queries.insertProvider(
      tx,
      {
        id: newId('prv', now),
        ...former,
        name: 'Acme SSO',
        preset: 'oidc',
        client_id: TEST_CLIENT.client_id,
        client_secret_sealed: secret.seal(SEAL_PURPOSE, TEST_CLIENT.client_secret),
        client_secret_expires_at: null,
        token_endpoint_auth: 'client_secret_basic',
        scopes: ['openid', 'email', 'profile'],
        tenants: [],
        trusts_email: false,
        trusts_factors: false,
        keys_good_for_ms: 24 * 3_600_000,
        ...said,
      },
      now,
    )
    await keepIssuers(tx, row, now)
    await queries.setDomains(tx, row.id, domains, now)
    await queries.noteTested(tx, row.id, row.version, now)
    if (!isDisabled) await queries.setEnabled(tx, row.id, true, now)
    return row.id
  })
  await outsides.get(more.issuer)?.allow(more.client_id ?? TEST_CLIENT.client_id, id)
  return id
}

export interface ProviderRig extends AsyncDisposable, Outside {
  database: DatabaseServer
  db: Database
  databaseUrl: string
  folder: string
  providers: Providers
  provider: Provider
  clock: Clock & { advance(ms: number): void }
  /** Every line that was logged at `warn` or above, as an object. */
  logged: Record<string, unknown>[]
  /** From the click to what the exchange says, for a person of the provider. */
  signIn(sub?: string, by?: Providers): ReturnType<Providers['exchange']>
  /** Another process of the same installation, with a folder of its own. */
  beside(): Promise<Providers>
}

/** The machine's time, moved: the provider outside has the same, and tokens are of now. */
export function movableClock(): ProviderRig['clock'] {
  let aheadMs = 0
  return {
    now: () => new Date(systemClock.now().getTime() + aheadMs),
    monotonicMs: () => systemClock.monotonicMs() + aheadMs,
    advance(ms) {
      aheadMs += ms
    },
  }
}

/** Time goes by, for this process and for what lies in the database. */
export async function letPass({ db, clock }: { db: Database; clock: { advance(ms: number): void } }, ms: number) {
  clock.advance(ms)
  const by = `${ms} milliseconds`
  await db.run(sql`update providers.evidence set seen_at = seen_at - ${by}::interval`)
  await db.run(sql`
    update providers.watcher
       set seen_at = seen_at - ${by}::interval, cut_off_at = cut_off_at - ${by}::interval`)
  await db.run(sql`
    update providers.verdict
       set since = since - ${by}::interval, open_since = open_since - ${by}::interval,
           closed_at = closed_at - ${by}::interval, ordered_at = ordered_at - ${by}::interval,
           ordered_until = ordered_until - ${by}::interval`)
}

/** Providers on a database of their own, and one that is enabled and known. */
export async function openProviderRig(
  more: Partial<Parameters<typeof insertTestProvider>[1]> & { people?: Person[] } = {},
): Promise<ProviderRig> {
  const { people, ...said } = more
  await using stack = new AsyncDisposableStack()
  const clock = movableClock()
  const logged: Record<string, unknown>[] = []
  const log = listeningLog(logged)
  const outside = stack.use(await startOutside({ clock, ...(people && { people }) }))
  const sources = [audit.migrations, signals.migrations, migrations]
  const store = stack.use(
    await createTestDatabase({
      template: 'providers',
      prepare: async (ownerUrl) => {
        await migrate({ ownerUrl, appRole: 'holdfast_app', sources, log: silentLog })
      },
    }),
  )
  const database = stack.use(openDatabaseServer({ url: store.databaseUrl, name: 'test', clock, log: silentLog }))
  await database.probeNow()
  const db = database.database('background')
  const open = async (until: AsyncDisposableStack) => {
    const folder = await makeTestFolder()
    until.defer(() => removeTestFolder(folder))
    const processId = `process-${folder}`
    const options = testOptions({ database, folder, authorities: [outside.authority.cert], clock, log, processId })
    return { folder, providers: until.use(await openProviders(options)) }
  }
  const { folder, providers } = await open(stack)
  const provider = await insertTestProvider({ db, providers, clock }, { issuer: outside.oidc.issuer, ...said })
  const held = stack.move()
  return {
    ...outside,
    database,
    db,
    databaseUrl: store.databaseUrl,
    folder,
    providers,
    provider,
    clock,
    logged,
    async signIn(sub = 'ana', by = providers) {
      const { url, ...departure } = await by.depart(provider, {})
      const callbackUrl = await outside.walk(url, sub)
      return by.exchange(provider, { callbackUrl, departure, ...somebody() })
    },
    async beside() {
      const { providers: other } = await open(held)
      await other.reload()
      return other
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** As `silentLog`, and what a person would be shown is kept. */
function listeningLog(logged: Record<string, unknown>[]): Logger {
  const hear = (first: unknown, text?: string) => {
    logged.push({ ...(first as object), text })
  }
  return Object.assign(Object.create(silentLog) as Logger, { warn: hear, error: hear })
}
