import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEntries } from '../../../ground/audit/index.ts'
import { newestSignals } from '../../../ground/signals/index.ts'
import { type IdentityRig, type TestBrowser, seed } from '../testing.ts'
import { faulty } from '../../sessions/testing.ts'
import { CHALLENGE_LIFE_MS, CHALLENGES_IN_BROWSER_MAX, PASSKEYS_MAX } from './passkey.ts'
import type { Twist } from './testing/authenticator.ts'
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

const ANA = 'ana@acme.test'
const signIn = SIGN_IN
const RECOVERY_CODES = '/v1/account/recovery-codes'
type Told = { session: { user: { id: string; email: string }; amr: string[]; acr: string; audience: string } }
type Listed = { id: string; name: string; last_used_at: string | null; is_synced: boolean }

async function listed(browser: TestBrowser): Promise<Listed[]> {
  return (await send(browser, 'GET', PASSKEYS)).body.data as Listed[]
}

test('a passkey signs in without an address, as hardware or as software, and is told as that', async () => {
  await using rig = await openPasskeyRig()
  for (const [kind, email, method] of [
    ['security-key', ANA, 'hwk'],
    ['synced', 'bea@acme.test', 'swk'],
  ] as const) {
    const { authenticator, browser: first, passkeyId } = await enrolled(rig, email, kind)
    const browser = rig.browser()
    const options = (await begun(browser, signIn)) as unknown as Record<string, unknown>
    assert.deepEqual([options.allowCredentials, options.userVerification, options.rpId], [[], 'required', 'localhost'])
    const done = await finish(browser, authenticator.show(options as { challenge: string }))
    assert.equal(done.status, 200, done.text)
    const { session } = done.body as unknown as Told
    assert.deepEqual(
      [session.user.email, session.amr, session.acr, session.audience],
      [email, [method, 'user'], 'multiple', 'account'],
    )
    const { body } = await browser.request('/v1/session', { headers: { accept: 'application/json' } })
    assert.equal(body.verdict, 'valid')
    const [passkey] = await listed(first)
    assert.equal(passkey!.id, passkeyId)
    assert.equal(passkey!.last_used_at, rig.clock.now().toISOString())
    const [signal] = await newestSignals(rig.db, ['sign-in.succeeded'], 1)
    assert.equal(signal!.facts.method, 'passkey')
    const [entry] = await newestEntries(rig, 'sign-in.succeeded')
    assert.deepEqual(entry!.facts, { method: 'passkey', audience: 'account' })
  }
})

test('nothing but a verified answer to what was asked enrols a passkey', async () => {
  await using rig = await openPasskeyRig()
  const browser = rig.browser()
  await browser.signIn(rig, ANA)
  const x5c = new Map<string, unknown>([
    ['alg', -7],
    ['sig', Buffer.alloc(8)],
    ['x5c', [Buffer.alloc(8)]],
  ])
  const twists: Record<string, Twist> = {
    'another origin': { origin: 'https://evil.test' },
    'another type': { type: 'webauthn.get' },
    'another relying party': { rpId: 'evil.test' },
    'nobody present': { isPresent: false },
    'nobody verified': { isVerified: false },
    'in a frame': { crossOrigin: true },
    'with a chain of certificates': { attestation: { fmt: 'packed', attStmt: x5c } },
  }
  for (const [what, twist] of Object.entries(twists)) {
    const options = await begun(browser, ENROLMENTS)
    const refused = await browser.post(PASSKEYS, {
      name: 'x',
      response: newAuthenticator().make(options, twist),
    })
    assert.equal(refused.body.code, 'identity.passkey_refused', what)
    // Tried once, whatever came of it.
    const again = await browser.post(PASSKEYS, { name: 'x', response: newAuthenticator().make(options) })
    assert.equal(again.body.code, 'identity.passkey_challenge_used', what)
  }
  const other = newAuthenticator().make(await begun(browser, signIn))
  assert.equal(
    (await browser.post(PASSKEYS, { name: 'x', response: other })).body.code,
    'identity.passkey_challenge_over',
  )
  assert.deepEqual(await listed(browser), [])
})

