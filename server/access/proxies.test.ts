/**
 * The very files of `deploy/proxies`, with real nginx and real Caddy, over TLS, before a real access process and an app.
 * Only names, ports and certificates are put in their place.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentLog } from '../platform/log.ts'
import { readMailbox, startMailSink } from '../platform/mail/index.ts'
import { freePort } from '../platform/postgres-server/index.ts'
import { makeTestFolder, removeTestFolder, startTestPostgres, type TestPostgres } from '../platform/testing/index.ts'
import { type StartedProcess, settingsFor, startProcess } from './testing.ts'

const HOST = 'app.acme.example'
const ROOT = join(import.meta.dirname, '../..')
const shown = (name: string) => readFileSync(join(ROOT, 'deploy/proxies', name), 'utf8')
const START_MS = 20_000
const ASK_MS = 10_000

interface Site extends AsyncDisposable {
  postgres: TestPostgres
  access: StartedProcess
  /** What the app was sent last. */
  seenByApp(): Record<string, string | string[] | undefined> | undefined
  ask(path: string, init?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Answer>
  signIn(email: string): Promise<string>
}
interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  cookies: string[]
  text: string
}

interface Ports {
  proxy: number
  plain: number
  access: number
  app: number
}
interface Proxy {
  program: string
  install: string
  /** Writes its configuration into the folder, and says how it is started. */
  prepare(folder: string, ports: Ports): readonly string[]
}

