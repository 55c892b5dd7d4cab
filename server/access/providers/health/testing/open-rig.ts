import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Certificate, type CertificateAuthority, makeCertificateAuthority } from '../../../../../doubles/index.ts'
import * as audit from '../../../../ground/audit/index.ts'
import * as signals from '../../../../ground/signals/index.ts'
import { systemClock } from '../../../../platform/clock.ts'
import { type DatabaseServer, migrate, openDatabaseServer } from '../../../../platform/database/index.ts'
import { silentLog } from '../../../../platform/log.ts'
import { createTestDatabase, type TestDatabase } from '../../../../platform/testing/index.ts'
import { openEgress } from '../../egress/index.ts'
import { migrations } from '../../index.ts'
import * as queries from '../../queries.ts'
import { letPass, movableClock, testSecret } from '../../testing.ts'
import type { Verdict } from '../../verdict.ts'
import { type Health, openHealth } from '../open-health.ts'
import type { Target } from '../probe.ts'

export const providersDatabase = (): Promise<TestDatabase> =>
  createTestDatabase({
    template: 'providers health',
    prepare: async (ownerUrl) => {
      const sources = [audit.migrations, signals.migrations, migrations]
      await migrate({ ownerUrl, appRole: 'holdfast_app', sources, log: silentLog })
    },
  })

export async function insertProvider(database: DatabaseServer, id: string): Promise<void> {
  await database.database('background').transaction(async (db) => {
    await queries.insertProvider(
      db,
      {
        id,
        name: id,
        preset: 'oidc',
        issuer: `https://${id}.test`,
        client_id: 'holdfast',
        client_secret_sealed: null,
        client_secret_expires_at: null,
        token_endpoint_auth: 'none',
        scopes: ['openid'],
        tenants: [],
        trusts_email: false,
        trusts_factors: false,
        keys_good_for_ms: 24 * 3_600_000,
      },
      systemClock.now(),
    )
    await queries.noteTested(db, id, 1, systemClock.now())
    await queries.setEnabled(db, id, true, systemClock.now())
  })
}

/** The endpoints of the double, wherever it stands. */
export function targetAt(id: string, origin: string): Target {
  const at = (path: string) => `${origin}${path}`
  return {
    id,
    clientId: 'holdfast',
    discovery: at('/.well-known/openid-configuration'),
    keys: at('/jwks'),
    authorization: at('/auth'),
    token: at('/token'),
  }
}

/** What is asked beside a provider that seems down. */
export interface ControlDouble extends AsyncDisposable {
  url: string
  /** By how much its clock is ahead. */
  aheadS: number
  asked: number
  close(): Promise<void>
}

export async function startControl(certificate: Certificate, host: string): Promise<ControlDouble> {
  const server = createServer(certificate, (_request, response) => {
    control.asked += 1
    const date = new Date(systemClock.now().getTime() + control.aheadS * 1000).toUTCString()
    response.writeHead(404, { date }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const control: ControlDouble = {
    url: `https://${host}:${(server.address() as AddressInfo).port}/`,
    aheadS: 0,
    asked: 0,
    async close() {
      if (!server.listening) return
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
    [Symbol.asyncDispose]: () => control.close(),
  }
  return control
}

/** Knows these names, which are all on this machine, and of every other says that there is none (RFC 1035, NXDOMAIN). */
export async function startNames(names: Set<string>): Promise<{ address: string } & AsyncDisposable> {
  const socket = createSocket('udp4')
  socket.on('message', (asked, from) => {
    socket.send(answerName(asked, names), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async [Symbol.asyncDispose]() {
      socket.close()
    },
  }
}

function answerName(asked: Buffer, names: ReadonlySet<string>): Buffer {
  const labels: string[] = []
  let at = 12
  while (asked[at]) {
    labels.push(asked.toString('latin1', at + 1, at + 1 + asked[at]!))
    at += asked[at]! + 1
  }
  const question = asked.subarray(12, at + 5)
  const isKnown = names.has(labels.join('.'))
  const hasAddress = isKnown && asked.readUInt16BE(at + 1) === 1
  const head = Buffer.from(asked.subarray(0, 12))
  head.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2)
  head.writeUInt16BE(hasAddress ? 1 : 0, 6)
  head.writeUInt32BE(0, 8)
  // The name again, an address in the Internet, for no time at all: 127.0.0.1.
  const found = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1])
  return Buffer.concat([head, question, ...(hasAddress ? [found] : [])])
}

export interface HealthRig extends AsyncDisposable {
  database: DatabaseServer
  databaseUrl: string
  authority: CertificateAuthority
  control: ControlDouble
  health: Health
  clock: ReturnType<typeof movableClock>
  targets: Target[]
  /** Looks at everything that is due, and waits for what becomes of it. */
  look(of?: Health): Promise<void>
  /** Time goes by, for this process and for what lies in the database. */
  pass(ms: number): Promise<void>
  verdict(id: string): Promise<Verdict | undefined>
  /** Another process of the installation; `isCutOff`: nobody outside answers it, neither providers nor the control target. */
  beside(processId: string, how?: { isCutOff: boolean }): Health
}

export async function openHealthRig(options: { nameServer?: string; controlHost?: string } = {}): Promise<HealthRig> {
  await using stack = new AsyncDisposableStack()
  const clock = movableClock()
  const store = stack.use(await providersDatabase())
  const database = stack.use(openDatabaseServer({ url: store.databaseUrl, name: 'test', clock, log: silentLog }))
  await database.probeNow()
  const authority = makeCertificateAuthority()
  const { controlHost = '127.0.0.1' } = options
  const control = stack.use(await startControl(authority.issue({ hosts: [controlHost] }), controlHost))
  const loopback = { isAllowed: true, authorities: [authority.cert], nameServer: options.nameServer }
  const { ask } = openEgress({ clock, loopback })
  // It knows none of the authorities that the world goes by: so each connection fails.
  const cutOff = openEgress({ clock, loopback: { ...loopback, authorities: [makeCertificateAuthority().cert] } })
  const targets: Target[] = []
  const open = (processId: string, until: AsyncDisposableStack, { isCutOff } = { isCutOff: false }) =>
    until.use(
      openHealth({
        ...{ database, clock, log: silentLog, secret: testSecret, processId, ask: isCutOff ? cutOff.ask : ask },
        controlUrls: [control.url],
        targets: () => targets,
        staff: () => async () => ({
          ...{ kind: 'person', id: 'usr_admin', sessionId: 'ses_1', isStaff: true, impersonatorId: null },
        }),
      }),
    )
  const health = open('process-1', stack)
  await health.reload()
  const db = database.database('background')
  const held = stack.move()
  const pass = (ms: number) => letPass({ db, clock }, ms)
  return {
    ...{ database, databaseUrl: store.databaseUrl, authority, control, health, clock, targets, pass },
    beside: (processId, how) => open(processId, held, how),
    async look(of = health) {
      const tick = of.jobs.find(({ name }) => name === 'look at providers')!
      await of.reload()
      // What is new to it is looked at within a second.
      await tick.run()
      await of.settled()
      await pass(1000)
      await tick.run()
      await of.settled()
    },
    verdict: (id) => health.verdictIn(db, id),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}