test('nothing but a verified answer to what was asked signs in, and each challenge is tried once', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator, browser: bound } = await enrolled(rig, ANA)
  const bea = await seed(rig, 'bea@acme.test')
  const twists: Record<string, Twist> = {
    'another origin': { origin: 'https://evil.test' },
    'an origin of another port': { origin: 'http://localhost:4001' },
    'another type': { type: 'webauthn.create' },
    'another relying party': { rpId: 'evil.test' },
    'nobody present': { isPresent: false },
    'nobody verified': { isVerified: false },
    'in a frame': { crossOrigin: true },
    'as somebody else': { userHandle: Buffer.from(bea).toString('base64url') },
    'as nobody': { userHandle: '' },
  }
  const browser = rig.browser()
  for (const [what, twist] of Object.entries(twists)) {
    const options = await begun(browser, signIn)
    const refused = await finish(browser, authenticator.show(options, twist))
    assert.equal(refused.body.code, 'identity.passkey_refused', what)
    assert.deepEqual(refused.headers.getSetCookie(), [], what)
    const again = await finish(browser, authenticator.show(options))
    assert.equal(again.body.code, 'identity.passkey_challenge_used', what)
  }
  for (const part of ['signature', 'authenticatorData'] as const) {
    const shown = authenticator.show(await begun(browser, signIn))
    const bytes = Buffer.from(shown.response[part], 'base64url')
    bytes[bytes.length - 1]! ^= 1
    shown.response[part] = bytes.toString('base64url')
    assert.equal((await finish(browser, shown)).body.code, 'identity.passkey_refused', part)
  }
  const unknown = newAuthenticator().show(await begun(browser, signIn))
  assert.equal((await finish(browser, unknown)).body.code, 'identity.passkey_unknown')
  await confirmBy(bound, authenticator)
  const enrol = authenticator.show(await begun(bound, ENROLMENTS))
  assert.equal((await finish(bound, enrol)).body.code, 'identity.passkey_challenge_over')
  assert.equal((await finish(browser, authenticator.show(await begun(browser, signIn)))).status, 200)

  const [entry] = await newestEntries(rig, 'sign-in.failed')
  // Whoever cannot sign is not said to be the owner of the key they name.
  assert.equal(entry!.subject_kind, 'challenge')
  assert.deepEqual(entry!.facts, { method: 'passkey', reason: 'passkey_unknown', audience: 'account' })
})

test('a challenge is good for its own browser, for five minutes, and for nobody who makes one up', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator } = await enrolled(rig, ANA)
  const [browser, other] = [rig.browser(), rig.browser()]
  const options = await begun(browser, signIn)
  await begun(other, signIn)
  for (const elsewhere of [other, rig.browser()]) {
    const seen = await finish(elsewhere, authenticator.show(options))
    assert.equal(seen.body.code, 'identity.passkey_other_browser')
  }
  const madeUp = authenticator.show(options, { challenge: Buffer.alloc(32, 1).toString('base64url') })
  assert.equal((await finish(browser, madeUp)).body.code, 'identity.passkey_challenge_over')
  rig.clock.advance(CHALLENGE_LIFE_MS)
  const late = await finish(browser, authenticator.show(options))
  assert.equal(late.body.code, 'identity.passkey_challenge_over')

  // Renewed, and the one before is still good: two tabs wait for autofill.
  const [first, second] = [await begun(browser, signIn), await begun(browser, signIn)]
  assert.equal((await finish(browser, authenticator.show(first))).status, 200)
  const after = await finish(browser, authenticator.show(second))
  // Signing in gave the browser a new cookie, so that what was begun before it is over.
  assert.equal(after.body.code, 'identity.passkey_other_browser')
})

