import { join } from 'node:path'
import type { FlagDefinition } from '../../../sdk/evaluate.ts'
import { judgeSnapshot } from '../../../sdk/flags/judge-snapshot.ts'
import { nodeSeals } from '../../../sdk/flags/node-seals.ts'
import { type Parsed, parseSnapshot } from '../../../sdk/flags/snapshot.ts'
import { type Trust, trustFor } from '../../../sdk/flags/trust.ts'
import * as audit from '../../ground/audit/index.ts'
import { BY_COMMAND_LINE } from '../../ground/audit/index.ts'
import * as signals from '../../ground/signals/index.ts'
import { type DatabaseServer, migrate, openDatabaseServer } from '../../platform/database/index.ts'
import type { Guard } from '../../platform/http/index.ts'
import { silentLog } from '../../platform/log.ts'
import { askOnce } from '../../platform/postgres-server/index.ts'
import { refusals } from '../../platform/refusal.ts'
import { secretFrom } from '../../platform/secret.ts'
import {
  createTestDatabase,
  type FakeClock,
  fakeClock,
  makeTestFolder,
  removeTestFolder,
  type TestDatabase,
} from '../../platform/testing/index.ts'
import { type Flags, migrations, type OpenFlagsOptions, openFlags } from './index.ts'

export { type FakeClock, fakeClock }
export const by = BY_COMMAND_LINE
export const stamp = { environment: 'test', installationId: 'ins_test' }
export const testSecret = secretFrom(Buffer.alloc(32, 7))
const ASK_MS = 30_000

const sources = [signals.migrations, audit.migrations, migrations]

export function flagsDatabase(): Promise<TestDatabase> {
  return createTestDatabase({
    template: 'flags with signals and audit',
    async prepare(ownerUrl) {
      await migrate({ ownerUrl, appRole: 'holdfast_app', sources, log: silentLog })
    },
  })
}

const refuse = refusals('applications', { key_unknown: [401, 'This key is not known here.'] })
/** Applications are known by their names. */
export const applications = {
  authenticate(authorization: string | undefined) {
    const id = /^Bearer hf_test_app_(\w+)$/.exec(authorization ?? '')?.[1]
    if (!id) throw refuse('key_unknown')
    return { id: `app_${id}` } as ReturnType<OpenFlagsOptions['applications']['authenticate']>
  },
}
const staff = (): Guard => async (call) => {
  if (call.headers.authorization !== 'Bearer staff') throw refuse('key_unknown')
  return { kind: 'token', id: 'tok_1', sessionId: null, isStaff: true, impersonatorId: null }
}

/** One process of access: its own memory and disk. */
export interface FlagsRig extends AsyncDisposable {
  flags: Flags
  clock: FakeClock
  folder: string
  /** Ends this process and starts it anew on the same disk; `on`: with another database behind the same address. */
  restart(on?: { databaseUrl: string }): Promise<void>
  /** The database that is asked from now on. */
  server(): DatabaseServer
}

interface RigOptions {
  databaseUrl: string
  clock?: FakeClock
  folder?: string
  wrap?: (server: DatabaseServer) => DatabaseServer
  isOriginal?: boolean
}

export async function openRig(options: RigOptions): Promise<FlagsRig> {
  const clock = options.clock ?? fakeClock()
  const own = options.folder ? undefined : await makeTestFolder()
  const folder = options.folder ?? join(own!, 'access')
  let url = options.databaseUrl
  const start = async () => {
    const server = openDatabaseServer({ url, name: 'test', clock, log: silentLog })
    const database = options.wrap?.(server) ?? server
    const flags = await openFlags({
      database,
      clock,
      log: silentLog,
      secret: testSecret,
      environment: stamp.environment,
      folder,
      stamp: () => stamp,
      isOriginal: async () => options.isOriginal ?? true,
      applications,
      staff,
    })
    return { server, flags }
  }
  let running = await start()
  const rig: FlagsRig = {
    flags: running.flags,
    clock,
    folder,
    server: () => running.server,
    async restart(on) {
      await running.flags[Symbol.asyncDispose]()
      await running.server[Symbol.asyncDispose]()
      url = on?.databaseUrl ?? url
      running = await start()
      rig.flags = running.flags
    },
    async [Symbol.asyncDispose]() {
      await running.flags[Symbol.asyncDispose]()
      await running.server[Symbol.asyncDispose]()
      if (own) removeTestFolder(own)
    },
  }
  return rig
}

export const flagOf = (variant = 'on', more: Partial<FlagDefinition> = {}): FlagDefinition => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: variant,
  ...more,
})

/** `flag-001` and so on, all on. */
export const manyFlags = (count: number) => ({
  flags: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`flag-${String(index + 1).padStart(3, '0')}`, flagOf()]),
  ),
})

/** As the owner of everything, who can get round every guard. */
export function asOwner<Row = Record<string, unknown>>(ownerUrl: string, statement: string): Promise<Row[]> {
  return askOnce(ownerUrl, ASK_MS, async (client) => {
    const result = await client.query(statement)
    return (Array.isArray(result) ? result.at(-1) : result).rows
  })
}

export const tables = ['head', 'change', 'entry', 'snapshot', 'key', 'report', 'intent', 'claim'].map(
  (name) => `flags.${name}`,
)

/** What no guard refuses: the triggers are switched off first. */
export const wipe = (ownerUrl: string) =>
  asOwner(ownerUrl, `set session_replication_role = replica; truncate ${tables.join(', ')}`)

/** As an app's SDK: takes what it may, keeps what it had, and answers by it. */
export function openClient() {
  let trust: Trust = trustFor({ environment: stamp.environment })
  let held: Parsed | undefined
  return {
    /** What became of the offer. */
    offer(text: string): string {
      const read = parseSnapshot(text)
      if ('fault' in read) return read.fault
      const judged = judgeSnapshot(held, read, trust, nodeSeals)
      if (judged.outcome === 'quarantined') return judged.fault
      if (judged.outcome === 'accepted') {
        trust = judged.trust
        held = read
      }
      return judged.outcome
    },
    number: () => (held ? `e${held.body.epoch}.s${held.body.seq}` : 'none'),
    count: () => Object.keys(held?.body.flags ?? {}).length,
  }
}

/** A backup that is put back later: all of the database as it is now, under another name. */
export async function copyOf({ ownerUrl, databaseUrl }: TestDatabase): Promise<TestDatabase> {
  const named = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
  const name = new URL(ownerUrl).pathname.slice(1)
  const copy = `${name}_copy`
  const postgres = named(ownerUrl, 'postgres')
  await asOwner(postgres, `alter database ${name} allow_connections false`)
  await asOwner(postgres, `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${name}'`)
  await asOwner(postgres, `create database ${copy} template ${name} strategy file_copy`)
  await asOwner(postgres, `alter database ${name} allow_connections true`)
  await asOwner(postgres, `grant connect, temporary on database ${copy} to holdfast_app`)
  const drop = async () => void (await asOwner(postgres, `drop database if exists ${copy} with (force)`))
  return {
    databaseUrl: named(databaseUrl, copy),
    ownerUrl: named(ownerUrl, copy),
    drop,
    [Symbol.asyncDispose]: drop,
  }
}
