import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { env } from 'node:process'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { silentLog } from '../platform/log.ts'
import { type MailSink, readMailbox, startMailSink } from '../platform/mail/index.ts'
import { freePort } from '../platform/postgres-server/index.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder, type TestDatabase } from '../platform/testing/index.ts'
import { ask as askDatabase } from './testing.ts'

const PATIENCE_MS = 60_000
const ROOT = join(import.meta.dirname, '../..')
/** The whole server as it was released last, without its tests: `git archive 86cd04b server sdk package.json`. */
const PREVIOUS = join(import.meta.dirname, 'testing/release-86cd04b.tar.gz')

interface Rig {
  folder: string
  db: TestDatabase
  sink: MailSink
  /** The public origin of both. */
  origin: string
}

interface Access {
  url: string
  child: ChildProcess
}

async function openRig(t: TestContext): Promise<Rig & { previous: string }> {
  const folder = await makeTestFolder()
  const db = await createTestDatabase()
  const sink = await startMailSink({ port: 0, host: '127.0.0.1', folder: join(folder, 'mail'), log: silentLog })
  const previous = join(folder, 'previous')
  await mkdir(previous)
  execFileSync('tar', ['xzf', PREVIOUS, '-C', previous])
  await symlink(join(ROOT, 'node_modules'), join(previous, 'node_modules'))
  t.after(async () => {
    await sink.close()
    await db.drop()
    removeTestFolder(folder)
  })
  return { folder, db, sink, origin: `http://localhost:${await freePort()}`, previous }
}

async function startAccess(t: TestContext, rig: Rig, { root, data }: { root: string; data: string }): Promise<Access> {
  const port = await freePort()
  const child = spawn(process.execPath, [join(root, 'server/main.ts'), 'access'], {
    env: {
      PATH: env.PATH,
      HOLDFAST_DATA: join(rig.folder, data),
      HOLDFAST_SECRET_FILE: join(rig.folder, 'secret.key'),
      HOLDFAST_DATABASE_URL: rig.db.databaseUrl,
      HOLDFAST_DATABASE_OWNER_URL: rig.db.ownerUrl,
      HOLDFAST_ACCESS_PORT: String(port),
      HOLDFAST_URL: rig.origin,
      HOLDFAST_MAIL_PORT: String(rig.sink.port),
      HOLDFAST_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  t.after(() => void child.kill('SIGKILL'))
  const url = `http://localhost:${port}`
  await eventually(async () => {
    assert.equal(child.exitCode, null, 'access has ended')
    const { status } = (await (await fetch(`${url}/readyz`)).json()) as { status: string }
    return status === 'ok'
  })
  return { url, child }
}

async function stop({ child }: Access): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    const found = await look().catch((error: Error) => {
      if (error instanceof assert.AssertionError) throw error
      return undefined
    })
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

async function signIn({ folder }: Rig, { url }: Access, email: string): Promise<Jar> {
  const jar: Jar = new Map()
  const started = await ask(url, jar, 'POST /v1/sign-in/email', { email })
  assert.equal(started.status, 202, JSON.stringify(started.body))
  const mails = join(folder, 'mail')
  const code = await eventually(async () => (await readMailbox(mails)).find(({ to }) => to === email)?.code)
  const verified = await ask(url, jar, 'POST /v1/sign-in/email/verify', {
    challenge_id: started.body.challenge_id,
    code,
  })
  assert.equal(verified.status, 200, JSON.stringify(verified.body))
  // Only the handle: what PostgreSQL knows, not what a proof says.
  return new Map([...jar].filter(([name]) => name === 'hf_session'))
}

async function verdictOf({ url }: Access, jar: Jar): Promise<string> {
  const { status, body } = await ask(url, new Map(jar), 'GET /v1/session')
  return `${status} ${body.verdict} ${body.reason ?? ''}`.trim()
}

test('a new release starts beside the previous one on its database, both sign people in, and the way back is open', async (t) => {
  const rig = await openRig(t)
  const previous = await startAccess(t, rig, { root: rig.previous, data: 'previous-data' })
  const early = await signIn(rig, previous, 'early@acme.example')

  const present = await startAccess(t, rig, { root: ROOT, data: 'present-data' })
  assert.equal(await verdictOf(present, early), '200 valid', 'a session of the previous release goes on in this one')
  assert.equal(await verdictOf(previous, early), '200 valid')

  const late = await signIn(rig, previous, 'late@acme.example')
  const fresh = await signIn(rig, present, 'fresh@acme.example')
  assert.equal(await verdictOf(present, late), '200 valid')
  assert.equal(await verdictOf(previous, fresh), '200 valid')

  await ask(previous.url, new Map(early), 'DELETE /v1/session')
  await eventually(async () => (await verdictOf(present, early)) === '401 invalid signed_out')
  await ask(present.url, new Map(late), 'DELETE /v1/session')
  await eventually(async () => (await verdictOf(previous, late)) === '401 invalid signed_out')

  await stop(present)
  await stop(previous)
  const back = await startAccess(t, rig, { root: rig.previous, data: 'previous-data' })
  assert.equal(await verdictOf(back, fresh), '200 valid', 'the previous release starts on the new schema')
  const after = await signIn(rig, back, 'after@acme.example')
  assert.equal(await verdictOf(back, after), '200 valid')

  const applied = await askDatabase(rig.db.ownerUrl, async (client) => {
    const { rows } = await client.query('select count(*)::int as files from platform.migration')
    return (rows[0] as { files: number }).files
  })
  assert.ok(applied > 6, `${applied} migrations: more than the six of the previous release`)
})
