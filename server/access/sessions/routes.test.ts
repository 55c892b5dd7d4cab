import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { openApplicationDirectory } from '../../ground/applications/index.ts'
import * as applications from '../../ground/applications/index.ts'
import { securitySchemes } from '../../ground/documentation/index.ts'
import { openHttpServer } from '../../platform/http/index.ts'
import { silentLog } from '../../platform/log.ts'
import { sessionRoutes } from './index.ts'
import { callWith, faulty, keep, openRig, otp, person, testSecret } from './testing.ts'

/** As the flags of access tell themselves. */
function announced() {
  const listeners = new Set<() => void>()
  let seq = 7
  return {
    current: () => ({ epoch: 3, seq, digest: `digest-${seq}`, ageMs: () => 120.4 }),
    onChange(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    change() {
      seq += 1
      for (const listener of listeners) listener()
    },
  }
}

async function openServer(flags?: ReturnType<typeof announced>) {
  const fault = faulty()
  const rig = await openRig({ wrap: fault.wrap, extraMigrations: [applications.migrations] })
  await rig.sessions.catchUp()
  const db = rig.database.database('background')
  const directory = await openApplicationDirectory({
    db,
    clock: rig.clock,
    secret: testSecret,
    environment: 'development',
    folder: rig.folder,
  })
  const key = await directory.register({ id: 'app_demo', name: 'Demo', origins: ['http://127.0.0.1:4200'] })
  const server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    origin: 'http://localhost:4000',
    trustedProxies: [],
    routes: sessionRoutes({
      sessions: rig.sessions,
      applications: directory,
      environment: 'development',
      installationId: () => 'ins_test',
      now: () => rig.clock.now(),
      flags,
    }),
    folders: [],
    readForwarded: directory.readForwarded,
    renderProblem: (said) => `<p>${said.code}</p>`,
    documentation: {
      title: 'test',
      version: '0',
      description: 'test',
      securitySchemes: securitySchemes('http://localhost'),
    },
    clock: rig.clock,
    log: silentLog,
  })
  const ask = (
    path: string,
    options: { method?: string; jar?: Record<string, string>; headers?: Record<string, string> } = {},
  ) =>
    fetch(`${server.url}${path}`, {
      method: options.method ?? 'GET',
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
      headers: {
        cookie: Object.entries(options.jar ?? {})
          .map(([name, value]) => `${name}=${value}`)
          .join('; '),
        ...options.headers,
      },
    })
  const signIn = async (user = person()) => {
    const { session, cookies } = await rig.sessions.issue(callWith(), { user, ...otp })
    return { user, session, jar: keep({}, cookies) }
  }
  return {
    rig,
    fault,
    ask,
    directory,
    key,
    server,
    signIn,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rig[Symbol.asyncDispose]()
    },
  }
}

