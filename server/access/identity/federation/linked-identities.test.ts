import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tooManyRequests } from '../../../../doubles/oidc/index.ts'
import { readEntries } from '../../../ground/audit/index.ts'
import { sql } from '../../../platform/database/index.ts'
import { mailAbout, sessionOf, signInStaff } from '../accounts/testing.ts'
import { organizationOf, personIn, put, staffIn } from '../organizations/testing.ts'
import { findUserByEmail } from '../queries.ts'
import { HERE, type Seen, type TestBrowser } from '../testing.ts'
import { linkedOf } from './queries.ts'
import { ANA, departureIn, type FederationRig, openFederationRig, people, TRUSTED } from './testing.ts'

const PATH = '/account/linked-identities'
const isIn = (seen: Seen) => seen.headers.getSetCookie().some((line) => /hf_session=[\w-]{43}/.test(line))
const idOf = async (rig: FederationRig, email: string) => (await findUserByEmail(rig.db, email))!.id
const newest = async (rig: FederationRig, action: string) => (await readEntries(rig.db, { action }, 1))[0]

interface Linked {
  id: string
  subject: string
  closed_at: string | null
  closed_reason: string | null
}
async function listed(browser: TestBrowser): Promise<Linked[]> {
  const headers = { accept: 'application/json' }
  const seen = await browser.request('/v1/account/linked-identities', { method: 'GET', headers })
  assert.equal(seen.status, 200, seen.text)
  return seen.body.data as Linked[]
}

const link = (rig: FederationRig, browser: TestBrowser, as: string) =>
  rig.signIn(browser, as, { path: `${PATH}/with/${rig.provider.id}`, fields: {} })

test('whoever is signed in links an identity, is told, and comes in by it; and takes it away again', async () => {
  await using rig = await openFederationRig()
  const { browser } = await personIn(rig, 'someone@acme.test')
  assert.match((await browser.get(PATH)).text, /Nothing is linked.*Link Acme SSO/s)
  const seen = await link(rig, browser, 'dana')
  assert.equal(seen.location, `${PATH}?done=linked`, seen.text)
  const page = await browser.get(`${PATH}?done=linked`)
  assert.match(page.text, /Linked\. You are told by mail/)
  assert.match(page.text, /Acme SSO.*as dana@other\.test/s)
  assert.match((await mailAbout(rig, 'someone@acme.test', 'identity-linked')).text, /Acme SSO/)
  assert.deepEqual((await newest(rig, 'identity.linked'))!.facts.shown_by, 'session')

  const other = rig.browser()
  assert.equal((await rig.signIn(other, 'dana')).location, '/account')
  const { body } = await sessionOf(other)
  assert.equal((body.session as { user: { email: string } }).user.email, 'someone@acme.test')

  const [held] = await listed(browser)
  const removed = await browser.submit(`${PATH}/${held!.id}/remove`)
  assert.equal(removed.location, `${PATH}?done=removed`)
  assert.deepEqual(await listed(browser), [])
  await mailAbout(rig, 'someone@acme.test', 'identity-unlinked')
  assert.equal((await rig.signIn(rig.browser(), 'dana')).location, '/sign-in/code')
  assert.equal((await browser.submit(`${PATH}/${held!.id}/remove`)).status, 404)
})

test('whoever links while the provider has our budget of calls spent reads what sign-in says of it', async () => {
  await using rig = await openFederationRig()
  const { browser } = await personIn(rig, 'someone@acme.test')
  await rig.outside.behave({ answers: { token: tooManyRequests(60) } })
  const seen = await browser.submit(`${PATH}/with/${rig.provider.id}`)
  assert.equal(seen.status, 409)
  assert.match(seen.text, /Acme SSO is asked more often just now than it lets us/)
  assert.doesNotMatch(seen.text, /does not answer/)
})

test('an identity that is somebody’s is taken from nobody', async () => {
  await using rig = await openFederationRig(TRUSTED)
  await rig.signIn(rig.browser(), 'ana')
  const { browser } = await personIn(rig, 'thief@elsewhere.test')
  const seen = await link(rig, browser, 'ana')
  assert.equal(seen.status, 409)
  assert.match(seen.text, /belongs to another account/)
  assert.deepEqual(await listed(browser), [])
})

test('linking and removing want a fresh sign-in, of the person alone, in the same session', async () => {
  await using rig = await openFederationRig()
  const { browser } = await personIn(rig, 'someone@acme.test')
  await link(rig, browser, 'dana')
  const [held] = await listed(browser)
  rig.clock.advance(11 * 60_000)
  for (const target of [`${PATH}/${held!.id}/remove`, `${PATH}/with/${rig.provider.id}`]) {
    const stale = await browser.submit(target)
    assert.equal(stale.status, 303)
    assert.match(stale.location!, /^\/sign-in\?max_age=600/)
  }
  const api = await browser.request(`/v1/account/linked-identities/${held!.id}`, {
    method: 'DELETE',
    headers: { accept: 'application/json', origin: HERE },
  })
  assert.deepEqual([api.status, api.body.code], [403, 'sessions.stale'])
  assert.equal((await rig.browser().get(PATH)).location, `/sign-in?return_to=${encodeURIComponent(PATH)}`)
})

