import { appendFile, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import {
  askOnce,
  freezeFamily,
  killFamily,
  readConnection,
  signalFamily,
  startPostgres,
} from '../postgres-server/index.ts'
import { connectionFor, type Connection, passwordsOf } from '../postgres-server/connection-file.ts'
import { freePort } from '../postgres-server/free-port.ts'
import { launch } from '../postgres-server/launch.ts'
import { locateBinaries } from '../postgres-server/locate-binaries.ts'
import { type Family, familyOf } from '../postgres-server/process-family.ts'
import { chooseRunAs } from '../postgres-server/run-as.ts'
import { throwawaySettings } from '../postgres-server/settings.ts'
import { makeTestFolder, removeTestFolder, removeWithProcess } from './test-folder.ts'

const ASK_MS = 20_000
const KILL_MS = 10_000
const PATIENCE_MS = 30_000

/** What streaming asks for, over the settings of a cluster that is thrown away. */
const SETTINGS = {
  ...throwawaySettings,
  wal_level: 'replica',
  max_wal_senders: '5',
  hot_standby: 'on',
  synchronous_commit: 'on',
  wal_retrieve_retry_interval: '100ms',
  wal_receiver_status_interval: '1s',
}

export interface TestNode {
  readonly databaseUrl: string
  readonly ownerUrl: string
  readonly port: number
  /** Asks it as its owner. */
  ask<Row>(text: string): Promise<Row[]>
  /** SIGKILL to every process; returns when all are gone. */
  kill(): Promise<void>
  /** Starts it again, as whatever it was when it ended. */
  start(): Promise<void>
  /** SIGSTOP to every process, and on again. */
  stopAll(): void
  continueAll(): void
}

/** A primary and a replica that streams from it, real, on loopback. */
export interface TestReplication extends AsyncDisposable {
  readonly primary: TestNode
  readonly replica: TestNode
  /** Both, as a setting names them: the primary first. */
  readonly databaseUrl: string
  readonly ownerUrl: string
  /** What the primary acknowledges is on the replica's disk first. */
  makeSynchronous(): Promise<void>
  /** The replica hears nothing more, and the primary goes on alone. */
  detachReplica(): Promise<void>
  /** Returns when the replica takes writes. */
  promoteReplica(): Promise<void>
}

export async function startTestReplication(): Promise<TestReplication> {
  const folder = await makeTestFolder()
  removeWithProcess(folder)
  const binaries = await locateBinaries()
  const places = [join(folder, 'one'), join(folder, 'other')] as const
  const runAs = await chooseRunAs({ folder: places[0], dataFolder: folder, binaries, namespaces: 'when-allowed' })
  const first = await makePrimary(folder, places[0])
  const second = connectionFor(await freePort(), passwordsOf(first))
  await copyCluster(places, first)
  await runAs.giveToServer(join(places[1], 'cluster'))

  const nodeOf = (place: string, connection: Connection) => node({ place, connection, runAs })
  const [primary, replica] = [nodeOf(places[0], first), nodeOf(places[1], second)]
  await primary.start()
  await replica.start()
  await until(async () => (await primary.ask(STREAMING)).length === 1)
  return {
    primary,
    replica,
    databaseUrl: both(primary.databaseUrl, replica.port),
    ownerUrl: both(primary.ownerUrl, replica.port),
    async makeSynchronous() {
      await primary.ask(`alter system set synchronous_standby_names = 'replica'`)
      await primary.ask('select pg_reload_conf()')
      await until(async () => (await primary.ask(`${STREAMING} and sync_state = 'sync'`)).length === 1)
    },
    async detachReplica() {
      await replica.ask(`alter system set primary_conninfo = ''`)
      await replica.ask('select pg_reload_conf()')
      await until(async () => (await replica.ask('select pid from pg_stat_wal_receiver')).length === 0)
    },
    async promoteReplica() {
      await replica.ask('select pg_promote(true, 30)')
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([primary.kill(), replica.kill()])
      removeTestFolder(folder)
    },
  }
}

const STREAMING = `select pid from pg_stat_replication where state = 'streaming'`

/** By the ordinary way to a first cluster, with its roles; then ended, so that it can be copied whole. */
async function makePrimary(folder: string, place: string): Promise<Connection> {
  await mkdir(place, { mode: 0o700 })
  const running = await startPostgres({
    folder: place,
    dataFolder: folder,
    durability: 'throwaway',
    settings: SETTINGS,
  })
  await running.stop()
  await appendFile(join(place, 'cluster/pg_hba.conf'), 'host replication all 127.0.0.1/32 scram-sha-256\n')
  return (await readConnection(join(place, 'connection.json')))!
}

async function copyCluster([from, to]: readonly [string, string], { port, ownerUrl }: Connection): Promise<void> {
  const { username, password } = new URL(ownerUrl)
  const copy = join(to, 'cluster')
  await mkdir(to, { mode: 0o700 })
  await cp(join(from, 'cluster'), copy, { recursive: true, verbatimSymlinks: true })
  await rm(join(copy, 'postmaster.pid'), { force: true })
  await writeFile(join(copy, 'standby.signal'), '')
  const conninfo = `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=replica`
  await appendFile(join(copy, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`)
}

function node(options: {
  place: string
  connection: Connection
  runAs: Awaited<ReturnType<typeof chooseRunAs>>
}): TestNode {
  const { place, connection, runAs } = options
  const { port, databaseUrl, ownerUrl } = connection
  const family: Family = familyOf(join(place, 'cluster'))
  let pid = 0
  return {
    databaseUrl,
    ownerUrl,
    port,
    ask: <Row>(text: string) =>
      askOnce(ownerUrl, ASK_MS, async (client: pg.Client) => (await client.query(text)).rows as Row[]),
    async start() {
      const logFile = join(place, 'postgres.log')
      const { signal } = new AbortController()
      const { child } = await launch({ family, runAs, port, logFile, settings: SETTINGS, signal }, ownerUrl)
      pid = child.pid!
    },
    kill: async () => void (await killFamily(family, KILL_MS)),
    stopAll: () => freezeFamily(family, pid),
    continueAll: () => void signalFamily(family, 'SIGCONT'),
  }
}

const both = (url: string, port: number) =>
  url.replace(/@([^/]+)\//, `@$1,127.0.0.1:${port}/`).concat('?target_session_attrs=read-write')

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (performance.now() > endsAt) throw new Error('the replica never came so far')
    await pause(20)
  }
}