test('on a first visit the script’s challenge and the posted form belong to one browser', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator } = await enrolled(rig, ANA)
  // Asked at once, neither undoes the other: each of them signs in.
  for (const finishes of ['challenge', 'form']) {
    const browser = rig.browser()
    await browser.get('/sign-in')
    const cookie = browser.jar.get('hf_browser')
    const [options, posted] = await Promise.all([begun(browser, signIn), browser.submit('/sign-in', { email: ANA })])
    assert.equal(posted.location, '/sign-in/code')
    assert.equal(browser.jar.get('hf_browser'), cookie)
    const { code } = await rig.mailTo(ANA)
    if (finishes === 'form') assert.equal((await browser.submit('/sign-in/code', { code })).status, 303)
    else assert.equal((await finish(browser, authenticator.show(options))).status, 200)
  }
})

test('of many challenges of one browser only the newest are kept', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator } = await enrolled(rig, ANA)
  const browser = rig.browser()
  const first = await begun(browser, signIn)
  for (let count = 0; count < CHALLENGES_IN_BROWSER_MAX; count++) {
    rig.clock.advance(1)
    await begun(browser, signIn)
  }
  const seen = await finish(browser, authenticator.show(first))
  assert.equal(seen.body.code, 'identity.passkey_challenge_over')
})

test('of two who finish one challenge at the same moment, one gets in', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator } = await enrolled(rig, ANA, 'synced')
  const browser = rig.browser()
  const shown = authenticator.show(await begun(browser, signIn))
  const answers = await Promise.all([finish(browser, shown), finish(browser, shown), finish(browser, shown)])
  assert.equal(answers.filter(({ status }) => status === 200).length, 1, answers.map(({ text }) => text).join())
  const replayed = await finish(rig.browser(), shown)
  assert.equal(replayed.status, 400)
})

test('a counter that goes back lets nobody in any more, and is signalled and audited under the name of the key', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator, passkeyId } = await enrolled(rig, ANA)
  const browser = rig.browser()
  const enter = async (twist: Twist = {}) => finish(browser, authenticator.show(await begun(browser, signIn), twist))
  assert.equal((await enter({ counter: 7 })).status, 200)
  // Unsigned, it is no evidence: anybody could make a key look copied.
  const forged = authenticator.show(await begun(browser, signIn), { counter: 1 })
  forged.response.signature = Buffer.from('nonsense').toString('base64url')
  assert.equal((await finish(browser, forged)).body.code, 'identity.passkey_refused')
  assert.equal((await newestSignals(rig.db, ['passkey.copied'], 1)).length, 0)

  // Nobody knows which of the two is its owner's: from now on neither opens anything.
  for (const counter of [7, 6, 0, 8, 9]) {
    const copied = await enter({ counter })
    assert.deepEqual([copied.status, copied.body.code], [403, 'identity.passkey_copied'], `${counter}`)
  }
  const signals = await newestSignals(rig.db, ['passkey.copied'], 10)
  assert.deepEqual(
    signals.map(({ facts }) => facts),
    [{ passkey: passkeyId }],
  )
  const [entry] = await newestEntries(rig, 'passkey.copied')
  assert.equal(entry!.facts.passkey, passkeyId)
  assert.equal(rig.sent.filter(({ purpose }) => purpose === 'passkey-copied').length, 1)
})

test('whoever proves again who they are does so by a passkey of theirs, and keeps the session', async () => {
  await using rig = await openPasskeyRig()
  const ana = await enrolled(rig, ANA)
  const bea = await enrolled(rig, 'bea@acme.test')
  const options = (await begun(ana.browser, signIn, { purpose: 'step-up' })) as unknown as {
    challenge: string
    allowCredentials: { id: string }[]
  }
  assert.deepEqual(
    options.allowCredentials.map(({ id }) => id),
    [ana.authenticator.credentialId],
  )
  const wrong = await finish(ana.browser, bea.authenticator.show(options))
  assert.equal(wrong.body.code, 'identity.passkey_not_yours')
  const before = await ana.browser.request('/v1/session', { headers: { accept: 'application/json' } })
  const right = await begun(ana.browser, signIn, { purpose: 'step-up' })
  const done = await finish(ana.browser, ana.authenticator.show(right))
  assert.equal(done.status, 200, done.text)
  assert.equal((done.body.session as { id: string }).id, (before.body.session as { id: string }).id)
  const nobody = await rig.browser().post(signIn, { purpose: 'step-up' })
  assert.deepEqual([nobody.status, nobody.body.code], [401, 'identity.passkey_not_signed_in'])
})

