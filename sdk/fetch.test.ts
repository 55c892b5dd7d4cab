import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PROOF_LIFE_MS } from './contract.ts'
import { createFetchHandler } from './fetch.ts'
import { browserWith, ORIGIN, openApp } from './testing/open-app.ts'

test('a Fetch server: people in, strangers to sign in, /auth to access, the newer proof to the browser', async () => {
  await using app = await openApp()
  const auth = createFetchHandler(app.holdfast, { address: () => '198.51.100.7' })
  const home = auth.protect({}, (_request, answer) => new Response(`Hello ${answer.session.user.name}`))
  const serve = async (request: Request) => (await auth.handle(request)) ?? home(request)

  const session = app.access.signIn()
  const cookies = { handle: session.handle, proof: app.access.proofOf(session) }
  assert.equal(await (await serve(browserWith(cookies))).text(), 'Hello Ana')
  const stranger = await serve(new Request(`${ORIGIN}/a`, { headers: { accept: 'text/html' } }))
  assert.equal(stranger.headers.get('location'), `/auth/sign-in?return_to=${encodeURIComponent(`${ORIGIN}/a`)}`)

  const body = JSON.stringify({ email: 'ana@acme.test' })
  const posted = await serve(new Request(`${ORIGIN}/auth/v1/sign-in/email?x=1`, { method: 'POST', body }))
  assert.equal(posted.status, 200)
  const seen = app.access.seen.at(-1)!
  assert.deepEqual([seen.path, seen.body], ['/v1/sign-in/email?x=1', body])
  assert.equal(seen.headers['holdfast-forwarded'], `for=198.51.100.7;origin=${ORIGIN};prefix=/auth`)

  app.clock.nowMs += PROOF_LIFE_MS
  const renewed = await serve(browserWith(cookies))
  assert.equal(await renewed.text(), 'Hello Ana')
  assert.match(renewed.headers.getSetCookie()[0]!, /^hf_proof=/)

  app.access.mode = 'database-away'
  const unknown = await serve(browserWith({ handle: session.handle }))
  assert.deepEqual([unknown.status, unknown.headers.getSetCookie()], [503, []])
})
