import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { env } from 'node:process'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startMailbox } from '../../doubles/index.ts'
import { readMailbox } from '../platform/mail/index.ts'
import { familyOf, freePort, killFamily } from '../platform/postgres-server/index.ts'
import { sendSignal } from '../platform/processes.ts'
import { makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'

/** Generous: a test waits for what happens, not for how fast this machine is. */
const PATIENCE_MS = 90_000
const SERVER = join(import.meta.dirname, '..')

interface Machine {
  data: string
  url: string
  settings: Record<string, string>
  child: ChildProcess
}

async function startMachine(t: TestContext, data: string, more: Record<string, string>): Promise<Machine> {
  const [access, mail, demo] = [await freePort(), await freePort(), await freePort()].map(String)
  const settings = {
    PATH: env.PATH ?? '',
    HOLDFAST_DATA: data,
    HOLDFAST_ACCESS_PORT: access!,
    HOLDFAST_MAIL_PORT: mail!,
    HOLDFAST_DEMO_PORT: demo!,
    ...more,
  }
  const child = spawn(process.execPath, [join(SERVER, 'supervisor/main.ts')], {
    env: settings,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const machine = { data, url: `http://localhost:${access}`, settings, child }
  t.after(() => lose(machine))
  await eventually(async () => {
    const { dependencies } = (await (await fetch(`${machine.url}/readyz`)).json()) as {
      dependencies: { name: string; state: string }[]
    }
    return dependencies.some(({ name, state }) => name === 'database' && state === 'ok')
  })
  return machine
}

/** Everything of it at once, without a word, as when the power goes; then its disk. */
async function lose({ child, data }: Machine): Promise<void> {
  const lock = await readFile(join(data, 'supervisor.json'), 'utf8').catch(() => '{}')
  const numbers = [...lock.matchAll(/"pid":\s*(\d+)/g)].map(([, pid]) => Number(pid))
  const isGone = child.exitCode !== null || child.signalCode !== null
  const gone = isGone ? Promise.resolve() : once(child, 'exit')
  for (const pid of new Set([child.pid!, ...numbers])) if (!isGone) sendSignal(pid, 'SIGKILL')
  await gone
  await killFamily(familyOf(join(data, 'postgres', 'cluster')), PATIENCE_MS)
  await rm(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}

async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    const found = await look().catch(() => undefined)
    if (found !== undefined && found !== false) return found
    await pause(30)
  }
  throw new Error('it never became so')
}

type Jar = Map<string, string>

async function ask(url: string, jar: Jar, line: string, body?: object) {
  const [method, path] = line.split(' ') as [string, string]
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    jar.set(name!, value!)
  }
  const text = await response.text()
  return { status: response.status, body: (text ? JSON.parse(text) : {}) as Record<string, unknown> }
}

async function signIn({ url, data }: Machine, email: string): Promise<{ jar: Jar; userId: string }> {
  const jar: Jar = new Map()
  const started = await ask(url, jar, 'POST /v1/sign-in/email', { email })
  assert.equal(started.status, 202, JSON.stringify(started.body))
  const code = await eventually(
    async () => (await readMailbox(join(data, 'mail'))).find(({ to }) => to === email)?.code,
  )
  const verified = await ask(url, jar, 'POST /v1/sign-in/email/verify', {
    challenge_id: started.body.challenge_id,
    code,
  })
  assert.equal(verified.status, 200, JSON.stringify(verified.body))
  return { jar, userId: (verified.body.user as { id: string }).id }
}

function holdfast(settings: Record<string, string>, ...words: string[]) {
  return new Promise<{ code: number; out: string; said: string }>((resolve) => {
    const options = { env: settings, timeout: PATIENCE_MS, maxBuffer: 10_000_000 }
    execFile(process.execPath, [join(SERVER, 'main.ts'), ...words], options, (error, out, said) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, said }),
    )
  })
}

async function heldJson(settings: Record<string, string>, ...words: string[]): Promise<Record<string, unknown>> {
  const { code, out, said } = await holdfast(settings, ...words, '--json')
  assert.deepEqual([code, said], [0, ''], `${words.join(' ')}: ${said}${out}`)
  return JSON.parse(out) as Record<string, unknown>
}