test('enrolling and removing need a fresh sign-in; a renamed one is still the same, a removed one opens nothing', async () => {
  await using rig = await openPasskeyRig()
  const { browser, authenticator, passkeyId } = await enrolled(rig, ANA)
  const stranger = rig.browser()
  assert.equal((await stranger.post(ENROLMENTS, {})).body.code, 'sessions.not_signed_in')
  await stranger.signIn(rig, 'bea@acme.test')
  const path = `${PASSKEYS}/${passkeyId}`
  assert.equal((await send(stranger, 'PATCH', path, { name: 'mine' })).body.code, 'identity.no_passkey')
  assert.equal((await send(stranger, 'DELETE', path)).body.code, 'identity.no_passkey')
  rig.clock.advance(11 * 60_000)
  assert.equal((await browser.post(ENROLMENTS, {})).body.code, 'sessions.stale')
  assert.equal((await send(browser, 'DELETE', path)).body.code, 'sessions.stale')
  const rename = (name: string) => send(browser, 'PATCH', path, { name })
  assert.equal((await rename('  Blue \n key ')).body.name, 'Blue key')
  for (const name of ['', ' \u200b ', 'x'.repeat(101)]) {
    assert.equal((await rename(name)).body.code, 'identity.bad_passkey_name')
  }
  await finish(browser, authenticator.show(await begun(browser, signIn, { purpose: 'step-up' })))
  assert.equal((await send(browser, 'DELETE', path)).status, 204)
  assert.deepEqual(await listed(browser), [])
  const gone = await finish(browser, authenticator.show(await begun(browser, signIn)))
  assert.equal(gone.body.code, 'identity.passkey_unknown')
})

test('an account has several passkeys, each once, and at most a named number', async () => {
  await using rig = await openPasskeyRig()
  const { browser, authenticator } = await enrolled(rig, ANA)
  await confirmBy(browser, authenticator)
  const twice = authenticator.make(await begun(browser, ENROLMENTS))
  const again = await browser.post(PASSKEYS, { name: 'again', response: twice })
  assert.equal(again.body.code, 'identity.passkey_exists')
  // Begun while there was room for one more; of the two that finish, one is kept.
  const late = [await begun(browser, ENROLMENTS), await begun(browser, ENROLMENTS)]
  for (let count = 2; count < PASSKEYS_MAX; count++) {
    rig.clock.advance(2000)
    const response = newAuthenticator().make(await begun(browser, ENROLMENTS))
    assert.equal((await browser.post(PASSKEYS, { name: `key ${count}`, response })).status, 201)
    if (count === PASSKEYS_MAX - 5) late.splice(0, 2)
    if (late.length < 2) late.push(await begun(browser, ENROLMENTS))
  }
  const answers = await Promise.all(
    late.map((options) => browser.post(PASSKEYS, { name: 'last', response: newAuthenticator().make(options) })),
  )
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409])
  assert.equal((await browser.post(ENROLMENTS, {})).body.code, 'identity.too_many_passkeys')
  assert.equal((await listed(browser)).length, PASSKEYS_MAX)
})

test('a blocked account is told so after its passkey, and gets no session', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator } = await enrolled(rig, ANA)
  await block(rig, ANA)
  const browser = rig.browser()
  const blocked = await finish(browser, authenticator.show(await begun(browser, signIn)))
  assert.deepEqual([blocked.status, blocked.body.code], [403, 'identity.blocked'])
  assert.ok(!browser.jar.has('hf_session'))
  const [entry] = await newestEntries(rig, 'sign-in.failed')
  assert.deepEqual(entry!.facts, { method: 'passkey', audience: 'account', reason: 'blocked' })
})

