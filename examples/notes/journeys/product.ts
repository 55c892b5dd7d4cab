import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The whole product as a stranger starts it: `holdfast start --demo` in a folder of its own, on free ports of loopback.
 * Nothing of the server is imported; what is known is what is printed and answered.
 */
export interface Product extends AsyncDisposable {
  accessUrl: string
  demoUrl: string
  folder: string
  /** The link by which the first administrator enrols. */
  enrolmentUrl: string
  /** The newest code that was mailed to an address after an instant. */
  codeFor(email: string, after: Date): Promise<string>
  /** A link of a mail to an address, once it has come. */
  linkFor(email: string, pattern: RegExp): Promise<string>
  /** Stops, continues or kills the whole of PostgreSQL. */
  signalDatabase(signal: NodeJS.Signals): void
  /** Ends access and keeps it down, until `raiseAccess`. */
  sinkAccess(): void
  raiseAccess(): void
  restartDemo(): Promise<void>
  /** Everything that was printed. */
  said(): string
}

const START_MS = 120_000
const STOP_MS = 10_000
const ASK_MS = 5000
const LOOK_AGAIN_MS = 100

export async function startProduct(): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-journey-'))
  const [accessPort, demoPort, mailPort] = await freePorts(3)
  const accessUrl = `http://localhost:${accessPort}`
  const demoUrl = `http://127.0.0.1:${demoPort}`
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../../cli/bin/holdfast.js'), 'start', '--demo'],
    {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        HOLDFAST_DATA: join(folder, 'data'),
        HOLDFAST_ACCESS_PORT: String(accessPort),
        HOLDFAST_DEMO_PORT: String(demoPort),
        HOLDFAST_MAIL_PORT: String(mailPort),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  const data = join(folder, 'data')

  const product: Product = {
    accessUrl,
    demoUrl,
    folder: data,
    enrolmentUrl: '',
    codeFor: (email, after) => codeFor(accessUrl, email, after),
    linkFor: (email, pattern) => linkFor(accessUrl, email, pattern),
    signalDatabase: (signal) => signalAll(postgresOf(data), signal),
    sinkAccess() {
      // The supervisor is stopped first, so that nobody starts access again.
      process.kill(child.pid!, 'SIGSTOP')
      signalAll(childrenNamed(child, 'server/main.ts access'), 'SIGKILL')
    },
    raiseAccess: () => void process.kill(child.pid!, 'SIGCONT'),
    async restartDemo() {
      // Killed; with the supervisor stopped the test runs it itself, as an operator of the app would.
      signalAll(childrenNamed(child, 'examples/notes/main.ts'), 'SIGKILL')
      await startDemo({ accessUrl, demoPort: demoPort!, data, stack })
    },
    said: () => printed,
    async [Symbol.asyncDispose]() {
      await stack.disposeAsync()
      signalAll(postgresOf(data), 'SIGCONT')
      await end(child)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  const stack = new AsyncDisposableStack()
  await until('the product to start', START_MS, async () => {
    if (child.exitCode !== null) throw new Error(`holdfast start ended with ${child.exitCode}:\n${printed}`)
    product.enrolmentUrl = printed.match(/first administrator: (\S+)/)?.[1] ?? ''
    return product.enrolmentUrl !== '' && (await isUp(`${accessUrl}/healthz`)) && (await isUp(`${demoUrl}/healthz`))
  }).catch(async (error) => {
    await product[Symbol.asyncDispose]()
    throw new Error(`${(error as Error).message}\n${printed}`)
  })
  return product
}

/** Asks again until it holds; for what happens in another process and tells nobody. */
export async function until(
  what: string,
  deadlineMs: number,
  holds: () => Promise<boolean> | boolean,
): Promise<number> {
  const from = performance.now()
  while (!(await holds())) {
    if (performance.now() - from > deadlineMs) throw new Error(`waited ${deadlineMs} ms for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  return performance.now() - from
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(ASK_MS) })).ok
  } catch {
    // Not listening yet: the caller asks again until its deadline.
    return false
  }
}

async function codeFor(accessUrl: string, email: string, after: Date): Promise<string> {
  let code = ''
  await until(`a code for ${email}`, 15_000, async () => {
    const answer = await fetch(`${accessUrl}/dev/mail.json`, { signal: AbortSignal.timeout(ASK_MS) })
    const { data } = (await answer.json()) as { data: { to: string; subject: string; date: string }[] }
    // Mail dates are whole seconds.
    const mail = data.find(
      (each) => each.to === email && Date.parse(each.date) >= Math.floor(after.getTime() / 1000) * 1000,
    )
    code =
      mail?.subject
        .match(/^(\d{3}) (\d{3}) /)
        ?.slice(1, 3)
        .join('') ?? ''
    return code !== ''
  })
  return code
}

async function linkFor(accessUrl: string, email: string, pattern: RegExp): Promise<string> {
  let link = ''
  await until(`a link for ${email}`, 15_000, async () => {
    const answer = await fetch(`${accessUrl}/dev/mail.json`, { signal: AbortSignal.timeout(ASK_MS) })
    const { data } = (await answer.json()) as { data: { to: string; text: string }[] }
    const links = data.filter((each) => each.to === email).flatMap((each) => each.text.match(/https?:\/\/\S+/g) ?? [])
    link = links.find((each) => pattern.test(each)) ?? ''
    return link !== ''
  })
  return link
}

async function startDemo(options: {
  accessUrl: string
  demoPort: number
  data: string
  stack: AsyncDisposableStack
}): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../main.ts')], {
    env: {
      PATH: process.env.PATH,
      HOLDFAST_URL: options.accessUrl,
      HOLDFAST_DEMO_PORT: String(options.demoPort),
      HOLDFAST_DATA: options.data,
    },
    stdio: 'ignore',
  })
  options.stack.defer(() => end(child))
  await until('the demo to start', START_MS, () => isUp(`http://127.0.0.1:${options.demoPort}/healthz`))
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGCONT')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await once(child, 'exit')
  clearTimeout(timer)
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** Only processes of this product: told by their parent, or by the folder they work in. */
function childrenNamed(parent: ChildProcess, name: string): number[] {
  return processes().filter(
    (pid) => parentOf(pid) === parent.pid && read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').includes(name),
  )
}

function postgresOf(data: string): number[] {
  const cluster = join(data, 'postgres', 'cluster')
  return processes().filter((pid) => workingFolder(pid) === cluster)
}

const processes = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
const parentOf = (pid: number) => Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[1])

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It ended between the listing and the reading.
    return ''
  }
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ''
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
