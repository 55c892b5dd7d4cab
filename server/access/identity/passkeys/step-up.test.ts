import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertMayChangeWaysOf } from '../accounts/protect-staff.ts'
import { headers } from '../../../../sdk/contract.ts'
import { type Ask, asking, organizationOf, personIn, staffIn } from '../organizations/testing.ts'
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
  'the page that deletes the account': (browser) => browser.get('/account/delete'),
  'its form, with the address': (browser) => browser.submit('/account/delete', { email: ANA }),
  'the page of the export': (browser) => browser.get('/account/export'),
  'the export as a page': (browser) => browser.get('/account/export/page'),
  'the export as a file': (browser) => browser.get('/account/export/file'),
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
    // Of many mails in a row to one address some are refused.
    rig.clock.advance(60 * 60_000)
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
  assert.match(listed.text, /Passkeys are added on localhost:4000/)
  assert.match(listed.text, /\/auth\/account\/passkeys\/psk_\w+\/remove"/)
  assert.doesNotMatch(listed.text, /data-passkey/)
  assert.doesNotMatch(
    (
      await rig
        .browser({ application: 'app_notes', origin: 'https://notes.acme.test', prefix: '/auth' })
        .get('/sign-in')
    ).text,
    /data-passkey=/,
  )
})

const ROOT = 'root@holdfast.test'
const NOBODY = 'usr_00000000000000000000000000'
const asConsole = { [headers.audience]: 'console' }

/** Signed in to the console by a mailed code, or by a passkey. */
async function inConsole(rig: IdentityRig, email: string, authenticator?: SoftwareAuthenticator): Promise<Ask> {
  const browser = rig.browser()
  if (authenticator) {
    const done = await finish(browser, authenticator.show(await begun(browser, SIGN_IN, { application: 'console' })))
    assert.equal(done.status, 200, done.text)
  } else assert.equal((await browser.signIn(rig, email, { application: 'console' })).status, 303)
  return asking(browser, asConsole)
}

/** What gives others power, or changes how somebody comes in. Of what is not there it is said that it is not. */
const deeds: Record<string, (ask: Ask, organizationId: string) => Promise<Seen>> = {
  'giving a role': (ask) => ask('PUT', `/v1/staff/${NOBODY}`, { role: 'administrator' }),
  'acting as somebody': (ask) => ask('POST', '/v1/impersonations', { user_id: NOBODY, reason: 'They asked for it' }),
  'printing codes': (ask) => ask('POST', '/v1/break-glass-codes', {}),
  'saving a sign-in policy': (ask, id) =>
    ask('PUT', `/v1/organizations/${id}/sign-in-policy`, { policy: POLICY, reason: null, epoch: 7 }),
  'letting a locked-out administrator in': (ask, id) =>
    ask('POST', `/v1/organizations/${id}/rescues`, { user_id: NOBODY, hand_over: 'voice', reason: 'Locked out' }),
  'removing a passkey of somebody': (ask) => ask('DELETE', `/v1/users/${NOBODY}/passkeys/${NOT_THERE}`),
  'changing an address of somebody': (ask) =>
    ask('POST', `/v1/users/${NOBODY}/email-changes`, { email: 'new@acme.test' }),
  'removing a linked identity': (ask) => ask('DELETE', `/v1/users/${NOBODY}/linked-identities/lid_x`),
  'opening one again': (ask) =>
    ask('POST', `/v1/users/${NOBODY}/linked-identities/lid_x/reopen`, { reason: 'They are back' }),
}
const POLICY = { provider_id: null, ordinary: ['passkey'], demands: 'nothing', passkeys: 'offered', fail_over: null }

test('staff who have a passkey do by it what gives others power, and never by a mailed code alone', async () => {
  await using rig = await openPasskeyRig()
  const staff = await staffIn(rig, ROOT)
  const organizationId = await organizationOf(staff, 'Acme Labs')
  const refused = async (ask: Ask) => {
    const codes: Record<string, unknown> = {}
    for (const [what, deed] of Object.entries(deeds)) codes[what] = (await deed(ask, organizationId)).body.code
    return Object.entries(codes).filter(([, code]) => code === 'identity.passkey_needed').length
  }
  assert.equal(await refused(staff.ask), 0, 'without a passkey a mailed code is all there is')
  const { authenticator } = await enrolled(rig, ROOT)
  assert.equal(await refused(await inConsole(rig, ROOT)), Object.keys(deeds).length)
  assert.equal(await refused(await inConsole(rig, ROOT, authenticator)), 0)
  // What gives nobody power goes on by either.
  assert.equal((await (await inConsole(rig, ROOT))('GET', '/v1/users')).status, 200)
})

test('nobody changes their own address or ways in as staff, and a program those of nobody who works in the console', async () => {
  await using rig = await openPasskeyRig()
  const root = await staffIn(rig, ROOT)
  const clerk = await personIn(rig, 'clerk@holdfast.test')
  assert.equal((await root.ask('PUT', `/v1/staff/${clerk.id}`, { role: 'support' })).status, 200)
  const ways = (id: string): [string, () => Promise<Seen>][] => [
    ['/account/passkeys', () => root.ask('DELETE', `/v1/users/${id}/passkeys/${NOT_THERE}`)],
    ['/account/email', () => root.ask('POST', `/v1/users/${id}/email-changes`, { email: `${id}@acme.test` })],
    ['/account/linked-identities', () => root.ask('DELETE', `/v1/users/${id}/linked-identities/lid_x`)],
    ...['close', 'reopen'].map((how): [string, () => Promise<Seen>] => [
      '/account/linked-identities',
      () => root.ask('POST', `/v1/users/${id}/linked-identities/lid_x/${how}`, { reason: 'Not mine' }),
    ]),
  ]
  for (const [page, change] of ways(root.id)) {
    const own = await change()
    assert.deepEqual([own.status, own.body.code], [409, 'identity.own_account'], page)
    assert.match(own.body.detail!, new RegExp(page))
  }
  for (const [page, change] of ways(clerk.id)) {
    const { status } = await change()
    assert.ok(status === 404 || status === 202, `${page}: ${status}`)
  }
  const actor = { kind: 'token', id: 'tok_1', sessionId: null, isStaff: true, impersonatorId: null } as const
  const byProgram = (userId: string) =>
    rig.db.transaction((db) => assertMayChangeWaysOf(db, { actor } as never, { userId, path: '/account/email' }))
  await assert.rejects(byProgram(clerk.id), { code: 'identity.staff_protected' })
  await byProgram(NOBODY)
})

test('where no mail is offered, no sentence sends anybody to one', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator } = await enrolled(rig, ANA)
  const strange = (await enrolled(rig, 'eve@acme.test')).authenticator
  for (const [language, mail, instead] of [
    ['en', /by mail|a mail/i, /recovery code/],
    ['de', /E-Mail/, /Wiederherstellungscode/],
  ] as const) {
    const browser = await byMail(rig)
    browser.headers['accept-language'] = language
    const options = await begun(browser, SIGN_IN, { purpose: 'step-up', return_to: '/account/email' })
    const response = JSON.stringify({ ...authenticator.show(options), id: strange.show(options).id })
    const fields = { response, max_age: '600', strongest: '1', return_to: '/account/email' }
    const seen = await browser.submit('/sign-in/passkey', fields)
    const [, said = ''] = /<p class="error" role="alert">(.*?)<\/p>/.exec(seen.text) ?? []
    assert.match(said, instead, seen.text)
    assert.doesNotMatch(said, mail)
  }
})
