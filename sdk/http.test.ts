import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { PROOF_LIFE_MS } from './contract.ts'
import { createHandler, type ProtectOptions } from './http.ts'
import { openApp, type TestApp } from './testing/open-app.ts'
import { cookieOf, openSite } from './testing/open-site.ts'
import { until } from './testing/until.ts'

/** An app with a home page, and settings that want a fresh sign-in. */
async function openHttpSite(app: TestApp, options: ProtectOptions = {}) {
  const auth = createHandler(app.holdfast)
  const home = auth.protect(options, (_request, response, answer) => {
    response.end(`Hello ${answer.session.user.name} (${answer.source})`)
  })
  const settings = auth.protect({ fresh: true, maxAuthAgeMs: 300_000 }, (_request, response) => {
    response.end('Settings')
  })
  return openSite(async (request, response) => {
    if (await auth.handle(request, response)) return
    await (request.url?.startsWith('/settings') ? settings : home)(request, response)
  })
}

async function away(app: TestApp): Promise<void> {
  await app.access.stop()
  await until('access is seen to be away', () => app.holdfast.status().accessReachable === false)
}

test('below /auth the app’s own origin is access: signed, with prefix, cookies both ways, nothing of the app’s', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const response = await site.page('/auth/sign-in/away?return_to=%2F', {
    method: 'POST',
    headers: {
      cookie: 'hf_browser=1; hf_session=2; hf_console=3; app=secret',
      origin: site.url,
      'user-agent': 'Tester/1',
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'Bearer of-the-app',
      'holdfast-audience': 'console',
      'holdfast-forwarded': 'for=1.2.3.4;origin=https://evil.test;prefix=/auth',
      'x-forwarded-for': '1.2.3.4',
      referer: `${site.url}/secret-path`,
    },
    body: 'email=ana%40acme.test',
  })
  assert.equal(response.status, 303)
  assert.equal(response.headers.get('location'), '/auth/sign-in')
  assert.deepEqual(response.headers.getSetCookie(), ['hf_browser=b; Path=/', 'other=o; Path=/'])

  const seen = app.access.seen.at(-1)!
  assert.deepEqual(
    [seen.method, seen.path, seen.body],
    ['POST', '/sign-in/away?return_to=%2F', 'email=ana%40acme.test'],
  )
  assert.equal(seen.headers.cookie, 'hf_browser=1; hf_session=2')
  assert.equal(seen.headers['holdfast-forwarded'], `for=127.0.0.1;origin=${site.url};prefix=/auth`)
  assert.deepEqual([seen.headers.origin, seen.headers['user-agent']], [site.url, 'Tester/1'])
  for (const name of ['authorization', 'holdfast-audience', 'x-forwarded-for', 'referer']) {
    assert.equal(seen.headers[name], undefined, name)
  }
})

test('a page of access comes through, without what would bind the app’s own origin', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const response = await site.page('/auth/sign-in')
  assert.equal(response.status, 200)
  assert.match(await response.text(), /Sign in/)
  assert.equal(response.headers.get('strict-transport-security'), null)
})

test('only what a browser needs is reachable through the app', async (context) => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const closed = [
    '/auth',
    '/auth/',
    '/auth/console',
    '/auth/console/users',
    '/auth/enrol/token',
    '/auth/v1/users',
    '/auth/v1/feed',
    '/auth/v1/signing-keys',
    '/auth/metrics',
    '/auth/dev/mail',
    '/auth/sign-in/%2e%2e/console',
    '/auth/assets/..%2fv1%2fusers',
    '/auth/sign-in/%5c..%5cconsole',
    '/auth/v1/sessions/..',
    '/auth/v1/sessions//users',
    '/auth/sign-inn',
    `/auth/sign-in?${'a'.repeat(5000)}`,
  ]
  for (const path of closed) {
    await context.test(path.slice(0, 60), async () => {
      const raw = await rawRequest(site.url, `GET ${path} HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n`)
      assert.match(raw, /^HTTP\/1\.1 404 /)
      assert.match(raw, /"code":"auth\.not_found"/)
    })
  }
  const own = ['/v1/feed', '/v1/session']
  assert.deepEqual(
    app.access.seen.filter(({ path }) => !own.includes(path)),
    [],
  )
})

test('a query in any spelling is signed as access receives it', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const query = `?return_to=/a'b"c|d<e>&x=%27%zz`
  const raw = await rawRequest(
    site.url,
    `GET /auth/sign-in${query} HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n`,
  )
  assert.match(raw, /^HTTP\/1\.1 200 /)
})

test('what is too large is refused both ways', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const up = await site.ask('/auth/v1/sign-in/email', { method: 'POST', body: 'x'.repeat(70_000) })
  assert.equal(up.status, 413)
  assert.equal(((await up.json()) as { code: string }).code, 'auth.too_large')
  assert.ok(!app.access.seen.some(({ path }) => path === '/v1/sign-in/email'))

  await assert.rejects(async () => (await site.ask('/auth/assets/large.bin')).arrayBuffer())
  assert.equal((await site.page('/auth/sign-in')).status, 200)
})

