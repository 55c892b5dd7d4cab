import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headers } from '../../../../sdk/contract.ts'
import { auditAt, readEntries } from '../../../ground/audit/index.ts'
import { grantAdministrator } from '../../../ground/environment/index.ts'
import { APP_ORIGIN, type IdentityRig, openRig, seed, type TestBrowser } from '../testing.ts'
import { type FollowParts, followImpersonations } from './end-impersonation.ts'

const STAFF = 'sam@acme.test'
const PERSON = 'ana@acme.test'
const REASON = 'Ana asked why her notes are gone (ticket 4711)'
const CONSOLE = { [headers.audience]: 'console', 'content-type': 'application/json', accept: 'application/json' }

async function world() {
  const rig = await openRig()
  const [staffId, personId] = [await seed(rig, STAFF), await seed(rig, PERSON)]
  await grantAdministrator(rig.db, staffId, 'test', rig.clock.now())
  await rig.administrators.reload()
  const support = rig.browser()
  await support.signIn(rig, STAFF, { application: 'console' })
  return { rig, support, staffId, personId, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() }
}

function order(support: TestBrowser, body: Record<string, unknown>, more: Record<string, string> = {}) {
  return support.request('/v1/impersonations', {
    method: 'POST',
    headers: { ...CONSOLE, origin: 'http://localhost:4000', ...more },
    body: JSON.stringify(body),
  })
}

async function begin(support: TestBrowser, userId: string, more: Record<string, unknown> = {}, at = support) {
  const ordered = await order(support, { user_id: userId, reason: REASON, ...more })
  assert.equal(ordered.status, 201, ordered.text)
  const { url, impersonation } = ordered.body as unknown as { url: string; impersonation: { id: string } }
  const path = new URL(url).pathname.replace(/^\/auth/, '')
  return { path, id: impersonation.id, url, shown: await at.get(path) }
}

const actions = async (rig: IdentityRig, userId: string) =>
  (await readEntries(rig.db, { subject: userId }, 100)).map((entry) => entry.action).toSorted()

test('support acts as a person by a link that works once, sees a banner, and the console stays its own', async () => {
  await using scene = await world()
  const { rig, support, personId, staffId } = scene
  const consoleCookie = support.jar.get('hf_console')
  const { path, shown } = await begin(support, personId)
  assert.match(shown.text, /acting|act as/i)
  assert.match(shown.text, /ticket 4711/)
  assert.equal(support.jar.has('hf_session'), false, 'opening the link begins nothing')

  const begun = await support.submit(path)
  assert.deepEqual([begun.status, begun.location], [303, '/account'])
  assert.equal(support.jar.get('hf_console'), consoleCookie)
  const account = await support.get('/account')
  assert.match(account.text, /sam@acme\.test acts as ana@acme\.test until/)
  const session = await support.request('/v1/session', { headers: { accept: 'application/json' } })
  const { impersonator, user } = (session.body as unknown as { session: Record<string, { id: string }> }).session
  assert.deepEqual([user?.id, impersonator?.id], [personId, staffId])

  const again = await rig.browser().submit(path)
  assert.equal(again.status, 410, 'once')
  assert.deepEqual(await actions(rig, personId), ['impersonation.requested', 'impersonation.started'])
  assert.ok(rig.sent.some((mail) => mail.to === PERSON && /acting in your name/.test(mail.subject)))
})

test('in somebody’s name support changes nothing: not by any form of the account pages, nor by the API', async () => {
  await using scene = await world()
  const { support, personId, rig } = scene
  const { path } = await begin(support, personId)
  await support.submit(path)
  const other = rig.browser()
  await other.signIn(rig, PERSON)
  const [live] = await rig.sessions.list({ userId: personId, state: 'live', limit: 1 })
  for (const form of ['/account/profile', '/account/sessions/end-all', `/account/sessions/${live!.id}/end`]) {
    const refused = await support.submit(form, { name: 'Mallory' })
    assert.equal(refused.status, 403, form)
    assert.match(refused.text, /identity\.impersonated/)
  }
  const byApi = await support.request(`/v1/sessions/${live!.id}`, {
    method: 'DELETE',
    headers: { origin: 'http://localhost:4000', accept: 'application/json' },
  })
  assert.deepEqual([byApi.status, byApi.body.code], [403, 'sessions.impersonated'])
})

test('every address below /account that changes or takes away something is kept from support, whoever added it', async () => {
  await using scene = await world()
  const { rig, support, personId } = scene
  const { path } = await begin(support, personId)
  await support.submit(path)
  const routes = rig.identity.routes.filter(
    ({ method, path: address }) => method === 'POST' && /^\/account(?:\/|$)/.test(address),
  )
  assert.ok(routes.length >= 3)
  for (const route of routes) {
    const address = route.path.replace(/\{\w+\}/g, 'ses_00000000000000000000000000')
    const { status } = await support.submit(address)
    assert.ok(status === 403 || status === 400, `${address} was answered ${status}`)
  }
})