test('valid is 200, invalid 401 with the reason, unknown 503 with Retry-After, and only invalid clears cookies', async () => {
  await using world = await openServer()
  const { jar, session } = await world.signIn()

  const valid = await world.ask('/v1/session', { jar })
  assert.equal(valid.status, 200)
  assert.equal((await bodyOf(valid)).session.id, session.id)

  world.fault.state.isAway = true
  const unknown = await world.ask('/v1/session', { jar: { hf_session: 'C'.repeat(43) } })
  assert.equal(unknown.status, 503)
  assert.equal(unknown.headers.get('retry-after'), '2')
  assert.equal(unknown.headers.getSetCookie().length, 0)
  assert.equal((await bodyOf(unknown)).verdict, 'unknown')

  world.fault.state.isAway = false
  await world.rig.sessions.end({ sessionId: session.id, reason: 'revoked', by: 'usr_admin' })
  const invalid = await world.ask('/v1/session', { jar })
  assert.equal(invalid.status, 401)
  assert.match(invalid.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const body = await bodyOf(invalid)
  assert.equal(body.code, 'sessions.revoked')
  assert.equal(body.reason, 'revoked')
  assert.ok(invalid.headers.getSetCookie().every((cookie) => /Max-Age=0/.test(cookie)))
})

test('a proxy that names its application lets in only sessions of that one', async () => {
  await using world = await openServer()
  const { jar } = await world.signIn()
  const { cookies } = await world.rig.sessions.issue(callWith(), { user: person(), ...otp, audience: 'app_demo' })
  const ofDemo = keep({}, cookies)
  const status = async (query: string, cookiesOf: Record<string, string>) =>
    (await world.ask(`/v1/forward-auth${query}`, { jar: cookiesOf })).status
  assert.equal(await status('?audience=app_demo', ofDemo), 200)
  assert.equal(await status('?audience=app_demo', jar), 401)
  assert.equal(await status('?audience=account', jar), 200)
  // Without a name any application's session is let in, as before.
  assert.equal(await status('', ofDemo), 200)
  for (const audience of ['console', 'app_none', '']) assert.equal(await status(`?audience=${audience}`, jar), 400)
})

test('an SDK is told at once, over the feed, what is wanted of its application', async () => {
  await using world = await openServer()
  const response = await fetch(`${world.server.url}/v1/feed`, {
    headers: { authorization: `Bearer ${world.key}` },
    signal: AbortSignal.timeout(5000),
  })
  let text = ''
  for await (const part of response.body!) {
    text += Buffer.from(part).toString()
    if (text.includes('event: sync')) break
  }
  const told = /event: application\ndata: (.*)\n/.exec(text)?.[1] ?? '{}'
  assert.deepEqual(JSON.parse(told), {
    id: 'app_demo',
    name: 'Demo',
    on_unknown: { policy: 'serve', max_age_s: 86_400 },
    brand: { name: null },
  })
})

test('a reverse proxy is told who it is by 200, 401 and 503', async () => {
  await using world = await openServer()
  const { jar, user } = await world.signIn()
  const let_in = await world.ask('/v1/forward-auth', { jar })
  assert.equal(let_in.status, 200)
  assert.equal(let_in.headers.get('holdfast-user'), user.id)
  assert.equal((await world.ask('/v1/forward-auth')).status, 401)
  world.fault.state.isAway = true
  const unknown = await world.ask('/v1/forward-auth', { jar: { hf_session: 'C'.repeat(43) } })
  assert.equal(unknown.status, 503)
  assert.equal(unknown.headers.get('holdfast-verdict'), 'unknown')
})

test('a person sees and ends their own sessions, and nobody else’s', async () => {
  await using world = await openServer()
  const [ana, other] = [await world.signIn(), await world.signIn()]
  const { data } = await bodyOf(await world.ask('/v1/sessions?user_id=usr_x', { jar: ana.jar }))
  assert.deepEqual(
    data.map((row) => row.id),
    [ana.session.id],
  )
  assert.equal((await world.ask(`/v1/sessions/${other.session.id}`, { method: 'DELETE', jar: ana.jar })).status, 404)
  assert.equal((await world.ask(`/v1/sessions/${ana.session.id}`, { method: 'DELETE', jar: ana.jar })).status, 204)
  assert.equal((await world.ask('/v1/session', { jar: ana.jar })).status, 401)
  assert.equal((await world.ask('/v1/session', { jar: other.jar })).status, 200)
})

test('a sign-out clears the cookies here at once, also when the database cannot be told', async () => {
  await using world = await openServer()
  const { jar } = await world.signIn()
  await world.ask('/v1/session', { jar })
  world.fault.state.isAway = true
  const answer = await world.ask('/v1/session', { method: 'DELETE', jar })
  assert.equal(answer.status, 202)
  assert.equal(answer.headers.getSetCookie().length, 2)
  assert.equal((await world.ask('/v1/session', { jar })).status, 401)
})

test('a request from another site changes nothing', async () => {
  await using world = await openServer()
  const { jar } = await world.signIn()
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ]
  for (const headers of foreign) {
    const answer = await world.ask('/v1/session', { method: 'DELETE', jar, headers })
    assert.equal(answer.status, 403)
    assert.equal((await bodyOf(answer)).code, 'request.cross_site')
  }
  assert.equal((await world.ask('/v1/session', { jar })).status, 200)
})

test('the feed tells what was missed, the keys, its position, and an end as it happens', async () => {
  await using world = await openServer()
  const [before, after] = [await world.signIn(), await world.signIn()]
  await world.rig.sessions.end({ sessionId: before.session.id, reason: 'revoked', by: 'usr_admin' })
  assert.equal((await world.ask('/v1/feed')).status, 401)
  const foreign = await world.ask('/v1/feed', {
    headers: { authorization: `Bearer ${world.key.replace('development', 'demo')}` },
  })
  assert.match((await bodyOf(foreign)).detail, /"demo".*"development"/)

  const feed = await world.ask('/v1/feed', { headers: { authorization: `Bearer ${world.key}` } })
  const events = readEvents(feed)
  const first = (await events.next()).value
  assert.equal(first?.event, 'revocation')
  assert.equal(first?.data.session_id, before.session.id)
  assert.equal((await events.next()).value?.event, 'keys')
  assert.equal((await events.next()).value?.event, 'application')
  const sync = (await events.next()).value
  assert.equal(sync?.event, 'sync')
  assert.deepEqual(
    { application: sync?.data.application, issuer: sync?.data.issuer },
    { application: 'app_demo', issuer: 'http://localhost:4000' },
    'an SDK need not be told whom it speaks for, or who signs',
  )
  await world.rig.sessions.end({ sessionId: after.session.id, reason: 'signed_out', by: after.user.id })
  const next = (await events.next()).value
  assert.equal(next?.data.session_id, after.session.id)
  assert.equal(next?.id, String(next?.data.seq))
  await events.return(undefined)

  const resumed = readEvents(
    await world.ask('/v1/feed', { headers: { authorization: `Bearer ${world.key}`, 'last-event-id': next!.id! } }),
  )
  assert.equal((await resumed.next()).value?.event, 'keys', 'nothing is told twice')
  await resumed.return(undefined)
})