test('while access is away its pages say so, since when, and come back by themselves', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  await away(app)
  const page = await site.page('/auth/sign-in?return_to=%2F')
  assert.deepEqual([page.status, page.headers.get('retry-after')], [503, '3'])
  assert.match(page.headers.get('content-security-policy')!, /^default-src 'none'; style-src 'sha256-/)
  const html = await page.text()
  assert.match(html, /<meta http-equiv="refresh" content="3">/)
  assert.match(html, /It has not answered since \d\d:\d\d:\d\d UTC\./)
  assert.match(html, /Everybody who is signed in stays signed in/)
  assert.ok(!html.includes('<script'))

  const problem = await site.ask('/auth/v1/session')
  assert.equal(problem.headers.get('content-type'), 'application/problem+json; charset=utf-8')
  const body = (await problem.json()) as Record<string, unknown>
  assert.deepEqual(
    [problem.status, body.code, body.verdict, body.reason],
    [503, 'access.unreachable', 'unknown', 'access_unreachable'],
  )
  assert.deepEqual([...page.headers.getSetCookie(), ...problem.headers.getSetCookie()], [])

  await app.access.start()
  await until('the page works again', async () => (await site.page('/auth/sign-in')).status === 200)
})

test('an access that hangs keeps nobody waiting for its pages', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  app.access.mode = 'silent'
  const page = await site.page('/auth/sign-in')
  assert.equal(page.status, 503)
  assert.match(await page.text(), /It has not answered since/)
  app.access.mode = 'up'
  await until('the page works again', async () => (await site.page('/auth/sign-in')).status === 200)
})

test('a protected page lets people in, sends strangers to sign in and back, and tells programs why', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const session = app.access.signIn()
  const cookie = cookieOf({ handle: session.handle, proof: app.access.proofOf(session) })
  assert.equal(await (await site.page('/', { headers: { cookie } })).text(), 'Hello Ana (proof)')

  const stranger = await site.page('/notes?page=2')
  assert.equal(stranger.status, 303)
  assert.equal(
    stranger.headers.get('location'),
    `/auth/sign-in?return_to=${encodeURIComponent(`${site.url}/notes?page=2`)}`,
  )
  const program = await site.ask('/notes')
  assert.equal(program.status, 401)
  assert.deepEqual(await program.json(), {
    type: 'about:blank',
    title: 'Unauthorized',
    status: 401,
    code: 'session.no_session',
    detail: 'There is no session in this browser. Sign in at /auth/sign-in.',
    verdict: 'invalid',
    reason: 'no_session',
    sign_in: `/auth/sign-in?return_to=${encodeURIComponent(`${site.url}/notes`)}`,
  })
  // What was posted cannot be posted again by a redirect.
  const posted = await site.page('/notes', { method: 'POST' })
  assert.equal(posted.status, 401)
  assert.match(
    await posted.text(),
    /What you sent was not carried out\..*<a href="\/auth\/sign-in\?return_to=[^"]*%2F">/s,
  )
})

test('a page that wants a recent sign-in sends there with its limit, and comes back', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const session = app.access.signIn(app.clock.nowMs - 600_000)
  const headers = { cookie: cookieOf({ handle: session.handle }) }
  const page = await site.page('/settings', { headers })
  assert.equal(page.status, 303)
  assert.equal(
    page.headers.get('location'),
    `/auth/sign-in?max_age=300&return_to=${encodeURIComponent(`${site.url}/settings`)}`,
  )
  const program = await site.ask('/settings', { headers })
  assert.equal(((await program.json()) as { code: string }).code, 'session.fresh_sign_in_needed')
  session.authenticatedMs = app.clock.nowMs
  assert.equal(await (await site.page('/settings', { headers })).text(), 'Settings')
})

test('unknown is a page that waits, and clears no cookie', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const session = app.access.signIn()
  const headers = { cookie: cookieOf({ handle: session.handle }) }
  app.access.mode = 'database-away'
  const page = await site.page('/', { headers })
  assert.deepEqual([page.status, page.headers.get('retry-after'), page.headers.getSetCookie().length], [503, '3', 0])
  const html = await page.text()
  assert.match(html, /The database behind sign-in is not answering\./)
  assert.match(html, /You have not been signed out\./)
  assert.match(html, /http-equiv="refresh"/)
  const program = await site.ask('/', { headers })
  assert.equal(((await program.json()) as { reason: string }).reason, 'database_unavailable')

  app.access.mode = 'up'
  assert.equal(await (await site.page('/', { headers })).text(), 'Hello Ana (database)')
})