test('who comes back to link after somebody else has signed in here is joined to nobody', async () => {
  await using rig = await openFederationRig()
  const { browser } = await personIn(rig, 'first@acme.test')
  const path = await rig.walk(browser, 'dana', { path: `${PATH}/with/${rig.provider.id}` })
  const second = await personIn(rig, 'second@acme.test')
  // Their session, in the browser that began it.
  browser.jar.set('hf_session', second.browser.jar.get('hf_session')!)
  browser.jar.delete('hf_proof')
  const seen = await browser.get(path)
  assert.equal(seen.status, 400)
  assert.deepEqual(await listed(second.browser), [])
})

test('a code joins nothing to an account that has a passkey, nor a second identity of one provider', async () => {
  await using rig = await openFederationRig()
  const first = rig.browser()
  await rig.signIn(first, 'ana')
  await first.submit('/sign-in/code', { code: (await rig.mailTo(ANA)).code })
  await rig.outside.oidc.order({ do: 'set-people', people: [{ sub: 'colleague', email: ANA, email_verified: true }] })
  const colleague = rig.browser()
  await rig.signIn(colleague, 'colleague')
  const refused = await colleague.submit('/sign-in/code', { code: (await rig.mailTo(ANA)).code })
  assert.deepEqual([refused.status, isIn(refused)], [409, false])
  assert.match(refused.text, /linked to another identity at this provider/)

  const { id } = await personIn(rig, 'dana@other.test')
  await rig.db.run(sql`
    insert into identity.passkey (id, credential_id, user_id, rp_id, public_key, counter, transports, is_multi_device,
                                  is_backed_up, name, created_at)
    values ('psk_1', '\\x01', ${id}, 'localhost', '\\x01', 0, '{}', false, false, 'Key', now())`)
  await rig.outside.oidc.order({ do: 'set-people', people })
  const reader = rig.browser()
  await rig.signIn(reader, 'dana')
  const byMail = await reader.submit('/sign-in/code', { code: (await rig.mailTo('dana@other.test')).code })
  assert.deepEqual([byMail.status, isIn(byMail)], [403, false])
  assert.match(byMail.text, /Your account has a passkey/)
  assert.deepEqual(await linkedOf(rig.db, id), [])
})

test('where an organisation takes nothing but the provider, its identity stays', async () => {
  await using rig = await openFederationRig()
  const staff = await staffIn(rig)
  const organizationId = await organizationOf(staff, 'Acme')
  const { browser, id } = await personIn(rig, 'someone@acme.test')
  await link(rig, browser, 'dana')
  await put(rig, organizationId, id, ['member'])
  const policy = {
    provider_id: rig.provider.id,
    ordinary: ['provider'],
    demands: 'provider',
    passkeys: 'offered',
    fail_over: null,
  }
  await rig.db.run(sql`
    insert into identity.sign_in_policy (organization_id, policy, epoch, changed_at, changed_by)
    values (${organizationId}, ${JSON.stringify(policy)}, 1, now(), 'test')`)
  const [held] = await listed(browser)
  const refused = await browser.submit(`${PATH}/${held!.id}/remove`)
  assert.equal(refused.status, 409)
  assert.match(refused.text, /takes nothing but Acme SSO/)
  assert.equal((await listed(browser)).length, 1)

  // A code opens nothing there any more, and the provider does.
  const byMail = rig.browser()
  await byMail.submit('/sign-in', { email: 'someone@acme.test' })
  assert.equal((await rig.signIn(rig.browser(), 'dana')).location, '/account')
})

test('a step-up goes through the provider, which has to ask anew and to say so', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const browser = rig.browser()
  await rig.signIn(browser, 'ana')
  const before = await sessionOf(browser)
  rig.clock.advance(60_000)
  const fields = { max_age: '600', return_to: PATH, anyway: '1' }
  const away = departureIn(await browser.submit(`/sign-in/provider/${rig.provider.id}`, fields))
  assert.equal(new URL(away).searchParams.get('max_age'), '0')
  const back = await rig.outside.walk(away, 'ana')
  const done = await browser.get(back.pathname + back.search)
  assert.equal(done.location, PATH, done.text)
  const after = await sessionOf(browser)
  const [one, other] = [before, after].map(({ body }) => body.session as { id: string; authenticated_at: string })
  assert.equal(one!.id, other!.id)
  assert.ok(other!.authenticated_at > one!.authenticated_at)

  // Somebody else is signed in at the provider.
  const wrong = departureIn(await browser.submit(`/sign-in/provider/${rig.provider.id}`, fields))
  const dana = await rig.outside.walk(wrong, 'dana')
  const refused = await browser.get(dana.pathname + dana.search)
  assert.equal(refused.status, 403)
  assert.match(refused.text, /Somebody else is signed in at the provider/)
})

