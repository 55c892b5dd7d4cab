import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { env } from 'node:process'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  askOnce,
  type Connection,
  familyOf,
  freezeFamily,
  freePort,
  membersOf,
} from '../platform/postgres-server/index.ts'
import { isAlive, readProcesses, sendSignal } from '../platform/processes.ts'
import { makeTestFolder, ordinaryUser, removeTestFolder } from '../platform/testing/index.ts'

/** Generous: a promise about 5 s is measured where it is made, everything else only has to come. */
const COMES_MS = 60_000
const LOOK_EVERY_MS = 20
const PROGRAM = join(import.meta.dirname, 'testing/start-with-fixtures.ts')

interface Place {
  folder: string
  settings: Record<string, string>
}
interface Start {
  child: ChildProcess
  said(): string
  exit: Promise<number | null>
}

async function place(t: TestContext): Promise<Place> {
  const outer = await makeTestFolder()
  t.after(() => removeTestFolder(outer))
  const folder = join(outer, 'data')
  await mkdir(folder, { mode: 0o700 })
  const [access, demo, mail] = [await freePort(), await freePort(), await freePort()].map(String)
  const settings = {
    HOLDFAST_DATA: folder,
    HOLDFAST_ACCESS_PORT: access!,
    HOLDFAST_DEMO_PORT: demo!,
    HOLDFAST_MAIL_PORT: mail!,
  }
  return { folder, settings }
}

function start(
  t: TestContext,
  { folder, settings }: Place,
  words: string[] = ['--demo'],
  prefix: readonly string[] = [],
): Start {
  const [file, ...args] = [...prefix, process.execPath, PROGRAM, ...words]
  // In a group of its own, as under a terminal: what a test sends to the group reaches what Ctrl-C would reach.
  const child = spawn(file!, args, { env: { PATH: env.PATH, ...settings }, cwd: '/', detached: true })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  t.after(() => {
    sendSignal(child.pid!, 'SIGKILL')
    for (const { pid } of processesOf(folder)) sendSignal(pid, 'SIGKILL')
  })
  return { child, said: () => text, exit }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + COMES_MS
  while (!(await holds())) {
    assert.ok(performance.now() < endsAt, `${what} within ${COMES_MS / 1000} s`)
    await pause(LOOK_EVERY_MS)
  }
}

async function untilReady(started: Start): Promise<void> {
  await until(`ready: ${started.said()}`, async () => {
    assert.equal(started.child.exitCode, null, started.said())
    return started.said().includes('first administrator:')
  })
}

/** Everything that a start on this folder may have left: its PostgreSQL, and children by what they noted. */
function processesOf(folder: string): { pid: number; title: string }[] {
  const postgres = membersOf(familyOf(join(folder, 'postgres/cluster'))).map((pid) => ({ pid, title: 'postgres' }))
  const children = started(folder).filter(isAlive)
  const living = readProcesses(/fixture-child/).filter(({ pid }) => children.includes(pid))
  return [...postgres, ...living]
}

function happened(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'happened'), 'utf8').trim().split('\n')
  } catch {
    return []
  }
}

function started(folder: string, name = '\\w+'): number[] {
  return happened(folder)
    .flatMap((line) => line.match(new RegExp(`^${name} started (\\d+)`))?.[1] ?? [])
    .map(Number)
}

function connection(folder: string): Connection {
  return JSON.parse(readFileSync(join(folder, 'postgres/connection.json'), 'utf8')) as Connection
}