test('wrong codes for an address slow its codes, and never its passkey', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator } = await enrolled(rig, ANA)
  const stranger = rig.browser()
  for (let count = 0, status = 303; status !== 429 && count < 100; count++) {
    status = (await stranger.submit('/sign-in', { email: ANA })).status
  }
  const browser = rig.browser()
  assert.equal((await finish(browser, authenticator.show(await begun(browser, signIn)))).status, 200)
})

test('with the database away nobody is refused: it is unknown, and the same answer signs in afterwards', async () => {
  const { state, wrap } = faulty()
  await using rig = await openPasskeyRig({ wrap })
  const { authenticator } = await enrolled(rig, ANA)
  const browser = rig.browser()
  const shown = authenticator.show(await begun(browser, signIn))
  state.isAway = true
  for (const path of [`${signIn}/verify`, signIn]) {
    const unknown = await browser.post(path, path === signIn ? {} : shown)
    assert.equal(unknown.status, 503, unknown.text)
    assert.deepEqual(unknown.headers.getSetCookie(), [])
  }
  state.isAway = false
  assert.equal((await finish(browser, shown)).status, 200)
})

test('passkeys are used on Holdfast’s own origin alone', async () => {
  await using rig = await openPasskeyRig()
  const app = rig.browser({ application: 'app_notes', origin: 'https://notes.acme.test', prefix: '/auth' })
  await app.signIn(rig, ANA)
  for (const path of [signIn, ENROLMENTS]) {
    assert.equal((await app.post(path, {})).body.code, 'identity.passkey_elsewhere')
  }
})

const newestEntries = (rig: IdentityRig, action: string) => readEntries(rig.db, { action }, 1)

async function block(rig: IdentityRig, email: string): Promise<void> {
  const { sql } = await import('../../../platform/database/index.ts')
  await rig.db.run(sql`update identity.user set blocked_at = ${rig.clock.now()} where email_key = ${email}`)
}

test('whoever only reads the mailbox changes no way in: it takes a passkey, or a recovery code', async () => {
  await using rig = await openPasskeyRig()
  const { browser, authenticator, passkeyId } = await enrolled(rig, ANA)
  await confirmBy(browser, authenticator)
  const { codes } = (await browser.post(RECOVERY_CODES, {})).body as { codes: string[] }

  const thief = rig.browser()
  await thief.signIn(rig, ANA)
  const path = `${PASSKEYS}/${passkeyId}`
  for (const attempt of [
    () => thief.post(ENROLMENTS, {}),
    () => send(thief, 'DELETE', path),
    () => thief.post(RECOVERY_CODES, {}),
    () => thief.post('/v1/account/email-changes', { email: 'thief@evil.test' }),
  ]) {
    const refused = await attempt()
    assert.deepEqual([refused.status, refused.body.code], [403, 'identity.passkey_needed'])
  }
  const owner = rig.browser()
  const back = await owner.post('/v1/sign-in/recovery-code', { email: ANA, code: codes[0] })
  assert.equal(back.status, 200, back.text)
  assert.equal((await send(owner, 'DELETE', path)).status, 204)
  assert.equal((await thief.post(ENROLMENTS, {})).status, 200)
})

test('whoever removes a passkey ends their other sessions where they say so, and is told by mail', async () => {
  await using rig = await openPasskeyRig()
  const { browser, authenticator, passkeyId } = await enrolled(rig, ANA)
  const other = rig.browser()
  await other.signIn(rig, ANA)
  await confirmBy(browser, authenticator)
  assert.equal((await send(browser, 'DELETE', `${PASSKEYS}/${passkeyId}?end_other_sessions=true`)).status, 204)
  const [mine, theirs] = await Promise.all([browser, other].map((each) => send(each, 'GET', '/v1/session')))
  assert.deepEqual([mine!.body.verdict, theirs!.body.reason], ['valid', 'signed_out_elsewhere'])
  const purposes = rig.sent.map(({ purpose }) => purpose).filter((purpose) => purpose.startsWith('passkey'))
  assert.deepEqual(purposes, ['passkey-added', 'passkey-removed'])
})

