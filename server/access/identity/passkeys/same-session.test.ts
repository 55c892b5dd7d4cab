import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { codeIn, mailAbout } from '../accounts/testing.ts'
import { ACME, DAY_MS, openFailOver, STRICT, throughProvider, workerIn } from '../fail-over/testing.ts'
import { ANA, openFederationRig } from '../federation/testing.ts'
import { organizationOf, personIn, put } from '../organizations/testing.ts'
import { type IdentityRig, openRig, type TestBrowser } from '../testing.ts'
import { begun, ENROLMENTS, newAuthenticator, PASSKEYS } from './testing/rig.ts'

const LINKED = '/account/linked-identities'
const CHANGES = '/v1/account/email-changes'

/** The cookie of the browser from one jar, and who is signed in from the other: whoever has both puts them together. */
function mixed(rig: IdentityRig, of: { browser: TestBrowser; session: TestBrowser }): TestBrowser {
  const made = rig.browser()
  for (const name of ['hf_session', 'hf_proof']) made.jar.set(name, of.session.jar.get(name)!)
  made.jar.set('hf_browser', of.browser.jar.get('hf_browser')!)
  return made
}

const rootsOf = (rig: IdentityRig) =>
  rig.db.many(sql`select enrolled_by_provider, root_provider from identity.passkey limit 5`)

test('a passkey is kept by the session that asked for it: a fresh one of a mailbox begins none for an old one of the provider', async () => {
  await using world = await openFailOver(STRICT)
  const { rig } = world
  const lax = await organizationOf(world.staff, 'Free Labs')
  await put(rig, lax, await workerIn(world, ANA), ['member'])
  world.up()
  const stale = rig.browser()
  await throughProvider(world, stale, ANA)
  rig.clock.advance(5 * DAY_MS)
  assert.equal((await stale.post(ENROLMENTS, {})).body.code, 'sessions.stale')

  const mailbox = rig.browser()
  await mailbox.signIn(rig, ANA, { by: 'mail' })
  const response = newAuthenticator('synced').make(await begun(mailbox, ENROLMENTS))
  const made = { name: 'Phone', response }
  const old = await mixed(rig, { browser: mailbox, session: stale }).post(PASSKEYS, made)
  assert.deepEqual([old.status, old.body.code], [403, 'sessions.stale'])
  // However fresh: what the mailbox began is not the provider's.
  const fresh = rig.browser()
  await throughProvider(world, fresh, ANA)
  const other = await mixed(rig, { browser: mailbox, session: fresh }).post(PASSKEYS, made)
  assert.deepEqual([other.status, other.body.code], [400, 'identity.passkey_other_browser'])
  assert.deepEqual(await rootsOf(rig), [])
  // Nothing was used up by it.
  assert.equal((await mailbox.post(PASSKEYS, made)).status, 201)
  assert.deepEqual(await rootsOf(rig), [{ enrolled_by_provider: null, root_provider: null }])
})

test('what a process remembers of a session roots no passkey: a session that its provider proved long ago makes none', async () => {
  await using rig = await openRig()
  const { browser, id } = await personIn(rig, ANA)
  const response = newAuthenticator('synced').make(await begun(browser, ENROLMENTS))
  const hourAgo = new Date(rig.clock.now().getTime() - 3_600_000)
  await rig.db.run(sql`
    update sessions.session
       set authenticated_at = ${hourAgo}, proven_by = ${ACME.id}
     where user_id = ${id}`)
  const made = await browser.post(PASSKEYS, { name: 'Phone', response })
  assert.deepEqual([made.status, made.body.code], [400, 'identity.passkey_other_browser'])
  assert.deepEqual(await rootsOf(rig), [])
})

test('an identity is linked by the session that left for the provider, and by no other of the same person', async () => {
  await using rig = await openFederationRig()
  const { browser, ask } = await personIn(rig, 'someone@acme.test')
  const elsewhere = await personIn(rig, 'someone@acme.test')
  const path = await rig.walk(browser, 'dana', { path: `${LINKED}/with/${rig.provider.id}` })
  const seen = await mixed(rig, { browser, session: elsewhere.browser }).get(path)
  assert.equal(seen.status, 400, seen.text)
  assert.match(seen.text, /or by another sign-in\. Begin again here/)
  assert.deepEqual((await ask('GET', '/v1/account/linked-identities')).body.data, [])
})

test('an address is changed by the session that asked for it, and not past a passkey that came meanwhile', async () => {
  await using rig = await openRig()
  const { browser, ask } = await personIn(rig, ANA)
  const elsewhere = await personIn(rig, ANA)
  const { id } = (await ask('POST', CHANGES, { email: 'ana@new.test' })).body
  const body = { code: codeIn(await mailAbout(rig, 'ana@new.test', 'email-change')) }
  const path = `${CHANGES}/${id as string}/confirmations`
  const other = mixed(rig, { browser, session: elsewhere.browser })
  // More often than a code may be tried: it uses up nothing.
  for (let count = 0; count < 6; count++) {
    const seen = await other.post(path, body)
    assert.deepEqual([seen.status, seen.body.code], [400, 'identity.other_browser'])
  }
  assert.equal((await other.submit('/account/email/code', body)).location, '/account/email')
  await rig.db.run(sql`
    insert into identity.passkey (id, credential_id, user_id, rp_id, public_key, counter, transports, is_multi_device,
                                  is_backed_up, name, created_at)
    values ('psk_1', '\\x01', ${elsewhere.id}, 'localhost', '\\x01', 0, '{}', false, false, 'Key', now())`)
  const weak = await browser.post(path, body)
  assert.deepEqual([weak.status, weak.body.code], [403, 'identity.passkey_needed'])
  await rig.db.run(sql`delete from identity.passkey where id = 'psk_1'`)
  assert.equal((await browser.post(path, body)).body.email, 'ana@new.test')
})