test('the feed announces the newest snapshot of flags on connect and on each change', async () => {
  const flags = announced()
  await using world = await openServer(flags)
  const events = readEvents(await world.ask('/v1/feed', { headers: { authorization: `Bearer ${world.key}` } }))
  const next = async () => {
    let said = (await events.next()).value
    while (said && said.event !== 'flags') said = (await events.next()).value
    return said?.data
  }
  assert.deepEqual(await next(), { epoch: 3, seq: 7, digest: 'digest-7', age_ms: 120 })
  flags.change()
  assert.deepEqual(await next(), { epoch: 3, seq: 8, digest: 'digest-8', age_ms: 120 })
  await events.return(undefined)
})

test('a key that was taken back opens no feed any more, also not the one that it opened before', async () => {
  await using world = await openServer()
  const events = readEvents(await world.ask('/v1/feed', { headers: { authorization: `Bearer ${world.key}` } }))
  assert.equal((await events.next()).value?.event, 'keys')
  await world.directory.register({ id: 'app_demo', name: 'Demo', origins: ['http://127.0.0.1:4200'] })
  const rest = async () => {
    for await (const _ of events);
  }
  await assert.rejects(rest(), { message: 'terminated' })
  assert.equal((await world.ask('/v1/feed', { headers: { authorization: `Bearer ${world.key}` } })).status, 401)
})

test('every documented answer is what is answered', async () => {
  await using world = await openServer()
  const document = world.server.openApi() as {
    openapi: string
    paths: Record<
      string,
      Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
    >
  }
  assert.equal(document.openapi, '3.1.0')
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  const { jar } = await world.signIn()
  const held: string[] = []
  const hold = async (
    method: string,
    path: string,
    options: Parameters<typeof world.ask>[1] = {},
    pattern = path.split('?')[0]!,
  ) => {
    const answer = await world.ask(path, { method: method.toUpperCase(), ...options })
    const content = document.paths[pattern]?.[method]?.responses[answer.status]?.content
    const schema = content && Object.values(content)[0]?.schema
    assert.ok(schema, `${method} ${pattern} documents ${answer.status}`)
    const validate = ajv.compile(schema)
    const body = await bodyOf(answer)
    assert.ok(
      validate(body),
      `${method} ${path} ${answer.status}: ${JSON.stringify(validate.errors)} ${JSON.stringify(body)}`,
    )
    held.push(`${method} ${pattern} ${answer.status}`)
  }
  await hold('get', '/v1/session', { jar })
  await hold('get', '/v1/session')
  await hold('post', '/v1/session/refresh', { jar })
  await hold('get', '/v1/forward-auth', { jar })
  await hold('get', '/v1/sessions', { jar })
  await hold('get', '/v1/sessions')
  await hold('get', '/v1/session-ends', { jar })
  await hold('get', '/v1/session-ends?session_id=ses_none', { jar })
  await hold('get', '/.well-known/jwks.json')
  world.fault.state.isAway = true
  await hold('get', '/v1/session', { jar: { hf_session: 'D'.repeat(43) } })
  assert.equal(held.length, 10)
})

interface Body {
  verdict: string
  code: string
  detail: string
  reason: string
  session: { id: string }
  data: { id: string }[]
}

const bodyOf = async (answer: Response) => (await answer.json()) as Body

interface FeedLine {
  id?: string
  event: string
  data: { session_id: string; seq: number; application?: string; issuer?: string }
}

async function* readEvents(answer: Response): AsyncGenerator<FeedLine, undefined> {
  let rest = ''
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)))
      yield { ...fields, data: JSON.parse(fields.data) }
    }
  }
  return undefined
}
