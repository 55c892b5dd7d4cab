import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { join } from 'node:path'
import { until } from '../../sdk/testing/until.ts'
import { silentLog } from '../platform/log.ts'
import { startMailSink } from '../platform/mail/index.ts'
import { freePort } from '../platform/postgres-server/index.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder, type TestDatabase } from '../platform/testing/index.ts'

/** A whole access process as it runs in earnest, on the loopback, with everything it says written down. */
export interface Stage extends AsyncDisposable {
  url: string
  pid: number
  folder: string
  database: Store
  /** The origin of the demo application, where nothing runs unless a test lets it. */
  appPort: number
  /** What it has written so far, to both of its outputs. */
  said(): string
  stop(): Promise<number | null>
  /** The newest mail to an address, as the development inbox tells it. */
  mailTo(email: string): Promise<{ code: string; link: string; text: string }>
  /** Bytes as they are, past every client that would put them right. */
  raw(bytes: string | Buffer): Promise<string>
}

/** Until a process that must start has started, or one that must not has ended. */
const START_MS = 30_000
const STOP_MS = 10_000
const RAW_MS = 5000
const MAIN = join(import.meta.dirname, '..', 'main.ts')

type Store = Pick<TestDatabase, 'databaseUrl' | 'ownerUrl'>

export interface StageOptions {
  store?: Store
  /** The data folder, which stays where it is; left out: one that is empty, and thrown away. */
  folder?: string
  /** `https` where something that is not there terminates TLS: cookies are as they are in production. */
  scheme?: 'http' | 'https'
  /** Whatever else is set. */
  settings?: Record<string, string>
}

/** On a database of its own, or on one that the test can hurt. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const folder = options.folder ?? (await makeTestFolder())
  if (!options.folder) stack.defer(() => removeTestFolder(folder))
  const database = options.store ?? stack.use(await createTestDatabase())
  const sink = await startMailSink({ port: 0, host: '127.0.0.1', folder: join(folder, 'mail'), log: silentLog })
  stack.defer(() => sink.close())
  const [port, appPort] = [await freePort(), await freePort()]
  const url = `http://localhost:${port}`
  const started = startProcess(['access', '--demo'], {
    ...settingsFor(database, folder),
    HOLDFAST_ACCESS_PORT: String(port),
    HOLDFAST_DEMO_PORT: String(appPort),
    HOLDFAST_MAIL_PORT: String(sink.port),
    ...(options.scheme === 'https' && { HOLDFAST_URL: `https://localhost:${port}` }),
    HOLDFAST_LOG_LEVEL: 'debug',
    ...options.settings,
  })
  stack.defer(async () => void (await started.stop()))
  await started.untilSaid(/access is open/)
  await untilReady(url)
  const held = stack.move()
  return {
    url,
    pid: started.child.pid!,
    folder,
    database,
    appPort,
    said: started.said,
    stop: started.stop,
    mailTo: (email) => mailTo(url, email),
    raw: (bytes) => raw(port, bytes),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

export function settingsFor(database: Store, folder: string): Record<string, string> {
  return {
    HOLDFAST_DATA: folder,
    HOLDFAST_DATABASE_URL: database.databaseUrl,
    HOLDFAST_DATABASE_OWNER_URL: database.ownerUrl,
  }
}

export interface StartedProcess {
  child: ChildProcess
  said(): string
  untilSaid(pattern: RegExp): Promise<void>
  untilEnded(): Promise<number | null>
  stop(): Promise<number | null>
}

export function startProcess(words: readonly string[], settings: Record<string, string>): StartedProcess {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDFAST_'))
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { ...Object.fromEntries(own), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const output of [child.stdout, child.stderr]) output.setEncoding('utf8').on('data', (part) => (text += part))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    child,
    said: () => text,
    untilEnded: () => before(START_MS, 'the process did not end', ended),
    untilSaid: (pattern) =>
      before(
        START_MS,
        `the process did not say ${pattern}: ${text}`,
        new Promise((resolve, reject) => {
          const look = () => pattern.test(text) && resolve()
          child.stdout.on('data', look)
          child.once('close', () => reject(new Error(`the process ended: ${text}`)))
          look()
        }),
      ),
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM')
      const cut = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      const code = await ended
      clearTimeout(cut)
      return code
    },
  }
}

async function before<T>(ms: number, complaint: string, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(complaint)), ms)
  timer.unref()
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

async function untilReady(url: string): Promise<void> {
  const endAt = performance.now() + START_MS
  while (performance.now() < endAt) {
    const answer = await fetch(`${url}/sign-in`)
    await answer.text()
    if (answer.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('sign-in did not open')
}

export async function mailTo(url: string, email: string) {
  const endAt = performance.now() + START_MS
  while (performance.now() < endAt) {
    const answer = await fetch(`${url}/dev/mail.json`)
    const { data } = (await answer.json()) as { data: { to: string; code?: string; text: string }[] }
    const mail = data.find((each) => each.to === email && each.text.includes('/sign-in/link/'))
    if (mail) {
      const link = /https?:\/\/\S+\/sign-in\/link\/\S+/.exec(mail.text)?.[0] ?? ''
      return { code: mail.code ?? '', link, text: mail.text }
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`no mail came to ${email}`)
}

function raw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    socket.setEncoding('utf8').setTimeout(RAW_MS, () => socket.destroy())
    socket.on('data', (part) => (text += part))
    // A connection that is cut is an answer too.
    socket.on('error', (error) =>
      text ? resolve(text) : (error as { code?: string }).code === 'ECONNRESET' ? resolve('') : reject(error),
    )
    socket.on('close', () => resolve(text))
  })
}

export interface Seen {
  status: number
  text: string
  headers: Headers
  body: Record<string, unknown>
}
export type Jar = Map<string, string>

/** Somebody with bad intentions, who keeps every secret that was used or planted. */
export interface Visitor {
  secrets: ReadonlySet<string>
  plant(secret: string): string
  ask(path: string, init?: RequestInit, jar?: Jar): Promise<Seen>
  post(path: string, body: unknown, jar?: Jar, headers?: Record<string, string>): Promise<Seen>
  /** A form, from our own origin unless a header says otherwise. */
  submit(path: string, fields: Record<string, string>, jar?: Jar, headers?: Record<string, string>): Promise<Seen>
  signIn(email: string, jar?: Jar): Promise<Jar>
  /** RFC 9457, with a sentence that says what to do, and nothing secret of what was sent. */
  assertProblem(seen: Seen, status: number, why: string): void
}

