/**
 * A double of access on loopback: the console's built files with the headers of access, and the staff API out of a small
 * world that can be told to fail. `node console/testing/double.ts` runs it on port 4000 for `npx vite`.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { emptyWorld, endSession, makeWorld, rotateKeys, type World } from './world.ts'
import type { DependencyState, Figure } from '../app/api/wire.ts'

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
      if (next === 'empty') double.world = { ...emptyWorld(Date.now()), self: double.world.self }
      released.resolve()
      released = Promise.withResolvers()
    },
  }

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
    const answer = answerTo(request, url, { world: double.world, condition, since })
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

interface Scene {
  world: World
  condition: Condition
  since: string
}
type Answer = [status: number, body?: unknown]

function answerTo(request: IncomingMessage, url: URL, scene: Scene): Answer {
  const { world, condition } = scene
  if (request.headers['holdfast-audience'] !== 'console') {
    return problem(403, 'sessions.not_administrator', 'The console has to say who it is.')
  }
  if (condition === 'signed-out') {
    return problem(401, 'sessions.signed_out', 'Sign in to the console.', { verdict: 'invalid', reason: 'no_session' })
  }
  const self = world.sessions.find(({ id }) => id === world.self.session)
  if (self?.ended_at) {
    return problem(401, 'sessions.revoked', 'Sign in again.', { verdict: 'invalid', reason: self.end_reason })
  }
  const isSession = url.pathname === '/v1/session'
  if (condition === 'forbidden' && !isSession) {
    return problem(403, 'sessions.not_administrator', 'ana.duarte@acme.test is not an administrator here.')
  }
  const needsDatabase = condition === 'database-away-cold' || !(isSession || url.pathname === '/v1/overview')
  if (condition.startsWith('database-away') && needsDatabase) {
    const detail = 'The database has not answered. Try again in a moment.'
    return problem(503, 'platform.database_unavailable', detail, { verdict: 'unknown', since: scene.since })
  }
  if (condition === 'broken' && !isSession && url.pathname !== '/v1/overview') {
    const detail = 'Access met a fault of its own. Nothing was changed; tell support the code and the time.'
    return problem(500, 'platform.bug', detail, { incident: 'bug_01kaj8h2m4' })
  }

  const parts = url.pathname.split('/').slice(2).map(decodeURIComponent)
  return route(`${request.method} ${parts[0]}`, parts.slice(1), url.searchParams, scene)
}

function route(verb: string, [id, under]: string[], query: URLSearchParams, scene: Scene): Answer {
  const { world } = scene
  const nowMs = Date.now()
  const user = world.users.find((one) => one.id === id)
  const session = world.sessions.find((one) => one.id === id)
  const byAdministrator = { reason: 'revoked', atMs: nowMs, by: world.self.user } as const
  const nothing = problem(404, 'sessions.no_such_session', `There is nothing with the id ${id}.`)

  switch (verb) {
    case 'GET session':
      return [200, ownSession(world)]
    case 'DELETE session':
      return [204]
    case 'GET overview':
      return [200, overviewOf(scene)]
    case 'GET users':
      if (id) return user ? [200, user] : nothing
      return [200, pageOf(findUsers(world, query.get('query')), query)]
    case 'DELETE users': {
      if (!user || under !== 'sessions') return nothing
      const live = world.sessions.filter((one) => one.user.id === id && !one.ended_at)
      for (const one of live) endSession(world, one, byAdministrator)
      return [200, { ended: live.length }]
    }
    case 'GET sessions':
      if (id) return session ? [200, session] : nothing
      return [200, pageOf(findSessions(world, query), query)]
    case 'DELETE sessions':
      if (!session) return nothing
      endSession(world, session, byAdministrator)
      return [204]
    case 'GET signing-keys':
      return [200, { data: world.keys }]
    case 'POST signing-key-rotations':
      rotateKeys(world, nowMs)
      return [201, {}]
    default:
      return nothing
  }
}

function findUsers({ users }: World, query: string | null) {
  const sought = query?.toLowerCase() ?? ''
  return users.filter(({ id, name, email }) => [id, name, email].some((text) => text?.toLowerCase().includes(sought)))
}

function findSessions({ sessions }: World, query: URLSearchParams) {
  const state = query.get('state') ?? 'live'
  const userId = query.get('user_id')
  return sessions
    .filter(({ user }) => !userId || user.id === userId)
    .filter(({ ended_at }) => state === 'all' || (state === 'ended') === (ended_at !== null))
    .toSorted((a, b) => b.created_at.localeCompare(a.created_at))
}

/** A server may give fewer rows than were asked for; a table of this size is quick to hold against axe. */
const ROWS_MAX = 20