const verdictOf = async (url: string, { jar }: { jar: Jar }) => {
  const { status, body } = await ask(url, new Map(jar), 'GET /v1/session')
  return `${status} ${body.verdict} ${body.reason ?? ''}`.trim()
}

test('a backup under load, the machine gone, restored elsewhere: prove prints the figures, and nothing is resurrected', async (t) => {
  const outer = await makeTestFolder()
  t.after(() => removeTestFolder(outer))
  // Somebody has a mail server in the environment: a proof must not reach it.
  await using mailServer = await startMailbox()
  const keyFile = join(outer, 'recovery.key')
  const place = { HOLDFAST_BACKUP_TARGET: join(outer, 'target') }
  await mkdir(join(outer, 'first'), { mode: 0o700 })
  const first = await startMachine(t, join(outer, 'first'), place)
  const [left, leaving, staying] = [
    await signIn(first, 'left@acme.example'),
    await signIn(first, 'leaving@acme.example'),
    await signIn(first, 'staying@acme.example'),
  ]
  // As somebody has it who took the cookie away before the sign-out.
  const taken = { left: { jar: new Map(left.jar) }, leaving: { jar: new Map(leaving.jar) } }
  await ask(first.url, left.jar, 'DELETE /v1/session')

  await heldJson(first.settings, 'backup', 'init', '--recovery-key-file', keyFile)
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600)
  // People go on signing in while it runs.
  let isOver = false
  const load = (async () => {
    for (let n = 0; !isOver && n < 5; n++) await signIn(first, `load-${n}@acme.example`)
  })()
  const made = await heldJson(first.settings, 'backup')
  isOver = true
  await load
  assert.ok((made.rows as number) > 10)

  // Ended after the backup: the archive knows it as live.
  await ask(first.url, leaving.jar, 'DELETE /v1/session')
  await lose(first)
  assert.ok(!existsSync(first.data))

  const elsewhere = {
    PATH: env.PATH ?? '',
    HOLDFAST_DATA: join(outer, 'nothing'),
    HOLDFAST_SMTP_URLS: mailServer.url,
    HOLDFAST_MAIL_FROM: 'a@acme.example',
    ...place,
  }
  const proof = await heldJson(elsewhere, 'backup', 'prove', '--recovery-key-file', keyFile)
  assert.equal(proof.verdict, 'held', JSON.stringify(proof))
  for (const figure of ['age_s', 'recovery_point_s', 'recovery_time_s', 'rows']) {
    assert.equal(typeof proof[figure], 'number', figure)
  }
  const checks = proof.checks as { name: string; held: boolean | null }[]
  assert.deepEqual(
    checks.map(({ name, held }) => [name, held]),
    [
      ['sign-in', true],
      ['session', true],
      ['ended stays ended', true],
      ['counts equal the manifest', true],
      ['newest rows are there', true],
    ],
  )
  assert.deepEqual(mailServer.mails(), [], 'the copy has sent mail')

  const data = join(outer, 'second')
  const restored = await heldJson(
    elsewhere,
    'restore',
    '--from',
    'latest',
    '--recovery-key-file',
    keyFile,
    '--into',
    data,
  )
  assert.equal(restored.may_be_resurrected, 0)
  const again = await holdfast(elsewhere, 'restore', '--from', 'latest', '--recovery-key-file', keyFile, '--into', data)
  assert.equal(again.code, 2)
  assert.match(again.said, /^holdfast: .* a restore overwrites nothing\..*\n$/)

  const second = await startMachine(t, data, place)
  assert.equal(await verdictOf(second.url, taken.leaving), '401 invalid restored')
  assert.equal(await verdictOf(second.url, staying), '401 invalid restored')
  assert.equal(await verdictOf(second.url, taken.left), '401 invalid signed_out')
  const returned = await signIn(second, 'staying@acme.example')
  assert.equal(returned.userId, staying.userId, 'the same person, with the same account')
  assert.equal(await verdictOf(second.url, returned), '200 valid')
  // The restored installation goes on with its keys: the next backup is for the same recovery key.
  const next = await heldJson(second.settings, 'backup')
  assert.equal(next.signed_by, made.signed_by)
})
