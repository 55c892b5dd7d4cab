/** The real thing, as `npm start` starts it: supervisor, PostgreSQL, access and the demo, on ports and a folder of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { until } from './until.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Making a database cluster is the slow part, and other tests may be making theirs. */
const READY_MS = 120_000
const STOP_MS = 20_000
const SAID_MAX = 2000
const LOOK_EVERY_MS = 50
/** Beyond it the supervisor only goes on trying, and no patience helps. */
const RESTARTS_MAX = 4

export type StackPart = 'access' | 'demo' | 'database'

export interface TestStack extends AsyncDisposable {
  /** The data folder of everything. */
  data: string
  accessUrl: string
  demoUrl: string
  /** SIGSTOP: everything connects and nothing answers. */
  freeze(part: StackPart): void
  thaw(part: StackPart): void
  /** SIGKILL; the supervisor starts it again. */
  kill(part: StackPart): void
  pids(part: StackPart): number[]
  said(): string
}

export async function openStack(): Promise<TestStack> {
  const data = await mkdtemp(join(tmpdir(), 'holdfast-stack-'))
  const [access, demo, mail, watch] = await freePorts(4)
  const child = spawn(process.execPath, [join(ROOT, 'server/supervisor/main.ts'), '--demo'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOLDFAST_DATA: data,
      HOLDFAST_ACCESS_PORT: String(access),
      HOLDFAST_DEMO_PORT: String(demo),
      HOLDFAST_MAIL_PORT: String(mail),
      HOLDFAST_WATCH_PORT: String(watch),
    },
  })
  let text = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (text += chunk))

  const pids = (part: StackPart) => (part === 'database' ? databasePids(data) : childPids(child.pid!, part))
  const signal = (part: StackPart, name: NodeJS.Signals) => {
    const found = pids(part)
    if (found.length === 0) throw new Error(`${part} has no process:\n${text}`)
    for (const pid of found) process.kill(pid, name)
  }
  const stack: TestStack = {
    data,
    accessUrl: `http://localhost:${access}`,
    demoUrl: `http://127.0.0.1:${demo}`,
    freeze: (part) => signal(part, 'SIGSTOP'),
    thaw: (part) => signal(part, 'SIGCONT'),
    kill: (part) => signal(part, 'SIGKILL'),
    pids,
    said: () => text.slice(-SAID_MAX),
    async [Symbol.asyncDispose]() {
      await end(child)
      await rm(data, { recursive: true, force: true })
    },
  }
  try {
    await ready(stack, child)
    return stack
  } catch (error) {
    await stack[Symbol.asyncDispose]()
    throw error
  }
}

async function ready(stack: TestStack, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + READY_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`holdfast start ended:\n${stack.said()}`)
    if (await answers(`${stack.demoUrl}/healthz`)) return
    const restarts = stack.said().split('starting it again').length - 1
    if (restarts > RESTARTS_MAX) throw new Error(`a part of holdfast start does not start:\n${stack.said()}`)
    await pause(LOOK_EVERY_MS)
  }
  throw new Error(`holdfast start was not ready in ${READY_MS / 1000} s:\n${stack.said()}`)
}

const answers = (url: string) =>
  fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.ok,
    () => false,
  )

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(late)
}

/** The supervisor's children, told apart by what they run. */
function childPids(supervisor: number, part: 'access' | 'demo'): number[] {
  const program = part === 'access' ? /server\/main\.ts access/ : /examples\/notes\/main\.ts/
  return processes()
    .filter(({ parent, command }) => parent === supervisor && program.test(command))
    .map(({ pid }) => pid)
}

/** The postmaster and all of its processes: stopped one by one, as a frozen machine would. */
function databasePids(data: string): number[] {
  const file = join(data, 'postgres', 'cluster', 'postmaster.pid')
  if (!existsSync(file)) return []
  const postmaster = Number(execFileSync('head', ['-1', file], { encoding: 'utf8' }))
  return [postmaster, ...processes().flatMap(({ pid, parent }) => (parent === postmaster ? [pid] : []))]
}

function processes(): { pid: number; parent: number; command: string }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }]
  })
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

const usedCodes = new Set<string>()

/** The code of the mail that has just come to somebody: one that was not read before. */
export function readCode(stack: TestStack, email: string): Promise<string> {
  return until(`a code for ${email}`, async () => {
    const inbox = (await (await fetch(`${stack.accessUrl}/dev/mail.json`)).json()) as { data?: unknown[] } & unknown[]
    const codes = ((inbox.data ?? inbox) as { subject?: string }[])
      .filter((mail) => JSON.stringify(mail).includes(email))
      .flatMap(({ subject = '' }) => /\d{3} ?\d{3}/.exec(subject)?.[0].replace(' ', '') ?? [])
    const code = codes.find((each) => !usedCodes.has(each))
    if (code !== undefined) usedCodes.add(code)
    return code
  })
}
