import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { mailAbout } from '../accounts/testing.ts'
import { asking, organizationOf, personIn, put, staffIn, type TestPerson } from '../organizations/testing.ts'
import { startOutside } from '../../providers/testing.ts'
import { HERE, type TestBrowser } from '../testing.ts'
import { linkedOf } from './queries.ts'
import { type FederationRig, openFederationRig, people } from './testing.ts'

const PATH = '/account/linked-identities'
const WHO = 'someone@acme.test'
const link = (rig: FederationRig, browser: TestBrowser, as: string, provider = rig.provider) =>
  rig.signIn(browser, as, { provider, path: `${PATH}/with/${provider.id}`, fields: {} })
const subjectsOf = async (rig: FederationRig, userId: string) =>
  (await linkedOf(rig.db, userId)).map(({ subject }) => subject)

/** Somebody who works where nothing but the provider is taken, and is also in an organisation that takes a code. */
async function workerOfBoth(rig: FederationRig): Promise<TestPerson & { strict: string }> {
  const staff = await staffIn(rig)
  const [strict, lax] = [await organizationOf(staff, 'Acme'), await organizationOf(staff, 'Free Labs')]
  const person = await personIn(rig, WHO)
  assert.equal((await link(rig, person.browser, 'dana')).location, `${PATH}?done=linked`)
  for (const id of [strict, lax]) await put(rig, id, person.id, ['member'])
  const ways = { provider_id: rig.provider.id, ordinary: ['provider'], demands: 'provider' }
  const policy = { ...ways, passkeys: 'offered', fail_over: null }
  await rig.db.run(sql`
    insert into identity.sign_in_policy (organization_id, policy, epoch, changed_at, changed_by)
    values (${strict}, ${JSON.stringify(policy)}, 1, now(), 'test')`)
  return { ...person, strict }
}

test('a mailbox and a laxer organisation bring no colleague’s identity into an account that the provider guards', async () => {
  await using rig = await openFederationRig()
  const { id, strict } = await workerOfBoth(rig)
  const reader = await personIn(rig, WHO)
  const seen = await link(rig, reader.browser, 'bea')
  assert.equal(seen.status, 409, seen.text)
  assert.match(seen.text, /linked to another identity at this provider/)
  assert.deepEqual(await subjectsOf(rig, id), ['dana'])

  const colleague = rig.browser()
  assert.equal((await rig.signIn(colleague, 'bea')).location, '/sign-in/code')
  assert.equal((await asking(colleague)('GET', '/v1/session')).status, 401)
  // The one whose it is goes on as ever.
  const own = rig.browser()
  await rig.signIn(own, 'dana')
  assert.equal((await asking(own)('PUT', '/v1/session/organization', { organization_id: strict })).status, 200)
})

test('where a provider is demanded, another one is linked only in a session of the first', async () => {
  await using rig = await openFederationRig()
  await using elsewhere = await startOutside({ url: HERE, clock: rig.clock, people, authority: rig.outside.authority })
  const other = await rig.add({ name: 'Other SSO', issuer: elsewhere.oidc.issuer })
  const { id } = await workerOfBoth(rig)
  const reader = await personIn(rig, WHO)
  const refused = await reader.browser.submit(`${PATH}/with/${other.id}`, {})
  assert.equal(refused.status, 403, refused.text)
  assert.match(refused.text, /Your organisation demands Acme SSO/)

  const own = rig.browser()
  await rig.signIn(own, 'dana')
  const page = await own.submit(`${PATH}/with/${other.id}`, {})
  const [, url = ''] = /content="0;url=([^"]+)"/.exec(page.text) ?? []
  const back = await elsewhere.walk(url.replaceAll('&amp;', '&'), 'dana')
  const done = await own.get(back.pathname + back.search)
  assert.equal(done.location, `${PATH}?done=linked`, done.text)
  assert.deepEqual(await subjectsOf(rig, id), ['dana', 'dana'])
})

test('whoever got a passkey while they were away to link confirms with it before anything is linked', async () => {
  await using rig = await openFederationRig()
  const { browser, id } = await personIn(rig, WHO)
  const back = await rig.walk(browser, 'dana', { path: `${PATH}/with/${rig.provider.id}` })
  await rig.db.run(sql`
    insert into identity.passkey (id, credential_id, user_id, rp_id, public_key, counter, transports, is_multi_device,
                                  is_backed_up, name, created_at)
    values ('psk_1', '\\x01', ${id}, 'localhost', '\\x01', 0, '{}', false, false, 'Key', now())`)
  const seen = await browser.get(back)
  assert.equal(seen.status, 403, seen.text)
  assert.match(seen.text, /This account has a passkey/)
  assert.deepEqual(await subjectsOf(rig, id), [])
})

test('what a mailbox joins is told also where the sign-in is refused by an organisation', async () => {
  await using rig = await openFederationRig()
  const { id } = await personIn(rig, WHO)
  const organizationId = await organizationOf(await staffIn(rig), 'Acme')
  await put(rig, organizationId, id, ['member'])
  const ways = { provider_id: 'prv_other', ordinary: ['provider'], demands: 'provider' }
  const policy = { ...ways, passkeys: 'offered', fail_over: null }
  await rig.db.run(sql`
    insert into identity.sign_in_policy (organization_id, policy, epoch, changed_at, changed_by)
    values (${organizationId}, ${JSON.stringify(policy)}, 1, now(), 'test')`)
  await rig.outside.oidc.order({ do: 'set-people', people: [{ sub: 'reader', email: WHO }] })
  const reader = rig.browser()
  await rig.signIn(reader, 'reader')
  const { code } = await rig.mailTo(WHO)
  assert.match((await reader.submit('/sign-in/code', { code })).text, /identity\.provider_demanded/)
  assert.deepEqual(await subjectsOf(rig, id), ['reader'])
  await mailAbout(rig, WHO, 'identity-linked')
})