export function visitorOf(stage: Stage): Visitor {
  const secrets = new Set<string>()
  const plant = (secret: string) => {
    secrets.add(secret)
    return secret
  }
  const visitor: Visitor = {
    secrets,
    plant,
    async ask(path, init = {}, jar = new Map()) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const headers = { ...(cookie && { cookie }), ...init.headers }
      const response = await fetch(stage.url + path, { redirect: 'manual', ...init, headers })
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value) jar.set(name, plant(value))
        else jar.delete(name)
      }
      const text = await response.text()
      const isJson = /[/+]json(?:;|$)/.test(response.headers.get('content-type') ?? '')
      return { status: response.status, text, headers: response.headers, body: isJson && text ? JSON.parse(text) : {} }
    },
    post: (path, body, jar, headers) =>
      visitor.ask(
        path,
        { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) },
        jar,
      ),
    submit(path, fields, jar, headers) {
      const type = 'application/x-www-form-urlencoded'
      const body = new URLSearchParams(fields).toString()
      return visitor.ask(
        path,
        { method: 'POST', headers: { 'content-type': type, origin: stage.url, ...headers }, body },
        jar,
      )
    },
    async signIn(email, jar = new Map()) {
      const started = await visitor.post('/v1/sign-in/email', { email }, jar)
      assert.equal(started.status, 202, started.text)
      const { code, link } = await stage.mailTo(email)
      plant(link.split('/').at(-1)!)
      const { challenge_id } = started.body
      const done = await visitor.post('/v1/sign-in/email/verify', { challenge_id, code }, jar)
      assert.equal(done.status, 200, done.text)
      return jar
    },
    assertProblem(seen, status, why) {
      assert.equal(seen.status, status, `${why}: ${seen.text.slice(0, 300)}`)
      assert.match(seen.headers.get('content-type') ?? '', /^application\/problem\+json/, why)
      for (const name of ['type', 'title', 'code', 'detail']) {
        assert.equal(typeof seen.body[name], 'string', `${why}: ${name}`)
      }
      assert.equal(seen.body.status, status, why)
      for (const secret of secrets) assert.ok(!seen.text.includes(secret), `${why}: the answer repeats a secret`)
    },
  }
  return visitor
}

/** Becomes the first administrator by the link that the process has printed. */
export async function enrol(stage: Stage, visitor: Visitor, email: string, jar: Jar = new Map()): Promise<Jar> {
  // It is printed once the database is ours, which may be a moment after the pages open.
  const [, link = ''] = await until('the first link', () => /first administrator: (\S+)/.exec(stage.said()))
  const { pathname } = new URL(link)
  visitor.plant(pathname.split('/').at(-1)!)
  const started = await visitor.submit(pathname, { email }, jar)
  assert.equal(started.status, 303, started.text)
  const { code } = await stage.mailTo(email)
  const done = await visitor.submit(`${pathname}/code`, { code }, jar)
  assert.equal(done.status, 200, done.text)
  return jar
}
