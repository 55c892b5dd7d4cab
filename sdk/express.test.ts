import assert from 'node:assert/strict'
import { test } from 'node:test'
import express from 'express'
import { createMiddleware } from './express.ts'
import { openApp } from './testing/open-app.ts'
import { cookieOf, openSite } from './testing/open-site.ts'

test('an Express app: people in, strangers to sign in, /auth to access wherever it is mounted', async () => {
  await using app = await openApp()
  const auth = createMiddleware(app.holdfast)
  const server = express()
  server.use('/auth', auth.handle)
  server.use(express.json())
  server.get('/', auth.protect(), (_request, response) => {
    response.send(`Hello ${response.locals.holdfast.session.user.name}`)
  })
  server.get('/billing', auth.protect({ fresh: true }), (_request, response) => {
    response.send('Billing')
  })
  await using site = await openSite(server)

  const session = app.access.signIn()
  const headers = { cookie: cookieOf({ handle: session.handle, proof: app.access.proofOf(session) }) }
  assert.equal(await (await site.page('/', { headers })).text(), 'Hello Ana')
  assert.equal(await (await site.page('/billing', { headers })).text(), 'Billing')
  assert.match((await site.page('/')).headers.get('location')!, /^\/auth\/sign-in\?return_to=/)

  const body = JSON.stringify({ email: 'ana@acme.test' })
  const type = { 'content-type': 'application/json' }
  assert.equal((await site.ask('/auth/v1/sign-in/email', { method: 'POST', headers: type, body })).status, 200)
  assert.deepEqual([app.access.seen.at(-1)?.path, app.access.seen.at(-1)?.body], ['/v1/sign-in/email', body])

  app.access.mode = 'database-away'
  const unknown = await site.page('/billing', { headers })
  assert.deepEqual([unknown.status, unknown.headers.getSetCookie().length], [503, 0])
  assert.equal(await (await site.page('/', { headers })).text(), 'Hello Ana')
})

test('a fault in an Express route reaches Express', async () => {
  await using app = await openApp()
  const auth = createMiddleware(app.holdfast)
  const server = express()
  server.use(express.text({ type: '*/*' }))
  server.use(auth.handle)
  server.use(((error, _request, response, _next) => {
    response.status(500).send((error as Error).message)
  }) satisfies express.ErrorRequestHandler)
  await using site = await openSite(server)
  const response = await site.ask('/auth/v1/sign-in/email', { method: 'POST', body: 'x' })
  assert.match(await response.text(), /before body parsers/)
})