test('staff see by what somebody can sign in, close an identity for outages, and open it again', async () => {
  await using rig = await openFederationRig(TRUSTED)
  await rig.signIn(rig.browser(), 'ana')
  const id = await idOf(rig, ANA)
  const { ask } = await signInStaff(rig, 'root@acme.test')
  const { status, body } = await ask(`GET /v1/users/${id}/sign-in-methods`)
  assert.equal(status, 200)
  const { email, linked_identities: linked } = body as unknown as {
    email: Record<string, string | null>
    linked_identities: Linked[]
  }
  assert.deepEqual([email.address, email.proved_at, email.asserted_by], [ANA, null, rig.provider.id])
  const path = `/v1/users/${id}/linked-identities/${linked[0]!.id}`
  assert.equal((await ask(`POST ${path}/close`, {})).status, 400)
  const closed = await ask(`POST ${path}/close`, { reason: 'left, ticket 4711' })
  assert.deepEqual([closed.status, closed.body.closed_reason], [200, 'administrator'])
  assert.equal((await newest(rig, 'identity.closed'))!.facts.reason, 'left, ticket 4711')
  // The provider itself goes on working, and does not open it.
  assert.equal((await rig.signIn(rig.browser(), 'ana')).location, '/account')
  const again = await ask(`GET /v1/users/${id}/sign-in-methods`)
  assert.equal((again.body.linked_identities as Linked[])[0]!.closed_reason, 'administrator')
  const opened = await ask(`POST ${path}/reopen`, { reason: 'a mistake' })
  assert.deepEqual([opened.status, opened.body.closed_at], [200, null])
  assert.equal((await ask(`POST ${path}x/close`, { reason: 'x' })).status, 404)
  // Made anew at the provider: taken away here, and proven once more.
  assert.equal((await ask(`DELETE ${path}`)).status, 204)
  assert.equal((await ask(`DELETE ${path}`)).status, 404)
  await mailAbout(rig, ANA, 'identity-unlinked')
  assert.equal((await rig.signIn(rig.browser(), 'ana')).location, '/sign-in/code')
  assert.equal((await ask('GET /v1/users/usr_nobody/sign-in-methods')).status, 404)
  const stranger = await rig.browser().request(`/v1/users/${id}/sign-in-methods`, { method: 'GET' })
  assert.equal(stranger.status, 401)
})

test('what an administrator has closed nobody opens by taking it away and linking again', async () => {
  await using rig = await openFederationRig()
  const { browser, id } = await personIn(rig, 'someone@acme.test')
  await link(rig, browser, 'dana')
  const [held] = await listed(browser)
  const { ask } = await signInStaff(rig, 'root@acme.test')
  const path = `/v1/users/${id}/linked-identities`
  assert.equal((await ask(`POST ${path}/${held!.id}/close`, { reason: 'on leave' })).status, 200)
  const refused = await browser.submit(`${PATH}/${held!.id}/remove`)
  assert.equal(refused.status, 409)
  assert.match(refused.text, /An administrator has closed this identity/)

  // Taken away by staff, and linked as somebody else there: as closed as before, and so after a sign-in by it.
  assert.equal((await ask(`DELETE ${path}/${held!.id}`)).status, 204)
  await link(rig, browser, 'bea')
  assert.equal((await rig.signIn(rig.browser(), 'bea')).location, '/account')
  const [anew] = await listed(browser)
  assert.deepEqual([anew!.subject, anew!.closed_reason], ['bea', 'administrator'])

  // Opened by staff it is open, and stays so when it is linked once more.
  assert.equal((await ask(`POST ${path}/${anew!.id}/reopen`, { reason: 'back' })).status, 200)
  await browser.submit(`${PATH}/${anew!.id}/remove`)
  await link(rig, browser, 'dana')
  const [open] = await listed(browser)
  assert.deepEqual([open!.subject, open!.closed_at], ['dana', null])
})

test('an export names who somebody is elsewhere, without the token, and a deletion forgets it', async () => {
  await using rig = await openFederationRig(TRUSTED)
  await rig.signIn(rig.browser(), 'ana')
  const id = await idOf(rig, ANA)
  const { ask } = await signInStaff(rig, 'root@acme.test')
  const { body } = await ask(`GET /v1/users/${id}/export`)
  const [held] = (body.sections as { linked_identities: Record<string, unknown>[] }).linked_identities
  assert.deepEqual([held!.subject, held!.email, 'refresh_sealed' in held!], ['ana', ANA, false])
  await rig.db.run(
    sql`update identity.user set deletes_at = ${rig.clock.now()}, deletion_requested_by = ${id} where id = ${id}`,
  )
  assert.equal(await rig.identity.purgeAccounts(), 1)
  const { left } = await rig.db.one<{ left: number }>(sql`select count(*)::int as left from identity.linked_identity`)
  assert.equal(left, 0)
})