const family = (folder: string) => familyOf(join(folder, 'postgres/cluster'))
const postmaster = (folder: string) =>
  Number(readFileSync(join(folder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0])

async function stops(started: Start, folder: string, signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
  const from = performance.now()
  process.kill(-started.child.pid!, signal)
  const code = await started.exit
  const tookMs = performance.now() - from
  assert.ok(tookMs < 5000, `took ${Math.round(tookMs)} ms: ${started.said()}`)
  assert.deepEqual(processesOf(folder), [], 'no process is left')
  return code
}

test('one command starts everything, says where, and Ctrl-C ends it in reverse order', async (t) => {
  const here = await place(t)
  const first = start(t, here)
  await untilReady(first)
  const { HOLDFAST_ACCESS_PORT: access, HOLDFAST_DEMO_PORT: demo } = here.settings
  assert.match(first.said(), /^ {2}holdfast \d+\.\d+\.\d+ · development · data \S+$/m)
  assert.match(first.said(), /^ {2}postgres {3}18\.\d+ +ready in \d+\.\d s$/m)
  assert.match(
    first.said(),
    new RegExp(`^  access     http://localhost:${access} +console  http://localhost:${access}/console$`, 'm'),
  )
  assert.match(
    first.said(),
    new RegExp(`^  demo       http://127.0.0.1:${demo} +mail     http://localhost:${access}/dev/mail$`, 'm'),
  )
  assert.match(first.said(), /^ {2}first administrator: http:\/\/localhost\/enrol\/once \(15 minutes, once\)$/m)
  assert.match(first.said(), /^ {2}access {5}warn {2}worth a look \(a test\)$/m)
  assert.doesNotMatch(first.said(), /quiet/)
  await askOnce(connection(here.folder).databaseUrl, COMES_MS, (client) => client.query('select 1'))

  assert.equal(await stops(first, here.folder), 0)
  assert.deepEqual(happened(here.folder).slice(-2), ['demo ended', 'access ended'])
  assert.match(readFileSync(join(here.folder, 'logs/access.log'), 'utf8'), /quiet/)
  assert.ok(!(await readdir(here.folder)).includes('supervisor.json'))
})

test('everything is over within 5 s when PostgreSQL is stopped, a child is stopped and another is deaf', async (t) => {
  const here = await place(t)
  writeFileSync(join(here.folder, 'demo.asked'), 'deaf')
  const first = start(t, here)
  await untilReady(first)
  freezeFamily(family(here.folder), postmaster(here.folder))
  sendSignal(started(here.folder, 'access')[0]!, 'SIGSTOP')
  await stops(first, here.folder)
})

test('everything is over within 5 s when all of it is held stopped', async (t) => {
  const here = await place(t)
  const first = start(t, here)
  await untilReady(first)
  const holding = setInterval(() => {
    for (const { pid } of processesOf(here.folder)) sendSignal(pid, 'SIGSTOP')
  }, 20)
  t.after(() => clearInterval(holding))
  await stops(first, here.folder)
})

test('a second Ctrl-C ends everything at once', async (t) => {
  const here = await place(t)
  writeFileSync(join(here.folder, 'demo.asked'), 'deaf')
  const first = start(t, here)
  await untilReady(first)
  freezeFamily(family(here.folder), postmaster(here.folder))
  process.kill(-first.child.pid!, 'SIGINT')
  const again = setInterval(() => sendSignal(first.child.pid!, 'SIGINT'), 100)
  assert.equal(await first.exit, 1)
  clearInterval(again)
  await until('all gone', () => processesOf(here.folder).length === 0)
})

test('Ctrl-C while the database is first made leaves nothing running, and the next start makes it', async (t) => {
  const here = await place(t)
  const first = start(t, here)
  await until('making', () => first.said().includes('making the database'))
  assert.equal(await stops(first, here.folder), 0)
  const second = start(t, here, [])
  await untilReady(second)
  await stops(second, here.folder, 'SIGTERM')
})

test('an outside PostgreSQL is used as it is: none is started here, and its password is not shown', async (t) => {
  const here = await place(t)
  const settings = { ...here.settings, HOLDFAST_DATABASE_URL: 'postgres://app:s3cret@db.example:5432/door' }
  const first = start(t, { ...here, settings })
  await untilReady(first)
  assert.match(first.said(), /^ {2}postgres {3}db\.example:5432\/door \(HOLDFAST_DATABASE_URL\)$/m)
  assert.doesNotMatch(first.said(), /s3cret/)
  assert.ok(!(await readdir(here.folder)).includes('postgres'))
  await stops(first, here.folder)
})

test('a second start on the same data folder is refused in one line', async (t) => {
  const here = await place(t)
  const first = start(t, here)
  await untilReady(first)
  const second = start(t, here)
  assert.equal(await second.exit, 2)
  assert.match(
    second.said(),
    /^holdfast: Holdfast already runs on \S+ \(process \d+, since \d{4}-\S+\): end that one, [^\n]+\n$/,
  )
  await stops(first, here.folder)
})

test('after kill -9 of the supervisor its children end, PostgreSQL goes on and is taken over', async (t) => {
  const here = await place(t)
  const first = start(t, here)
  await untilReady(first)
  const server = postmaster(here.folder)
  // Stopped, it cannot notice that its supervisor has gone: the next start has to end it.
  sendSignal(started(here.folder, 'demo')[0]!, 'SIGSTOP')
  process.kill(first.child.pid!, 'SIGKILL')
  await first.exit
  await until('access ends', () => !isAlive(started(here.folder, 'access')[0]!))

  const second = start(t, here)
  await untilReady(second)
  assert.equal(postmaster(here.folder), server)
  assert.match(second.said(), /taken over/)
  await stops(second, here.folder)
})

test('after kill -9 of everything the next start is a usual one', async (t) => {
  const here = await place(t)
  const first = start(t, here)
  await untilReady(first)
  const { port } = connection(here.folder)
  process.kill(first.child.pid!, 'SIGKILL')
  for (const { pid } of processesOf(here.folder)) sendSignal(pid, 'SIGKILL')
  await first.exit
  const second = start(t, here)
  await untilReady(second)
  assert.equal(connection(here.folder).port, port)
  await stops(second, here.folder)
})

test('a child or a PostgreSQL that ends by itself is started again, the latter on the same port', async (t) => {
  const here = await place(t)
  const first = start(t, here)
  await untilReady(first)
  const { port } = connection(here.folder)
  await fetch(`http://127.0.0.1:${here.settings.HOLDFAST_ACCESS_PORT}/crash`).catch(() => {})
  await until('access again', () => /access +answers again/.test(first.said()))
  assert.match(first.said(), /^ {2}access {5}ended \(code 7\); starting it again in 0\.2 s$/m)
  sendSignal(postmaster(here.folder), 'SIGKILL')
  await until('postgres again', () => first.said().match(/postgres +18\S+ +ready/g)?.length === 2)
  assert.equal(connection(here.folder).port, port)
  await stops(first, here.folder)
})

test('a child that refuses to start is quoted, and everything ends with exit code 2', async (t) => {
  const here = await place(t)
  writeFileSync(join(here.folder, 'access.asked'), 'refuse')
  const first = start(t, here)
  assert.equal(await first.exit, 2)
  assert.match(first.said(), /holdfast: the store bears the stamp of "production", and this is "development"\.\n$/)
  assert.deepEqual(processesOf(here.folder), [])
})

test('a child that crashes at its start is tried again with growing pauses until it comes up', async (t) => {
  const here = await place(t)
  writeFileSync(join(here.folder, 'access.asked'), 'crash')
  const first = start(t, here, [])
  await until('third try', () => first.said().includes('starting it again in 0.8 s'))
  assert.match(first.said(), /this child was asked to crash/)
  rmSync(join(here.folder, 'access.asked'))
  await untilReady(first)
  await stops(first, here.folder)
})

test('what cannot work is refused in one line with exit code 2, and nothing is left running', async (t) => {
  const here = await place(t)
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const port = String((taken.address() as { port: number }).port)
  writeFileSync(join(here.folder, 'file'), '')

  async function check(settings: Record<string, string>, line: RegExp): Promise<void> {
    const refused = start(t, { ...here, settings: { ...here.settings, ...settings } })
    assert.equal(await refused.exit, 2, refused.said())
    assert.match(refused.said(), line)
    assert.equal(refused.said().trimEnd().split('\n').length, 1, refused.said())
    assert.deepEqual(processesOf(here.folder), [])
  }
  await check(
    { HOLDFAST_ACCESS_PORT: port, HOLDFAST_URL: 'http://localhost:1' },
    new RegExp(`Port ${port} is taken.+HOLDFAST_ACCESS_PORT`),
  )
  await check({ HOLDFAST_DEMO_PORT: port }, new RegExp(`Port ${port} is taken.+HOLDFAST_DEMO_PORT`))
  await check({ HOLDFAST_MAIL_PORT: port }, new RegExp(`Port ${port} is taken.+HOLDFAST_MAIL_PORT`))
  await check(
    { HOLDFAST_DEMO_PORT: here.settings.HOLDFAST_ACCESS_PORT! },
    /HOLDFAST_ACCESS_PORT and HOLDFAST_DEMO_PORT are both/,
  )
  await check({ HOLDFAST_BIND: '192.0.2.1' }, /HOLDFAST_BIND \(192\.0\.2\.1\) is not an address of this machine/)
  await check({ HOLDFAST_ACESS_PORT: '1' }, /HOLDFAST_ACESS_PORT is not a setting/)
  await check({ HOLDFAST_URL: 'nonsense' }, /HOLDFAST_URL must be/)
  await check({ HOLDFAST_DATA: join(here.folder, 'file') }, /is not a folder/)
  await check({ HOLDFAST_DATA: join(here.folder, 'file/below') }, /is not a folder/)
})

test('an ordinary user starts it, and is told of a folder that may not be written', async (t) => {
  const here = await place(t)
  const user = ordinaryUser()
  for (const folder of [here.folder, join(here.folder, '..')]) user.give(folder)
  const first = start(t, here, ['--demo'], user.prefix)
  await untilReady(first)
  await stops(first, here.folder)

  await chmod(here.folder, 0o500)
  const second = start(t, here, ['--demo'], user.prefix)
  assert.equal(await second.exit, 2)
  assert.match(
    second.said(),
    /^holdfast: The data folder \S+ may not be written by this user: make it writable[^\n]+\n$/,
  )
  await chmod(here.folder, 0o700)
})