test('it ends after its minutes, by support, by the person, by staff, and when the role is lost', async () => {
  await using scene = await world()
  const { rig, support, personId } = scene
  const parts = partsOf(rig)
  const verdict = async () => (await support.request('/v1/session', { headers: { accept: 'application/json' } })).body
  const beginNow = async () => {
    const begun = await begin(support, personId, { minutes: 5 })
    assert.equal((await support.submit(begun.path)).status, 303)
    assert.equal((await verdict()).verdict, 'valid')
    return begun
  }

  await beginNow()
  const ended = await support.submit('/impersonation/end')
  assert.equal(ended.status, 200)
  assert.equal(support.jar.has('hf_session'), false)

  await beginNow()
  rig.clock.advance(5 * 60_000)
  const late = await verdict()
  assert.deepEqual([late.verdict, late.reason], ['invalid', 'impersonation_ended'])

  const third = await beginNow()
  const removed = await support.request(`/v1/impersonations/${third.id}`, {
    method: 'DELETE',
    headers: { ...CONSOLE, origin: 'http://localhost:4000' },
  })
  assert.equal(removed.status, 204)
  assert.equal((await verdict()).reason, 'impersonation_ended')

  await beginNow()
  await rig.sessions.endAll({ userId: personId, reason: 'signed_out_everywhere', by: personId })
  assert.equal((await verdict()).reason, 'signed_out_everywhere')
  await followImpersonations(parts)

  await beginNow()
  await followImpersonations({ ...parts, administrators: { ...rig.administrators, scopesOf: () => new Set() } })
  assert.equal((await verdict()).reason, 'impersonation_ended')
  const said = await actions(rig, personId)
  assert.equal(said.filter((action) => action === 'impersonation.ended').length, 5)
})

test('never staff, nor a closed account; not by a token, without a reason, or after the link’s minute', async () => {
  await using scene = await world()
  const { rig, support, personId, staffId } = scene
  assert.equal(
    (await order(support, { user_id: staffId, reason: REASON })).body.code,
    'identity.impersonation_of_staff',
  )
  assert.equal((await order(support, { user_id: 'usr_none', reason: REASON })).status, 404)
  assert.equal((await order(support, { user_id: personId, reason: 'because' })).status, 400)
  assert.equal((await order(support, { user_id: personId, reason: REASON, minutes: 61 })).status, 400)
  const stranger = rig.browser()
  assert.equal((await order(stranger, { user_id: personId, reason: REASON })).status, 401)

  const { path } = await begin(support, personId)
  rig.clock.advance(60_000)
  assert.equal((await support.submit(path)).status, 410)
  rig.clock.advance(10 * 60_000)
  assert.equal((await order(support, { user_id: personId, reason: REASON })).body.code, 'sessions.stale')
})

test('in an application it begins on the application’s own origin, and nowhere else', async () => {
  await using scene = await world()
  const { rig, support, personId } = scene
  const app = rig.browser({ application: 'app_notes', origin: APP_ORIGIN, prefix: '/auth' })
  const { path, url, shown } = await begin(support, personId, { application_id: 'app_notes' }, app)
  assert.ok(url.startsWith(`${APP_ORIGIN}/auth/impersonate/`))
  assert.equal(shown.status, 200)
  assert.equal((await support.submit(path)).status, 410, 'not on our own pages')
  const begun = await app.submit(path)
  assert.deepEqual([begun.status, begun.location], [303, `${APP_ORIGIN}/`])
  assert.ok([...app.jar.keys()].some((name) => name.endsWith('hf_session')))
})

test('the person sees afterwards who acted in their name, when and why, and why each session ended', async () => {
  await using scene = await world()
  const { rig, support, personId } = scene
  const { path } = await begin(support, personId)
  await support.submit(path)
  await support.submit('/impersonation/end')
  const ana = rig.browser()
  await ana.signIn(rig, PERSON)
  const account = await ana.get('/account')
  assert.match(account.text, /Support \(sam@acme\.test\)/)
  assert.match(account.text, /ticket 4711/)
  assert.match(account.text, /href="\/account\/ended"/)
  const ended = await ana.get('/account/ended')
  assert.equal(ended.status, 200)
  assert.match(ended.text, /By support/)
  const german = await ana.request('/account/ended', { headers: { 'accept-language': 'de' } })
  assert.match(german.text, /Warum wurde ich abgemeldet\?/)
  assert.match(german.text, /Durch den Support/)
})

test('sent twice with the same Idempotency-Key it is asked for once', async () => {
  await using scene = await world()
  const { support, personId } = scene
  const body = { user_id: personId, reason: REASON }
  const [one, two] = [
    await order(support, body, { 'idempotency-key': 'k1' }),
    await order(support, body, { 'idempotency-key': 'k1' }),
  ]
  assert.deepEqual(two.body, one.body)
})

/** What the job is handed. */
function partsOf({ sessions, administrators, clock, db }: IdentityRig): FollowParts {
  return { sessions, administrators, clock, background: db, audit: auditAt(() => clock.now()) }
}