test('the newer proof of access reaches the browser with the app’s own answer, and no cache keeps it', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const session = app.access.signIn()
  const proof = app.access.proofOf(session)
  app.clock.nowMs += PROOF_LIFE_MS
  const page = await site.page('/', { headers: { cookie: cookieOf({ handle: session.handle, proof }) } })
  assert.match(page.headers.getSetCookie()[0]!, /^hf_proof=/)
  assert.equal(page.headers.get('cache-control'), 'no-store')
})

test('an app may say itself why somebody is out, or not known', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app, {
    onUnknown: (_request, response, answer) => void response.writeHead(503).end(`unknown: ${answer.reason}`),
    onInvalid: (_request, response, answer) => void response.writeHead(401).end(`out: ${answer.reason}`),
  })
  const session = app.access.signIn()
  app.access.revoke(session)
  const page = await site.page('/', { headers: { cookie: cookieOf({ handle: session.handle }) } })
  assert.equal(await page.text(), 'out: revoked')
  assert.equal(page.headers.getSetCookie().length, 2)
  app.access.mode = 'database-away'
  const waiting = await site.page('/', { headers: { cookie: cookieOf({ handle: session.handle }) } })
  assert.equal(await waiting.text(), 'unknown: database_unavailable')
})

test('signing out with access there is honoured at once, before the feed says so', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const session = app.access.signIn()
  const cookie = cookieOf({ handle: session.handle, proof: app.access.proofOf(session) })
  const out = await site.ask('/auth/v1/session', { method: 'DELETE', headers: { cookie } })
  assert.equal(out.status, 204)
  const after = await site.ask('/', { headers: { cookie } })
  assert.equal(((await after.json()) as { reason: string }).reason, 'signed_out')
})

test('signing out in an outage is done here at once, survives a restart, and reaches access when it is back', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const [leaving, staying] = [app.access.signIn(), app.access.signIn()]
  const cookies = [leaving, staying].map((each) => cookieOf({ handle: each.handle, proof: app.access.proofOf(each) }))
  await away(app)

  const asked = await site.page('/auth/sign-out', { headers: { cookie: cookies[0]! } })
  assert.match(await asked.text(), /<form method="post" action="\/auth\/sign-out">/)
  const foreign = { cookie: cookies[0]!, origin: 'https://evil.test' }
  assert.equal((await site.page('/auth/sign-out', { method: 'POST', headers: foreign })).status, 403)
  const crossSite = { cookie: cookies[0]!, 'sec-fetch-site': 'cross-site' }
  assert.equal((await site.page('/auth/sign-out', { method: 'POST', headers: crossSite })).status, 403)

  const own = { cookie: cookies[0]!, origin: site.url }
  const out = await site.page('/auth/sign-out', { method: 'POST', headers: own })
  assert.equal(out.status, 202)
  assert.match(await out.text(), /You are signed out of this app/)
  assert.match(out.headers.getSetCookie().join(), /hf_session=;.*Max-Age=0.*hf_proof=;.*Max-Age=0/)

  const reason = async (cookie: string) => {
    const answer = await app.holdfast.sessions.verify(new Request(site.url, { headers: { cookie } }))
    return answer.verdict === 'valid' ? 'valid' : answer.reason
  }
  assert.deepEqual([await reason(cookies[0]!), await reason(cookies[1]!)], ['signed_out', 'valid'])
  await app.restart()
  assert.deepEqual([await reason(cookies[0]!), await reason(cookies[1]!)], ['signed_out', 'valid'])
  assert.equal(app.holdfast.status().undeliveredSignOuts, 1)

  await app.access.start()
  await until('access has been told', () => leaving.ended)
  assert.equal(leaving.ended?.reason, 'signed_out')
  assert.equal(staying.ended, undefined)
  await until('that is known here', () => app.holdfast.status().undeliveredSignOuts === 0)
})

test('a program signs out in an outage with 202', async () => {
  await using app = await openApp()
  await using site = await openHttpSite(app)
  const session = app.access.signIn()
  await away(app)
  const headers = { cookie: cookieOf({ handle: session.handle }) }
  const out = await site.ask('/auth/v1/session', { method: 'DELETE', headers })
  assert.deepEqual([out.status, await out.text(), out.headers.getSetCookie().length], [202, '', 2])
})

test('a body that something else has read is told to the engineer, not lost', async () => {
  await using app = await openApp()
  const auth = createHandler(app.holdfast)
  await using site = await openSite(async (request, response) => {
    for await (const _chunk of request);
    await auth.handle(request, response).catch((error: Error) => response.writeHead(500).end(error.message))
  })
  const response = await site.ask('/auth/v1/sign-in/email', { method: 'POST', body: '{}' })
  assert.match(await response.text(), /before body parsers/)
})

/** Bytes as they are: fetch would tidy the path up. */
function rawRequest(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })
}
