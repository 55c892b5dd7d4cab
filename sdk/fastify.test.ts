import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { createFastifyPlugin } from './fastify.ts'
import { openApp } from './testing/open-app.ts'
import { cookieOf } from './testing/open-site.ts'

const HTML = { accept: 'text/html,application/xhtml+xml' }

async function listen(app: ReturnType<typeof Fastify>) {
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    page: (path: string, init: RequestInit = {}) =>
      fetch(url + path, {
        redirect: 'manual',
        ...init,
        headers: { ...HTML, ...init.headers } as Record<string, string>,
      }),
    ask: (path: string, init: RequestInit = {}) =>
      fetch(url + path, {
        redirect: 'manual',
        ...init,
        headers: { accept: 'application/json', ...init.headers } as Record<string, string>,
      }),
    [Symbol.asyncDispose]: () => app.close(),
  }
}

test('a Fastify app: people in, strangers to sign in, /auth to access whatever parses bodies', async () => {
  await using app = await openApp()
  const auth = createFastifyPlugin(app.holdfast)
  const server = Fastify()
  server.register(auth.plugin)
  server.get('/', { onRequest: auth.protect() }, (request, reply) => {
    reply.header('set-cookie', 'theme=dark')
    return `Hello ${request.holdfast!.session.user.name}`
  })
  server.get('/open', (request) => `Nobody is asked: ${request.holdfast}`)
  // A plugin's own routes are reached by the hook as well as those beside it.
  server.register(async (inner) => {
    inner.addHook('onRequest', auth.protect({ fresh: true }))
    inner.get('/billing', () => 'Billing')
  })
  await using site = await listen(server)

  const session = app.access.signIn()
  const headers = { cookie: cookieOf({ handle: session.handle, proof: app.access.proofOf(session) }) }
  assert.equal(await (await site.page('/', { headers })).text(), 'Hello Ana')
  assert.equal(await (await site.page('/billing', { headers })).text(), 'Billing')
  assert.equal(await (await site.page('/open')).text(), 'Nobody is asked: null')
  const stranger = await site.page('/')
  assert.equal(stranger.status, 303)
  assert.match(stranger.headers.get('location')!, /^\/auth\/sign-in\?return_to=/)
  assert.equal((await site.ask('/')).status, 401)

  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/nonsense']) {
    const body = JSON.stringify({ email: `${type.length}@acme.test` })
    const init = { method: 'POST', headers: { 'content-type': type }, body }
    assert.equal((await site.ask('/auth/v1/sign-in/email', init)).status, 200, type)
    assert.deepEqual([app.access.seen.at(-1)?.path, app.access.seen.at(-1)?.body], ['/v1/sign-in/email', body])
  }

  app.access.mode = 'database-away'
  const unknown = await site.page('/billing', { headers })
  assert.deepEqual([unknown.status, unknown.headers.getSetCookie().length], [503, 0])
  assert.equal(await (await site.page('/', { headers })).text(), 'Hello Ana')
})

test('a newer proof stands beside the cookies of a Fastify route, and no shared cache keeps it', async () => {
  await using app = await openApp()
  const auth = createFastifyPlugin(app.holdfast)
  const server = Fastify()
  server.register(auth.plugin)
  server.get('/', { onRequest: auth.protect() }, (_request, reply) => {
    reply.header('set-cookie', 'theme=dark')
    return 'here'
  })
  await using site = await listen(server)
  const session = app.access.signIn()
  const response = await site.page('/', { headers: { cookie: cookieOf({ handle: session.handle }) } })
  const names = response.headers.getSetCookie().map((line) => line.split('=')[0])
  assert.deepEqual(names.toSorted(), ['hf_proof', 'theme'])
  assert.equal(response.headers.get('cache-control'), 'no-store')
})

test('pages of the app’s own stand in for ours', async () => {
  await using app = await openApp()
  const auth = createFastifyPlugin(app.holdfast)
  const server = Fastify()
  server.register(auth.plugin)
  const own = auth.protect({
    fresh: true,
    onInvalid: (_request, reply, { reason }) => reply.code(401).send(`out: ${reason}`),
    onUnknown: (_request, reply, { reason }) => reply.code(503).send(`not known: ${reason}`),
  })
  let calls = 0
  server.get('/', { onRequest: own }, () => {
    calls += 1
    return 'in'
  })
  await using site = await listen(server)
  assert.equal(await (await site.page('/')).text(), 'out: no_session')
  app.access.mode = 'database-away'
  const cookie = cookieOf({ handle: app.access.signIn().handle })
  assert.match(await (await site.page('/', { headers: { cookie } })).text(), /^not known: /)
  assert.equal(calls, 0)
})
