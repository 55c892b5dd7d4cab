import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IdentityRig, Seen, TestBrowser } from '../testing.ts'
import type { SoftwareAuthenticator } from './testing/authenticator.ts'
import {
  begun,
  confirmBy,
  ENROLMENTS,
  enrolled,
  finish,
  openPasskeyRig,
  PASSKEYS,
  send,
  SIGN_IN,
} from './testing/rig.ts'

const ANA = 'ana@acme.test'
const CODES = '/v1/account/recovery-codes'
const STALE_MS = 11 * 60_000
const NOT_THERE = 'psk_00000000000000000000000000'

/** All that changes a way in, or the address. Of what is not there it is said that it is not: the guards were passed. */
const changes: Record<string, (browser: TestBrowser) => Promise<Seen>> = {
  'enrolling a passkey': (browser) => browser.post(ENROLMENTS, {}),
  'removing one': (browser) => send(browser, 'DELETE', `${PASSKEYS}/${NOT_THERE}`),
  'confirming one from a backup': (browser) => send(browser, 'PUT', `${PASSKEYS}/${NOT_THERE}/confirmation`),
  'making recovery codes': (browser) => browser.post(CODES, {}),
  'changing the address': (browser) => browser.post('/v1/account/email-changes', { email: 'new@acme.test' }),
}
const pages: Record<string, (browser: TestBrowser) => Promise<Seen>> = {
  'the page of the address': (browser) => browser.get('/account/email'),
  'its form': (browser) => browser.submit('/account/email', { email: 'new@acme.test' }),
  'the page that removes a passkey': (browser) => browser.get(`/account/passkeys/${NOT_THERE}/remove`),
  'its form, sent': (browser) => browser.submit(`/account/passkeys/${NOT_THERE}/remove`),
  'the form of recovery codes': (browser) => browser.submit('/account/recovery-codes'),
}

interface Case {
  who: string
  /** `undefined`: it gets through. */
  refusal: string | undefined
  begin(rig: IdentityRig, authenticator: SoftwareAuthenticator, codes: string[]): Promise<TestBrowser>
}

async function byMail(rig: IdentityRig, email = ANA): Promise<TestBrowser> {
  const browser = rig.browser()
  await browser.signIn(rig, email)
  return browser
}

async function byPasskey(rig: IdentityRig, authenticator: SoftwareAuthenticator): Promise<TestBrowser> {
  const browser = rig.browser()
  const done = await finish(browser, authenticator.show(await begun(browser, SIGN_IN)))
  assert.equal(done.status, 200, done.text)
  return browser
}

const cases: Case[] = [
  {
    who: 'a mailed code, of somebody without a passkey',
    refusal: undefined,
    begin: (rig) => byMail(rig, 'bea@acme.test'),
  },
  { who: 'a mailed code, of somebody with one', refusal: 'identity.passkey_needed', begin: (rig) => byMail(rig) },
  { who: 'a passkey', refusal: undefined, begin: byPasskey },
  {
    who: 'a recovery code',
    refusal: undefined,
    async begin(rig, _, codes) {
      const browser = rig.browser()
      const done = await browser.post('/v1/sign-in/recovery-code', { email: ANA, code: codes.pop() })
      assert.equal(done.status, 200, done.text)
      return browser
    },
  },
  {
    who: 'a passkey, and a mailed code after it',
    refusal: 'identity.passkey_needed',
    async begin(rig, authenticator) {
      const browser = await byPasskey(rig, authenticator)
      await browser.signIn(rig, ANA, { max_age: '0' })
      return browser
    },
  },
  {
    who: 'a mailed code, confirmed by a passkey',
    refusal: undefined,
    async begin(rig, authenticator) {
      const browser = await byMail(rig)
      await confirmBy(browser, authenticator)
      return browser
    },
  },
  {
    who: 'a passkey of eleven minutes ago',
    refusal: 'sessions.stale',
    async begin(rig, authenticator) {
      const browser = await byPasskey(rig, authenticator)
      rig.clock.advance(STALE_MS)
      return browser
    },
  },
]

test('ways in and the address are changed after a fresh sign-in by the strongest method, whatever is asked for', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator, browser: owner } = await enrolled(rig, ANA)
  await confirmBy(owner, authenticator)
  const { codes } = (await owner.post(CODES, {})).body as { codes: string[] }
  for (const { who, refusal, begin } of cases) {
    for (const [what, change] of Object.entries(changes)) {
      // Made anew by what is allowed, the codes before are void.
      if (what === 'making recovery codes' && refusal === undefined) continue
      rig.clock.advance(60 * 60_000)
      const seen = await change(await begin(rig, authenticator, codes))
      if (refusal) assert.equal(seen.body.code, refusal, `${what}, ${who}`)
      else assert.ok(seen.status < 400 || seen.body.code === 'identity.no_passkey', `${what}, ${who}: ${seen.text}`)
    }
  }
})

test('a page that wants more than there is leads to a sign-in that asks for it, and comes back', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator } = await enrolled(rig, ANA)
  for (const [what, open] of Object.entries(pages)) {
    const browser = await byMail(rig)
    const led = await open(browser)
    assert.equal(led.status, 303, what)
    assert.match(led.location ?? '', /^\/sign-in\?max_age=600&strongest=1&return_to=%2Faccount%2F/, what)
    const asked = await browser.get(led.location!)
    assert.match(asked.text, /Confirm with a passkey/, what)
    assert.doesNotMatch(asked.text, /name="email"/, what)
    const shown = authenticator.show(await begun(browser, SIGN_IN, { purpose: 'step-up', return_to: '/account/email' }))
    const back = await browser.submit('/sign-in/passkey', { response: JSON.stringify(shown) })
    assert.deepEqual([back.status, back.location], [303, '/account/email'], what)
    assert.ok((await browser.get('/account/email')).status === 200, what)
  }
})

test('on an app’s origin such a page asks for the passkey as well, and has no ceremony of its own', async () => {
  await using rig = await openPasskeyRig()
  await enrolled(rig, ANA)
  const app = rig.browser({ application: 'app_notes', origin: 'https://notes.acme.test', prefix: '/auth' })
  await app.signIn(rig, ANA)
  assert.match((await app.get('/account/email')).location ?? '', /^\/auth\/sign-in\?max_age=600&strongest=1&/)
  const listed = await app.get('/account/passkeys')
  assert.match(listed.text, /Passkeys are added and removed on localhost:4000/)
  assert.doesNotMatch(listed.text, /\/remove"|data-passkey/)
  assert.doesNotMatch(
    (
      await rig
        .browser({ application: 'app_notes', origin: 'https://notes.acme.test', prefix: '/auth' })
        .get('/sign-in')
    ).text,
    /data-passkey=/,
  )
})
