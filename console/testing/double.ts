/**
 * A double of access on loopback: the console's built files with the headers of access, and the staff API out of a small
 * world that can be told to fail. `node console/testing/double.ts` runs it on port 4000 for `npx vite`.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { type Answer, nothing, problem, type Routes, type Scene } from './answer.ts'
import { applications } from './routes/applications.ts'
import { ends } from './routes/ends.ts'
import { failOver } from './routes/fail-over.ts'
import { flags, wiped } from './routes/flags.ts'
import { installation } from './routes/installation.ts'
import { organizations } from './routes/organizations.ts'
import { people } from './routes/people.ts'
import { providers } from './routes/providers.ts'
import { self, supportScopes } from './routes/self.ts'
import { sessions } from './routes/sessions.ts'
import { blur, cutOff, fail } from './world/providers.ts'
import { emptyWorld, makeWorld, type World } from './world.ts'

export const conditions = [
  'fine',
  'empty',
  /** PostgreSQL does not answer: what needs it is 503, the overview goes on. */
  'database-away',
  /** As before, and access cannot even tell who asks. */
  'database-away-cold',
  /** The process is gone: connections are cut. */
  'access-away',
  /** A gateway answers in place of access. */
  'gateway',
  'signed-out',
  'forbidden',
  /** The lists have a bug. */
  'broken',
  /** Nothing answers until the condition changes. */
  'slow',
  'mail-failing',
  /** The last sign-in is too long ago for what gives power over others. */
  'stale',
  /** The tables of flags were emptied behind the back of access. */
  'flags-wiped',
  /** The first provider does not answer, and people are sent another way. */
  'provider-down',
  /** Nobody can tell whether the providers are at fault or our own network. */
  'provider-unknown',
  /** One process of access has no way out, and the others answer for it. */
  'process-cut-off',
  /** The reader is no administrator: a role that reads, and ends sessions. */
  'support',
] as const
export type Condition = (typeof conditions)[number]

export interface Double {
  url: string
  world: World
  /** Every call since the start, such as `DELETE /v1/sessions/ses_1`. */
  calls: string[]
  become(condition: Condition): void
  [Symbol.asyncDispose](): Promise<void>
}

interface DoubleOptions {
  /** The folder of the built console. */
  dist: string
  port?: number
}

