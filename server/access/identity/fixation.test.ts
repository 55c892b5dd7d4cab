import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditAt } from '../../ground/audit/index.ts'
import { grantAdministrator } from '../../ground/environment/index.ts'
import { newSecret } from '../../platform/id.ts'
import { begun, enrolled, SIGN_IN } from './passkeys/testing/rig.ts'
import { secretFrom } from '../../platform/secret.ts'
import { signInStaff } from './accounts/testing.ts'
import { printBreakGlassCodes } from './index.ts'
import { HERE, type IdentityRig, openRig, seed, type TestBrowser } from './testing.ts'

/** ASVS 7.2.4, for every way in which a session begins or is proven anew. */
interface Way {
  cookie: 'hf_session' | 'hf_console'
  /** Puts a handle into the browser that somebody else knows, or that was there before. */
  before(rig: IdentityRig, victim: TestBrowser): Promise<void>
  enter(rig: IdentityRig, victim: TestBrowser): Promise<void>
}

const ANA = 'ana@acme.test'
const asConsole = { 'holdfast-audience': 'console' }

async function plantOf(rig: IdentityRig, victim: TestBrowser, email: string) {
  const attacker = rig.browser()
  await attacker.signIn(rig, email)
  victim.jar.set('hf_session', attacker.jar.get('hf_session')!)
}

async function isSignedIn(rig: IdentityRig, cookie: Way['cookie'], handle: string): Promise<boolean> {
  const browser = rig.browser()
  browser.jar.set(cookie, handle)
  const headers: Record<string, string> = cookie === 'hf_console' ? asConsole : {}
  return (await browser.request('/v1/session', { headers: { accept: 'application/json', ...headers } })).status === 200
}

const ways: Record<string, Way> = {
  'a sign-in': {
    cookie: 'hf_session',
    before: (rig, victim) => plantOf(rig, victim, 'eve@evil.test'),
    async enter(rig, victim) {
      assert.equal((await victim.signIn(rig, ANA)).status, 303)
    },
  },
  'a sign-in by the link': {
    cookie: 'hf_session',
    before: (rig, victim) => plantOf(rig, victim, 'eve@evil.test'),
    async enter(rig, victim) {
      await victim.submit('/sign-in', { email: ANA })
      assert.equal((await victim.submit((await rig.mailTo(ANA)).link)).status, 303)
    },
  },
  'a renewed sign-in': {
    cookie: 'hf_session',
    async before(rig, victim) {
      await victim.signIn(rig, ANA)
      rig.clock.advance(11 * 60_000)
    },
    async enter(rig, victim) {
      assert.equal((await victim.signIn(rig, ANA, { max_age: '600', return_to: '/account' })).status, 303)
    },
  },
  'a passkey': {
    cookie: 'hf_session',
    before: (rig, victim) => plantOf(rig, victim, 'eve@evil.test'),
    async enter(rig, victim) {
      const { authenticator } = await enrolled(rig, ANA)
      const shown = authenticator.show(await begun(victim, SIGN_IN))
      assert.equal((await victim.submit('/sign-in/passkey', { response: JSON.stringify(shown) })).status, 303)
    },
  },
  'a recovery code': {
    cookie: 'hf_session',
    before: (rig, victim) => plantOf(rig, victim, 'eve@evil.test'),
    async enter(rig, victim) {
      const owner = rig.browser()
      await owner.signIn(rig, ANA)
      const [code = ''] = (await owner.post('/v1/account/recovery-codes', {})).body.codes as string[]
      assert.equal((await victim.submit('/sign-in/recovery-code', { email: ANA, code })).status, 303)
    },
  },
  'a printed code': {
    cookie: 'hf_console',
    async before(rig, victim) {
      const { browser } = await signInStaff(rig, 'mallory@acme.test')
      victim.jar.set('hf_console', browser.jar.get('hf_console')!)
    },
    async enter(rig, victim) {
      await grantAdministrator(rig.db, await seed(rig, ANA), 'test', rig.clock.now())
      await rig.administrators.reload()
      const audit = auditAt(rig.clock.now)
      const parts = { db: rig.db, clock: rig.clock, secret: secretFrom(Buffer.alloc(32, 7)), audit }
      const printed = await printBreakGlassCodes(parts, { email: ANA })
      const [code = ''] = printed.outcome === 'printed' ? printed.codes : []
      assert.equal((await victim.submit('/sign-in/break-glass', { email: ANA, code })).status, 200)
    },
  },
  'an impersonation': {
    cookie: 'hf_session',
    before: (rig, victim) => plantOf(rig, victim, 'eve@evil.test'),
    async enter(rig, victim) {
      await signInStaff(rig, 'root@acme.test').then(async ({ ask }) => {
        const reason = 'asked for in ticket 4711'
        const ordered = await ask('POST /v1/impersonations', { user_id: await seed(rig, ANA), reason })
        assert.equal(ordered.status, 201, ordered.text)
        const { url } = ordered.body as unknown as { url: string }
        assert.equal((await victim.submit(url.slice(HERE.length))).status, 303)
      })
    },
  },
}

for (const [name, { cookie, before, enter }] of Object.entries(ways)) {
  test(`a handle that lay in the browser is worth nothing after ${name}`, async () => {
    await using rig = await openRig()
    const victim = rig.browser()
    await before(rig, victim)
    const known = victim.jar.get(cookie)!
    assert.equal(await isSignedIn(rig, cookie, known), true)
    await enter(rig, victim)
    const fresh = victim.jar.get(cookie)!
    assert.notEqual(fresh, known)
    assert.equal(await isSignedIn(rig, cookie, fresh), true)
    assert.equal(await isSignedIn(rig, cookie, known), false)
  })

  test(`a handle that was made up does not become one by ${name}`, async () => {
    await using rig = await openRig()
    const victim = rig.browser()
    const madeUp = newSecret()
    victim.jar.set(cookie, madeUp)
    await enter(rig, victim)
    assert.notEqual(victim.jar.get(cookie), madeUp)
    assert.equal(await isSignedIn(rig, cookie, madeUp), false)
  })
}
