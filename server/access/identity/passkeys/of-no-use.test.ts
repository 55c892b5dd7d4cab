import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantAdministrator } from '../../../ground/environment/index.ts'
import { sql } from '../../../platform/database/index.ts'
import { USUAL } from '../fail-over/policy.ts'
import { enrolIn, openFailOver, STRICT, throughProvider, workerIn } from '../fail-over/testing.ts'
import { put } from '../organizations/testing.ts'
import {
  begun,
  confirmBy,
  ENROLMENTS,
  enrolled,
  finish,
  newAuthenticator,
  openPasskeyRig,
  PASSKEYS,
  send,
  SIGN_IN,
} from './testing/rig.ts'

/** Passkeys that open nothing, here or now: nobody is asked for them, and they keep nobody from anything. */
const ANA = 'ana@acme.test'
const STRONGEST = '/sign-in?max_age=600&strongest=1&return_to=/account/passkeys'
type Listed = { id: string; is_copied: boolean }

test('a copied passkey is marked, is asked for no more, and its owner removes it after a sign-in by mail', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator, passkeyId } = await enrolled(rig, ANA)
  const thief = rig.browser()
  const shown = async (counter: number) => authenticator.show(await begun(thief, SIGN_IN), { counter })
  assert.equal((await finish(thief, await shown(5))).status, 200)
  assert.equal((await finish(thief, await shown(3))).body.code, 'identity.passkey_copied')

  const owner = rig.browser()
  await owner.signIn(rig, ANA)
  assert.match((await owner.get('/account/passkeys')).text, /may have been copied, and opens nothing any more/)
  const [listed] = (await send(owner, 'GET', PASSKEYS)).body.data as Listed[]
  assert.equal(listed!.is_copied, true)
  assert.equal((await owner.post(SIGN_IN, { purpose: 'step-up' })).body.code, 'identity.no_passkey_to_confirm')
  rig.clock.advance(11 * 60_000)
  const asked = await owner.get(STRONGEST)
  assert.match(asked.text, /name="email"/)
  assert.doesNotMatch(asked.text, /Confirm with a passkey/)
  await owner.signIn(rig, ANA, { max_age: '0' })
  assert.equal((await send(owner, 'DELETE', `${PASSKEYS}/${passkeyId}`)).status, 204)
  assert.equal((await owner.post(ENROLMENTS, {})).status, 200)
})

test('whoever is known proves it again by a key that does not say whose it is; a stranger’s has to', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator, browser } = await enrolled(rig, ANA)
  const bea = await enrolled(rig, 'bea@acme.test')
  const stepUp = () => begun(browser, SIGN_IN, { purpose: 'step-up' })
  assert.equal((await finish(browser, authenticator.show(await stepUp(), { userHandle: '' }))).status, 200)
  const unsaid = authenticator.show(await stepUp())
  delete (unsaid.response as { userHandle?: string }).userHandle
  assert.equal((await finish(browser, unsaid)).status, 200)
  const other = Buffer.from('usr_somebody').toString('base64url')
  const wrong = authenticator.show(await stepUp(), { userHandle: other })
  assert.equal((await finish(browser, wrong)).body.code, 'identity.passkey_refused')
  const beas = bea.authenticator.show(await stepUp(), { userHandle: '' })
  assert.equal((await finish(browser, beas)).body.code, 'identity.passkey_not_yours')
  const stranger = rig.browser()
  const shown = authenticator.show(await begun(stranger, SIGN_IN), { userHandle: '' })
  assert.equal((await finish(stranger, shown)).body.code, 'identity.passkey_refused')
})