export async function openDouble({ dist, port = 0 }: DoubleOptions): Promise<Double> {
  let condition: Condition = 'fine'
  let since = new Date().toISOString()
  let released = Promise.withResolvers<void>()
  const double = {
    url: '',
    world: makeWorld(Date.now()),
    calls: [] as string[],
    become(next: Condition) {
      condition = next
      since = new Date().toISOString()
      double.world.self.role = next === 'support' ? 'support' : 'administrator'
      if (next === 'empty') double.world = { ...emptyWorld(Date.now()), self: double.world.self }
      if (next === 'provider-down') fail(double.world, Date.now())
      if (next === 'provider-unknown') blur(double.world, Date.now())
      if (next === 'process-cut-off') cutOff(double.world, Date.now())
      released.resolve()
      released = Promise.withResolvers()
    },
  }

  const answered = new Map<string, Answer>()
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://double')
    const path = url.pathname
    if (path.startsWith('/double/')) {
      double.become(path.slice('/double/'.length) as Condition)
      return send(response, 200, { condition })
    }
    if (path === '/console' || path.startsWith('/console/')) return serveConsole(dist, path, response)
    if (!path.startsWith('/v1/')) return servePage(path, response)

    double.calls.push(`${request.method} ${path}${url.search}`)
    if (condition === 'slow') await released.promise
    if (condition === 'access-away') return response.destroy()
    if (condition === 'gateway') return sendGatewayPage(response)
    const body = await bodyOf(request)
    const scene = { world: double.world, condition, since }
    // As access does it: the same key once more gets the same answer, and nothing happens a second time.
    const key = request.headers['idempotency-key']
    const before = condition === 'fine' && key ? answered.get(`${request.method} ${path} ${key}`) : undefined
    const answer = before ?? answerTo(request, url, { scene, body })
    if (key && answer[0] < 400) answered.set(`${request.method} ${path} ${key}`, answer)
    send(response, ...answer)
  })
  server.keepAliveTimeout = 500
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return Object.assign(double, {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      released.resolve()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

const routes: Routes = {
  ...self,
  ...people,
  ...sessions,
  ...ends,
  ...organizations,
  ...applications,
  ...providers,
  ...failOver,
  ...flags,
  ...installation,
}

function answerTo(request: IncomingMessage, url: URL, asked: { scene: Scene; body: Record<string, unknown> }): Answer {
  const { scene, body } = asked
  const refused = refusalOf(request, url, scene)
  if (refused) return refused
  const [noun, id, under, deeper, deepest] = url.pathname.split('/').slice(2).map(decodeURIComponent)
  const handle = routes[`${request.method} ${noun}`]
  if (!handle) return nothing({ id: url.pathname })
  return handle({
    id,
    under,
    deeper,
    deepest,
    query: url.searchParams,
    body,
    scene,
    world: scene.world,
    now: new Date(),
  })
}

/** What stands before every route: who asks, what they may do, and whether the database is there. */
function refusalOf(request: IncomingMessage, { pathname }: URL, scene: Scene): Answer | undefined {
  const { world, condition } = scene
  if (request.headers['holdfast-audience'] !== 'console') {
    return problem(403, 'sessions.not_administrator', 'The console has to say who it is.')
  }
  if (condition === 'signed-out') {
    return problem(401, 'sessions.signed_out', 'Sign in to the console.', { verdict: 'invalid', reason: 'no_session' })
  }
  const own = world.sessions.find(({ id }) => id === world.self.session)
  if (own?.ended_at) {
    return problem(401, 'sessions.revoked', 'Sign in again.', { verdict: 'invalid', reason: own.end_reason })
  }
  const isSession = pathname === '/v1/session'
  const isOverview = pathname === '/v1/overview'
  if (condition === 'forbidden' && !isSession) {
    return problem(403, 'sessions.not_administrator', 'ana.duarte@acme.test is not an administrator here.')
  }
  // What access serves lies in its memory.
  const isServed = pathname === '/v1/flags/export' || pathname === '/v1/flags/metadata'
  const needsDatabase = condition === 'database-away-cold' || !(isSession || isOverview || isServed)
  if (condition.startsWith('database-away') && needsDatabase) {
    const detail = 'The database has not answered. Try again in a moment.'
    return problem(503, 'platform.database_unavailable', detail, { verdict: 'unknown', since: scene.since })
  }
  if (condition === 'broken' && !isSession && !isOverview) {
    const detail = 'Access met a fault of its own. Nothing was changed; tell support the code and the time.'
    return problem(500, 'platform.bug', detail, { incident: 'bug_01kaj8h2m4' })
  }
  const isFlagWrite = pathname.startsWith('/v1/flags') && !/restore|adopt/.test(pathname) && request.method !== 'GET'
  if (condition === 'flags-wiped' && isFlagWrite) {
    const detail = `Nothing can be changed: ${wiped} Run "holdfast flags restore" or "holdfast flags adopt".`
    return problem(503, 'flags.held', detail, { fault: 'wiped' })
  }
  return isSession || world.self.role === 'administrator' ? undefined : refusalOfSupport(request.method ?? '', pathname)
}

const nouns: Record<string, string> = {
  overview: 'overview',
  statistics: 'overview',
  search: 'overview',
  'brand-previews': 'applications',
  'fail-over': 'providers',
  readiness: 'providers',
  rescues: 'organizations',
  memberships: 'organizations',
  invitations: 'organizations',
  'session-ends': 'sessions',
  'signing-keys': 'settings',
  'signing-key-rotations': 'settings',
  staff: 'settings',
  'break-glass-codes': 'settings',
  backups: 'settings',
}

function refusalOfSupport(method: string, pathname: string): Answer | undefined {
  const noun = pathname.split('/')[2] ?? ''
  const isEnd = pathname.endsWith('/sessions') && method === 'DELETE'
  // A preview is asked for by POST, and changes nothing.
  const isRead = method === 'GET' || noun === 'brand-previews'
  const subject = isEnd ? 'sessions' : (nouns[noun] ?? noun)
  const scope = noun === 'impersonations' ? 'users:impersonate' : `${subject}:${isRead ? 'read' : 'write'}`
  if (supportScopes.some((each) => each === scope)) return undefined
  return problem(403, 'sessions.not_allowed', `Your role does not include ${scope}.`, { scope })
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? {} : JSON.parse(text)
}

function send(response: ServerResponse, status: number, body?: unknown, media = 'application/json') {
  const type = status >= 400 ? 'application/problem+json' : media
  response.writeHead(status, { 'content-type': type, ...(status === 503 && { 'retry-after': '2' }) })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

function sendGatewayPage(response: ServerResponse) {
  response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502 Bad Gateway</h1>')
}

/** As access sends it: no inline script runs, and fonts and calls come from here only. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:"

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

async function serveConsole(dist: string, path: string, response: ServerResponse) {
  const wanted = join(dist, normalize(path.slice('/console'.length) || '/'))
  const isFile = await stat(wanted).then(
    (found) => found.isFile(),
    () => false,
  )
  const file = isFile ? wanted : join(dist, 'index.html')
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
  })
  createReadStream(file).pipe(response)
}

function servePage(path: string, response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  const style = '<style>@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }</style>'
  const said = `The page ${decodeURIComponent(path)} of access`
  response.end(`<!doctype html><html lang="en"><title>${path}</title>${style}<h1>${said}</h1></html>`)
}

if (import.meta.main) {
  const double = await openDouble({ dist: join(import.meta.dirname, '../dist'), port: 4000 })
  console.log(`access (double)  ${double.url}/console/  POST or GET /double/<${conditions.join('|')}>`)
}
