import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect as dial } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isPortFree, freePort as anyFreePort } from '../postgres-server/free-port.ts'
import { sendSignal } from '../processes.ts'
import { makeTestFolder, removeTestFolder } from '../testing/index.ts'

/** Redis 7.0 of Debian stands for Valkey, which it has no package of; both speak the same protocol. */
const SERVER = '/usr/bin/redis-server'
const CLIENT = '/usr/bin/redis-cli'
/** Generous: a test waits for what happens, not for how fast this machine is. */
const PATIENCE_MS = 30_000
const LOOK_AGAIN_MS = 10
/** Another process may take a port between our looking and the server's taking it. */
const PORT_TRIES = 5
/** The bus of a cluster listens 10 000 above. */
const BUS_OFFSET = 10_000

export interface RedisOptions {
  /** As on the command line: `['--maxmemory', '2mb']`. */
  args?: readonly string[]
  /** A port that was free before; for a server that comes back. */
  port?: number
  /** Certificate, key and authority as files: this server speaks TLS only. */
  tls?: { cert: string; key: string; ca: string }
  isSentinel?: boolean
}

export interface Redis extends AsyncDisposable {
  port: number
  url: string
  pid: number
  /** SIGSTOP: connections stay, nobody answers. */
  freeze(): void
  thaw(): void
  /** SIGKILL; resolves when it is gone. Started again at the same port it is empty. */
  kill(): Promise<void>
  /** One command by redis-cli, its answer as text. */
  command(...words: readonly string[]): Promise<string>
}

const living = new Set<number>()
let isListening = false

/** A real server with nothing in it, on a free port of loopback, that keeps nothing. */
export async function startRedis(options: RedisOptions = {}): Promise<Redis> {
  for (let left = options.port === undefined ? PORT_TRIES : 1; ; left--) {
    const port = options.port ?? (await freePort())
    try {
      return await startAt(port, options)
    } catch (error) {
      if (left <= 1) throw error
    }
  }
}

async function startAt(port: number, options: RedisOptions): Promise<Redis> {
  const { args = [], tls } = options
  const folder = await makeTestFolder()
  const words = [...(options.isSentinel ? sentinelWords(folder, args) : serverWords(folder)), ...portWords(port, tls)]
  const child = spawn(SERVER, [...words, ...(options.isSentinel ? ['--sentinel'] : args)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (bytes) => {
    said = `${said}${bytes}`.slice(-4000)
  })
  await once(child, 'spawn')
  const pid = child.pid!
  endWithProcess(pid)
  const gone = once(child, 'exit').then(() => {
    living.delete(pid)
    removeTestFolder(folder)
  })
  const password = passwordIn(args)
  const access = [
    ...(password ? ['--no-auth-warning', '-a', password] : []),
    ...(tls ? ['--tls', '--cacert', tls.ca] : []),
  ]
  await untilListening(
    port,
    () => child.exitCode !== null || child.signalCode !== null,
    () => said,
  )
  return {
    port,
    pid,
    url: `${tls ? 'rediss' : 'redis'}://${password ? `:${encodeURIComponent(password)}@` : ''}127.0.0.1:${port}`,
    freeze: () => void sendSignal(pid, 'SIGSTOP'),
    thaw: () => void sendSignal(pid, 'SIGCONT'),
    async kill() {
      sendSignal(pid, 'SIGKILL')
      await gone
    },
    command: (...asked) => ask(port, [...access, ...asked]),
    async [Symbol.asyncDispose]() {
      sendSignal(pid, 'SIGKILL')
      await gone
    },
  }
}

function serverWords(folder: string): string[] {
  return ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, '--daemonize', 'no']
}

/** A sentinel rewrites its own file; its lines are given as `sentinel monitor …`. */
function sentinelWords(folder: string, lines: readonly string[]): string[] {
  const file = join(folder, 'sentinel.conf')
  writeFileSync(file, `${['bind 127.0.0.1', `dir ${folder}`, ...lines].join('\n')}\n`)
  return [file]
}

function portWords(port: number, tls: RedisOptions['tls']): string[] {
  if (!tls) return ['--port', String(port)]
  const files = ['--tls-cert-file', tls.cert, '--tls-key-file', tls.key, '--tls-ca-cert-file', tls.ca]
  return ['--port', '0', '--tls-port', String(port), ...files, '--tls-auth-clients', 'no']
}

function passwordIn(args: readonly string[]): string | undefined {
  const at = args.indexOf('--requirepass')
  return at < 0 ? undefined : args[at + 1]
}

/** The killing of a run must not leave servers behind. */
function endWithProcess(pid: number): void {
  living.add(pid)
  if (isListening) return
  isListening = true
  process.on('exit', () => {
    for (const each of living) sendSignal(each, 'SIGKILL')
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    if (process.listenerCount(signal) === 0) process.on(signal, () => process.exit(1))
  }
}

async function freePort(): Promise<number> {
  for (let left = 100; left > 0; left--) {
    const port = await anyFreePort()
    if (port + BUS_OFFSET <= 65_535 && (await isPortFree(port + BUS_OFFSET))) return port
  }
  throw new Error('no free port below 55536')
}

async function untilListening(port: number, hasEnded: () => boolean, said: () => string): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    if (hasEnded()) throw new Error(`redis-server ended: ${said()}`)
    if (await listens(port)) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  throw new Error(`redis-server does not listen: ${said()}`)
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial({ host: '127.0.0.1', port })
    const end = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

async function ask(port: number, words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(CLIENT, ['-p', String(port), ...words], { timeout: PATIENCE_MS })
  return stdout.trim()
}

export interface RedisCluster extends AsyncDisposable {
  url: string
  nodes: readonly Redis[]
}

/** Three primaries without replicas: the smallest real cluster. */
export async function startRedisCluster(): Promise<RedisCluster> {
  await using stack = new AsyncDisposableStack()
  const nodes: Redis[] = []
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']
  for (let count = 0; count < 3; count++) nodes.push(stack.use(await startRedis({ args })))
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`)
  await promisify(execFile)(CLIENT, ['--cluster', 'create', ...hosts, '--cluster-yes'], { timeout: PATIENCE_MS })
  await untilSaid(() => nodes[0]!.command('cluster', 'info'), 'cluster_state:ok')
  const held = stack.move()
  return { url: `redis+cluster://${hosts.join(',')}`, nodes, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** A sentinel that watches this primary under the name `cache`. */
export async function startSentinel(primary: Redis): Promise<Redis> {
  const args = [`sentinel monitor cache 127.0.0.1 ${primary.port} 1`, 'sentinel down-after-milliseconds cache 1000']
  return startRedis({ args, isSentinel: true })
}

async function untilSaid(look: () => Promise<string>, text: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    if ((await look()).includes(text)) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  throw new Error(`it was never said: ${text}`)
}