test('a browser is told to forget only a passkey that is known nowhere here', async () => {
  await using rig = await openPasskeyRig()
  const { browser } = await enrolled(rig, ANA)
  const bea = await enrolled(rig, 'bea@acme.test')
  const pageAfter = async (authenticator: ReturnType<typeof newAuthenticator>, purpose: string) => {
    const response = JSON.stringify(authenticator.show(await begun(browser, SIGN_IN, { purpose })))
    return (await browser.submit('/sign-in/passkey', { response, max_age: '0' })).text
  }
  const beas = await pageAfter(bea.authenticator, 'step-up')
  assert.match(beas, /of another account/)
  assert.doesNotMatch(beas, /data-unknown="/)
  assert.match(await pageAfter(newAuthenticator(), 'sign-in'), /data-unknown="/)
})

test('a passkey that lies dormant is said to, is asked for nowhere, and its provider confirms in its stead', async () => {
  await using world = await openFailOver(STRICT)
  const { rig } = world
  await workerIn(world, ANA)
  world.up()
  const browser = rig.browser()
  await throughProvider(world, browser, ANA)
  const key = await enrolIn(browser)
  assert.match(rig.sent.find(({ purpose }) => purpose === 'passkey-added')!.text, /lies dormant/)
  assert.match((await browser.get('/account/passkeys')).text, /It lies dormant/)
  rig.clock.advance(11 * 60_000)
  const asked = await browser.get(STRONGEST)
  assert.match(asked.text, /lie dormant.*Continue with Acme ID/s)
  assert.doesNotMatch(asked.text, /data-passkey="get"|name="email"/)
  await throughProvider(world, browser, ANA)
  assert.equal((await browser.get('/account/email')).status, 200)
  world.down()
  assert.doesNotMatch((await rig.browser().get('/sign-in')).text, /lie dormant/)
  rig.clock.advance(60_000)
  const awake = rig.browser()
  assert.equal((await finish(awake, key.show(await begun(awake, SIGN_IN)))).status, 200)
  assert.doesNotMatch((await awake.get('/account/passkeys')).text, /It lies dormant/)
})

test('a passkey that no organisation of its owner takes keeps them from nothing', async () => {
  await using world = await openFailOver({ ...STRICT, fail_over: null })
  const { rig } = world
  const email = 'cleo@free.test'
  const { authenticator, browser: first } = await enrolled(rig, email)
  await confirmBy(first, authenticator)
  const { user } = (await send(first, 'GET', '/v1/session')).body.session as { user: { id: string } }
  await put(rig, world.organizationId, user.id, ['member'])
  const browser = rig.browser()
  await throughProvider(world, browser, email)
  assert.match((await browser.get('/account/passkeys')).text, /does not take it/)
  assert.equal((await browser.get('/account/email')).status, 200)
  assert.equal((await browser.post(ENROLMENTS, {})).status, 200)
})

test('a provider makes no key for the console past the passkey that an administrator has, though no organisation takes that', async () => {
  await using world = await openFailOver({ ...STRICT, fail_over: null })
  const { rig } = world
  const email = 'cleo@free.test'
  const { authenticator, browser: first } = await enrolled(rig, email)
  await confirmBy(first, authenticator)
  const { user } = (await send(first, 'GET', '/v1/session')).body.session as { user: { id: string } }
  await put(rig, world.organizationId, user.id, ['member'])
  await grantAdministrator(rig.db, user.id, 'command line', rig.clock.now())
  await rig.administrators.reload()
  const browser = rig.browser()
  await throughProvider(world, browser, email)
  for (const [method, path] of [
    ['POST', ENROLMENTS],
    ['POST', '/v1/account/recovery-codes'],
    ['POST', '/v1/account/email-changes'],
  ] as const) {
    assert.equal(
      (await send(browser, method, path, { email: 'new@free.test' })).body.code,
      'identity.passkey_needed',
      path,
    )
  }
  const own = rig.browser()
  const shown = authenticator.show(await begun(own, SIGN_IN, { application: 'console' }))
  assert.equal((await finish(own, shown)).status, 200, 'the console is as open to it as ever')
})

test('all passkeys that came back from a backup are confirmed at once, and none that seems copied with them', async () => {
  await using rig = await openPasskeyRig()
  const first = await enrolled(rig, ANA)
  await confirmBy(first.browser, first.authenticator)
  await enrolIn(first.browser)
  await rig.db.run(sql`update identity.passkey set unconfirmed_since = ${rig.clock.now()}`)
  const browser = rig.browser()
  await browser.signIn(rig, ANA)
  assert.match((await browser.get('/account/passkeys')).text, /All 2 are still mine/)
  const done = await browser.submit('/account/passkeys/confirm')
  assert.deepEqual([done.status, done.location], [303, '/account/passkeys?done=confirmed'])
  const after = rig.browser()
  assert.equal((await finish(after, first.authenticator.show(await begun(after, SIGN_IN)))).status, 200)
  const listed = (await send(after, 'GET', PASSKEYS)).body.data as { is_confirmed: boolean }[]
  assert.deepEqual(
    listed.map(({ is_confirmed }) => is_confirmed),
    [true, true],
  )
  // Now that they count again, a mailbox confirms nothing.
  assert.equal((await send(browser, 'DELETE', `${PASSKEYS}/${first.passkeyId}`)).body.code, 'identity.passkey_needed')
})

test('an organisation that asks for a passkey holds nobody up: whoever could not make one goes on', async () => {
  await using world = await openFailOver({ ...USUAL, passkeys: 'required' })
  const { rig } = world
  const browser = rig.browser()
  await browser.signIn(rig, 'dora@free.test')
  const { user } = (await send(browser, 'GET', '/v1/session')).body.session as { user: { id: string } }
  await put(rig, world.organizationId, user.id, ['member'])
  const goOn = /<form[^>]*action="\/account\/passkeys\/later"[^>]*>/
  const offered = goOn.exec((await browser.get('/account/passkeys/offer')).text)![0]
  // Without script it stays; with it, it is hidden until the browser could not.
  assert.match(offered, /data-unable.*data-failed-once/)
  assert.doesNotMatch(offered, / hidden/)
  const failed = goOn.exec((await browser.submit('/account/passkeys/offer', { response: '{}' })).text)![0]
  assert.doesNotMatch(failed, /data-unable| hidden/)
  assert.equal((await browser.submit('/account/passkeys/later', { return_to: '/account' })).status, 303)
  assert.equal((await browser.get('/account')).status, 200)
})