const proxies: Proxy[] = [
  {
    program: 'nginx',
    install: 'apt-get install nginx',
    prepare(folder, ports) {
      const site = replaced(shown('nginx.conf'), [
        [/127\.0\.0\.1:4000/g, `127.0.0.1:${ports.access}`],
        [/127\.0\.0\.1:3000/g, `127.0.0.1:${ports.app}`],
        [/listen 443 ssl http2/g, `listen 127.0.0.1:${ports.proxy} ssl http2`],
        [/listen 80;/g, `listen 127.0.0.1:${ports.plain};`],
        [/\/etc\/ssl\/app\.acme\.example/g, join(folder, 'certificate')],
      ])
      writeFileSync(join(folder, 'site.conf'), site)
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
        .join(' ')
      // As root it would give its workers to a user who may not enter the folder.
      const user = process.getuid?.() === 0 ? 'user root;' : ''
      const main = `daemon off; ${user} worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
        events {} http { access_log off; ${temporary} include ${folder}/site.conf; }`
      writeFileSync(join(folder, 'nginx.conf'), main)
      return ['-e', join(folder, 'nginx.log'), '-c', join(folder, 'nginx.conf')]
    },
  },
  {
    program: 'caddy',
    install: 'apt-get install caddy',
    prepare(folder, ports) {
      const site = replaced(shown('Caddyfile'), [
        [/127\.0\.0\.1:4000/g, `127.0.0.1:${ports.access}`],
        [/127\.0\.0\.1:3000/g, `127.0.0.1:${ports.app}`],
        [
          /^app\.acme\.example \{/gm,
          `https://${HOST}:${ports.proxy} {\n  bind 127.0.0.1\n  tls ${folder}/certificate.pem ${folder}/certificate.key`,
        ],
      ])
      const global = '{\n  admin off\n  auto_https disable_redirects\n}\n'
      writeFileSync(join(folder, 'Caddyfile'), `${global}${site}`)
      return ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')]
    },
  },
]

/** Each pattern has to be found: what is not in the file any more is not tested any more. */
function replaced(text: string, pairs: readonly [RegExp, string][]): string {
  return pairs.reduce((left, [pattern, by]) => {
    assert.match(left, pattern)
    return left.replace(pattern, by)
  }, text)
}

const isThere = (program: string) => spawnSync('which', [program]).status === 0

async function openSite(proxy: Proxy): Promise<Site> {
  await using stack = new AsyncDisposableStack()
  const folder = await makeTestFolder()
  stack.defer(() => removeTestFolder(folder))
  makeCertificate(folder)
  const postgres = stack.use(await startTestPostgres())
  const mailFolder = join(folder, 'mail')
  const sink = await startMailSink({ port: 0, host: '127.0.0.1', folder: mailFolder, log: silentLog })
  stack.defer(() => sink.close())
  const app = stack.use(await openApp())
  const ports: Ports = { proxy: await freePort(), plain: await freePort(), access: await freePort(), app: app.port }
  const origin = `https://${HOST}:${ports.proxy}`

  const access = startProcess(['access'], {
    ...settingsFor(postgres, join(folder, 'data')),
    HOLDFAST_ENVIRONMENT: 'production',
    HOLDFAST_URL: origin,
    HOLDFAST_ACCESS_PORT: String(ports.access),
    HOLDFAST_SMTP_URLS: `smtp://127.0.0.1:${sink.port}`,
    HOLDFAST_MAIL_FROM: 'Acme <no-reply@acme.example>',
    HOLDFAST_TRUSTED_PROXIES: '127.0.0.1',
    HOLDFAST_SIGN_UP: 'open',
  })
  stack.defer(async () => void (await access.stop()))
  await access.untilSaid(/access is open/)
  stack.defer(startProxy(proxy, folder, ports))

  const ask: Site['ask'] = (path, init = {}) => askThroughTls(ports.proxy, path, init)
  await until('the proxy', async () => (await ask('/sign-in')).status === 200)
  const held = stack.move()
  return {
    postgres,
    access,
    ask,
    seenByApp: app.seen,
    signIn: (email) => signIn({ ask, origin, mailFolder }, email),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

function makeCertificate(folder: string): void {
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=${HOST}`.split(' ')
  const names = ['-addext', `subjectAltName=DNS:${HOST}`]
  const files = ['-keyout', join(folder, 'certificate.key'), '-out', join(folder, 'certificate.pem')]
  const { status, stderr } = spawnSync('openssl', [...words, ...names, ...files], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
}

/** An app that knows nothing of Holdfast, and reads one header. */
async function openApp() {
  let seen: Record<string, string | string[] | undefined> | undefined
  const server = createServer((asked, response) => {
    seen = asked.headers
    response.statusCode = asked.url === '/broken' ? 500 : 200
    response.end(`Hello ${asked.headers['holdfast-user'] ?? 'nobody'}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    seen: () => seen,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function startProxy(proxy: Proxy, folder: string, ports: Ports): () => Promise<void> {
  const child = spawn(proxy.program, proxy.prepare(folder, ports), {
    stdio: 'ignore',
    env: { PATH: `${process.env.PATH}:/usr/sbin`, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  return async () => {
    child.kill('SIGTERM')
    await ended
  }
}

/** As a browser that resolves the host to this machine, and trusts its certificate. */
function askThroughTls(port: number, path: string, init: Parameters<Site['ask']>[1] = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = init
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        servername: HOST,
        rejectUnauthorized: false,
        headers: { accept: 'text/html', ...headers, host: `${HOST}:${port}` },
        timeout: ASK_MS,
        agent: false,
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part) => (text += part))
        answer.on('end', () => {
          const { statusCode = 0, headers: told } = answer
          resolve({ status: statusCode, headers: told, cookies: told['set-cookie'] ?? [], text })
        })
      },
    )
    asked.on('timeout', () => asked.destroy(new Error(`${path} was not answered in ${ASK_MS} ms`)))
    asked.on('error', reject)
    asked.end(body)
  })
}

async function signIn(site: { ask: Site['ask']; origin: string; mailFolder: string }, email: string): Promise<string> {
  const headers = { 'content-type': 'application/json', accept: 'application/json', origin: site.origin }
  const started = await site.ask('/v1/sign-in/email', { method: 'POST', headers, body: JSON.stringify({ email }) })
  assert.equal(started.status, 202, started.text)
  const browser = cookieOf(started.cookies)
  let code = ''
  await until('the mail', async () => {
    code = (await readMailbox(site.mailFolder)).find((mail) => mail.to.includes(email))?.code ?? ''
    return code !== ''
  })
  const { challenge_id } = JSON.parse(started.text) as { challenge_id: string }
  const done = await site.ask('/v1/sign-in/email/verify', {
    method: 'POST',
    headers: { ...headers, cookie: browser },
    body: JSON.stringify({ challenge_id, code }),
  })
  assert.equal(done.status, 200, done.text)
  for (const line of done.cookies)
    assert.match(line, /^__Host-.*; Secure/, 'on https every cookie is bound to its host')
  return cookieOf(done.cookies)
}

const cookieOf = (lines: readonly string[]) => lines.map((line) => line.split(';', 1)[0]).join('; ')
const only = (cookie: string, name: string) => cookie.split('; ').find((each) => each.startsWith(name)) ?? ''

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endAt = performance.now() + START_MS
  while (!(await holds().catch(() => false))) {
    if (performance.now() > endAt) throw new Error(`${what} did not come`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

for (const proxy of proxies) {
  const skip = isThere(proxy.program) && isThere('openssl') ? false : `${proxy.install} openssl`
  test(`behind ${proxy.program} over TLS an app is told who is signed in, and an outage is never a sign-out`, {
    skip,
  }, async () => {
    await using site = await openSite(proxy)

    const stranger = await site.ask('/notes?page=2')
    assert.equal(stranger.status, 303)
    assert.equal(stranger.headers.location, '/sign-in?return_to=/notes?page=2')
    for (const path of ['/v1/forward-auth', '/metrics', '/readyz']) {
      assert.equal((await site.ask(path)).status, 404, `${path} is not for the public`)
    }
    assert.match(String((await site.ask('/sign-in')).headers['strict-transport-security']), /max-age=63072000/)

    const cookie = await site.signIn('ana@acme.test')
    const forged = { cookie, 'holdfast-user': 'usr_forged', 'holdfast-roles': 'owner' }
    const home = await site.ask('/', { headers: forged })
    assert.match(home.text, /^Hello usr_/)
    assert.doesNotMatch(home.text, /forged/)
    assert.notEqual(site.seenByApp()?.['holdfast-roles'], 'owner', 'a client cannot give itself a role')
    assert.match(String(home.headers['strict-transport-security']), /max-age/)
    assert.equal((await site.ask('/broken', { headers: { cookie } })).status, 500, 'the app’s own fault stays its own')
    assert.equal((await site.ask('/account', { headers: { cookie } })).status, 200)

    site.postgres.stopAll()
    assert.match((await site.ask('/', { headers: { cookie } })).text, /^Hello usr_/, 'who is known goes on')
    const unheard = { cookie: `__Host-hf_session=${'A'.repeat(43)}` }
    const unknown = await site.ask('/', { headers: unheard })
    assert.deepEqual([unknown.status, unknown.cookies], [503, []])
    assert.ok(unknown.headers['retry-after'])
    site.postgres.continueAll()
    await until('the database', async () => (await site.ask('/', { headers: unheard })).status === 303)

    site.access.child.kill('SIGKILL')
    const gone = await site.ask('/', { headers: { cookie: only(cookie, '__Host-hf_session') } })
    assert.deepEqual([gone.status, gone.cookies], [503, []])
    assert.match(gone.text, /You have not been signed out/)
  })
}

test('the configurations name every page of Holdfast’s own', () => {
  const files = globSync('server/**/*routes.ts', { cwd: ROOT }).map((path) => readFileSync(join(ROOT, path), 'utf8'))
  const paths = files.flatMap((text) => [...text.matchAll(/on\(\s*'[A-Z]+ (\/[^']*)'/g)].map((match) => match[1]!))
  const pages = new Set(paths.map((path) => path.split('/')[1]!))
  // Of a developer's machine only, or kept from the public.
  for (const hidden of ['dev', 'healthz', 'readyz', 'metrics', '.well-known', 'openapi.json']) pages.delete(hidden)
  assert.ok(pages.size >= 5, `${[...pages]}`)
  for (const page of pages) {
    for (const name of ['nginx.conf', 'traefik.yaml', 'envoy.yaml']) {
      assert.match(
        shown(name),
        new RegExp(`\\((?:[\\w|-]*\\|)?${page}(?:\\|[\\w|-]*)?\\)`),
        `${name} does not name /${page}`,
      )
    }
    assert.match(shown('Caddyfile'), new RegExp(` /${page}[ /\\n]`), `Caddyfile does not name /${page}`)
  }
})