function pageOf<Row>(rows: readonly Row[], query: URLSearchParams) {
  const from = Number(query.get('cursor') ?? 0)
  const limit = Math.min(Number(query.get('limit')), ROWS_MAX)
  return { data: rows.slice(from, from + limit), next_cursor: from + limit < rows.length ? String(from + limit) : null }
}

function ownSession(world: World) {
  return {
    verdict: 'valid',
    source: 'database',
    age_ms: 0,
    session: {
      id: world.self.session,
      user: { id: world.self.user, email: 'ana.duarte@acme.test', name: 'Ana Duarte', picture_url: null },
      organization_id: null,
      roles: [],
      impersonator: null,
      audience: 'console',
      authenticated_at: new Date().toISOString(),
      expires_at: null,
      amr: ['otp'],
      acr: '1',
    },
  }
}

function overviewOf({ world, condition, since }: Scene) {
  const now = new Date().toISOString()
  const isAway = condition.startsWith('database-away')
  const figure = (value: number): Figure => (isAway ? { value: null, as_of: since } : { value, as_of: now })
  const live = world.sessions.filter(({ ended_at }) => ended_at === null).length
  return {
    environment: 'production',
    installation_id: 'ins_01kaj3w9d7c2r5n8',
    version: '0.1.0',
    started_at: world.startedAt,
    generated_at: now,
    dependencies: world.dependencies.map((dependency) => {
      const change = changed(dependency.name, condition)
      return change ? { ...dependency, ...change, since } : dependency
    }),
    figures: {
      live_sessions: figure(live),
      users: figure(world.users.length),
      sign_ins_last_hour: figure(live > 0 ? 1204 : 0),
      sign_ins_failed_last_hour: figure(live > 0 ? 17 : 0),
    },
    changes: world.changes,
  }
}

function changed(name: string, condition: Condition): { state: DependencyState; detail: string } | undefined {
  if (name === 'database' && condition.startsWith('database-away')) {
    const detail =
      'PostgreSQL has not committed on a fresh connection. Known sessions are served from memory and proofs; new sign-ins wait.'
    return { state: 'unknown', detail }
  }
  if (name === 'mail A' && condition === 'mail-failing') {
    return { state: 'failing', detail: 'smtp.acme.test refuses mail with 421. Codes go out through mail B meanwhile.' }
  }
  return undefined
}

function problem(status: number, code: string, detail: string, more: Record<string, unknown> = {}): Answer {
  return [status, { type: `/docs/problems/${code}`, title: detail, status, code, detail, ...more }]
}

function send(response: ServerResponse, status: number, body?: unknown) {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  response.writeHead(status, { 'content-type': type, ...(status === 503 && { 'retry-after': '2' }) })
  response.end(body === undefined ? undefined : JSON.stringify(body))
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
  response.end(`<!doctype html><html lang="en"><title>${path}</title><h1>The page ${path} of access</h1></html>`)
}

if (import.meta.main) {
  const double = await openDouble({ dist: join(import.meta.dirname, '../dist'), port: 4000 })
  console.log(`access (double)  ${double.url}/console/  POST or GET /double/<${conditions.join('|')}>`)
}