test('a passkey that came back from a backup opens nothing until its owner says that it is still theirs', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator, passkeyId } = await enrolled(rig, ANA)
  const { sql } = await import('../../../platform/database/index.ts')
  await rig.db.run(sql`update identity.passkey set unconfirmed_since = ${rig.clock.now()}`)
  const browser = rig.browser()
  const refused = await finish(browser, authenticator.show(await begun(browser, signIn)))
  assert.deepEqual([refused.status, refused.body.code], [403, 'identity.passkey_unconfirmed'])
  assert.ok(!browser.jar.has('hf_session'))
  // By mail, for nothing stronger is certain after such a loss.
  await browser.signIn(rig, ANA)
  const path = `${PASSKEYS}/${passkeyId}/confirmation`
  const [listed] = (await send(browser, 'GET', PASSKEYS)).body.data as { is_confirmed: boolean }[]
  assert.equal(listed!.is_confirmed, false)
  assert.equal((await send(browser, 'PUT', path)).body.is_confirmed, true)
  const other = rig.browser()
  assert.equal((await finish(other, authenticator.show(await begun(other, signIn)))).status, 200)
})

test('a stale sign-in is confirmed by mail while all passkeys are unconfirmed, and in a provider’s own people by the provider', async () => {
  await using rig = await openPasskeyRig()
  await enrolled(rig, ANA)
  const { sql } = await import('../../../platform/database/index.ts')
  const browser = rig.browser()
  await browser.signIn(rig, ANA)
  const path = '/sign-in?max_age=600&strongest=1&return_to=/account/passkeys'
  rig.clock.advance(11 * 60_000)
  const hasMail = async () => /name="email"/.test((await browser.get(path)).text)
  assert.equal(await hasMail(), false)
  await rig.db.run(sql`update identity.passkey set enrolled_by_provider = 'prv_a'`)
  assert.equal(await hasMail(), true)
  await rig.db.run(sql`update identity.passkey set enrolled_by_provider = null, unconfirmed_since = ${rig.clock.now()}`)
  assert.equal(await hasMail(), true)
})

test('whoever may still keep their account is asked on the page, after a passkey as after a code', async () => {
  await using rig = await openPasskeyRig()
  const { authenticator, browser: first } = await enrolled(rig, ANA)
  await confirmBy(first, authenticator)
  const { codes } = (await first.post(RECOVERY_CODES, {})).body as { codes: string[] }
  assert.equal((await first.submit('/account/delete', { email: ANA })).status, 200)

  const [byKey, byCode, elsewhere] = [rig.browser(), rig.browser(), rig.browser()]
  const over = await finish(byKey, authenticator.show(await begun(byKey, signIn)))
  assert.equal(over.body.code, 'identity.deleting')
  const shown = authenticator.show(await begun(byKey, signIn))
  const asked = await byKey.submit('/sign-in/passkey', { response: JSON.stringify(shown) })
  assert.match(asked.text, /Keep this account/)
  const coded = await byCode.submit('/sign-in/recovery-code', { email: ANA, code: codes[0]! })
  assert.match(coded.text, /Keep this account/)
  const keep = /name="keep" value="([^"]+)"/.exec(asked.text)![1]!
  assert.equal((await elsewhere.submit('/sign-in/keep', { keep })).status, 400)
  const kept = await byKey.submit('/sign-in/keep', { keep })
  assert.deepEqual([kept.status, kept.location], [303, '/account'])
  const { session } = (await send(byKey, 'GET', '/v1/session')).body as { session: { acr: string } }
  assert.equal(session.acr, 'multiple')
})
