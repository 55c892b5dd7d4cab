import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEntries } from '../../../ground/audit/index.ts'
import { newestSignals } from '../../../ground/signals/index.ts'
import { sql } from '../../../platform/database/index.ts'
import { cleanUp } from '../clean-up.ts'
import { openFailOver, STRICT, throughProvider, workerIn } from '../fail-over/testing.ts'
import { faulty } from '../../sessions/testing.ts'
import {
  begun,
  confirmBy,
  ENROLMENTS,
  enrolled,
  finish,
  newAuthenticator,
  PASSKEYS,
  SIGN_IN,
} from '../passkeys/testing/rig.ts'
import { APP_ORIGIN, openRig } from '../testing.ts'
import { AWAY_PATH, CODE_LIFE_MS, FOR_PATH, HAND_OVER_LIFE_MS, HAND_OVERS_IN_BROWSER_MAX } from './hand-over.ts'
import { APP, arrivalIn, codeFor, come, leave, personIn, sessionOf, setOrigins, show } from './testing.ts'

const ANA = 'ana@acme.test'
const refusedAs = (seen: { status: number; text: string }, code: string) =>
  assert.ok(seen.status >= 400 && seen.text.includes(code), `${seen.status}: ${seen.text.slice(0, 2000)}`)

test('a passkey signs in to an app on another origin: shown at ours, the session begins at the app’s alone', async () => {
  await using rig = await openRig()
  const { authenticator } = await enrolled(rig, ANA, 'synced')
  const person = personIn(rig)
  const page = await person.app.get('/sign-in')
  assert.match(page.text, /<form method="post" action="\/auth\/sign-in\/passkey\/away"/)
  assert.doesNotMatch(page.text, /webauthn|passkeys\.js/, 'a browser is offered no passkey where it has none')
  assert.match(page.headers.get('content-security-policy')!, /form-action 'self' [^;]*http:\/\/localhost:4000/)

  const id = await come(person, await leave(person, { return_to: '/notes/7' }))
  const asked = await person.ours.get(`${FOR_PATH}/${id}`)
  assert.match(asked.text, /<h1>Sign in to Acme Notes with a passkey<\/h1>/)
  assert.match(asked.text, /notes\.acme\.test/)
  const policy = asked.headers.get('content-security-policy')!
  assert.match(policy, /form-action 'self' https:\/\/notes\.acme\.test/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.equal(asked.headers.get('x-frame-options'), 'DENY')

  const shownAt = rig.clock.now().toISOString()
  const arrival = arrivalIn(await show(person, id, authenticator))
  assert.equal((await sessionOf(person.ours)).verdict, 'invalid', 'nobody is signed in at our own origin')
  rig.clock.advance(5000)
  const arrived = await person.app.get(arrival)
  assert.deepEqual([arrived.status, arrived.location], [303, `${APP_ORIGIN}/notes/7`], arrived.text)
  const { verdict, session } = await sessionOf(person.app)
  assert.equal(verdict, 'valid')
  assert.deepEqual(
    [session!.user.email, session!.amr, session!.acr, session!.audience, session!.authenticated_at],
    [ANA, ['swk', 'user'], 'multiple', 'app_notes', shownAt],
  )
  const [signal] = await newestSignals(rig.db, ['sign-in.succeeded'], 1)
  assert.deepEqual([signal!.facts.method, signal!.facts.audience], ['passkey', 'app_notes'])
  const [entry] = await readEntries(rig.db, { action: 'sign-in.succeeded' }, 1)
  assert.deepEqual(entry!.facts, { method: 'passkey', audience: 'app_notes' })
})

test('a code signs in once, in the browser that left the app, and nobody after it was shown elsewhere', async () => {
  await using rig = await openRig()
  const { authenticator } = await enrolled(rig, ANA)
  const person = personIn(rig)
  const first = await codeFor(person, authenticator)
  assert.equal((await person.app.get(first)).status, 303)
  // Its cookie is another one since, and the hand-over is used up besides.
  refusedAs(await person.app.get(first), 'identity.hand_over_other_browser')
  const kept = personIn(rig)
  const second = await codeFor(kept, authenticator)
  const jar = new Map(kept.app.jar)
  assert.equal((await kept.app.get(second)).status, 303)
  const again = rig.browser(APP)
  for (const [name, value] of jar) again.jar.set(name, value)
  refusedAs(await again.get(second), 'identity.hand_over_used')

  const victim = personIn(rig)
  const third = await codeFor(victim, authenticator)
  const thief = rig.browser(APP)
  await thief.submit(AWAY_PATH)
  refusedAs(await thief.get(third), 'identity.hand_over_other_browser')
  assert.equal((await sessionOf(thief)).verdict, 'invalid')
  const [entry] = await readEntries(rig.db, { action: 'sign-in.failed' }, 1)
  assert.equal(entry!.facts.reason, 'hand_over_other_browser')
  refusedAs(await victim.app.get(third), 'identity.hand_over_used')
})

test('the link of a hand-over that somebody else began lets in neither who was sent it nor who sent it', async () => {
  await using rig = await openRig()
  const { authenticator } = await enrolled(rig, ANA)
  const eve = personIn(rig)
  const victim = personIn(rig)
  // Sent before Eve has followed it herself: Ana shows her passkey, and arrives in a browser that began nothing.
  const link = await leave(eve)
  const arrival = arrivalIn(await show(victim, await come(victim, link), authenticator))
  const arrived = await victim.app.get(arrival)
  refusedAs(arrived, 'identity.hand_over_other_browser')
  assert.match(arrived.text, /begun elsewhere/)
  assert.equal((await sessionOf(victim.app)).verdict, 'invalid')
  refusedAs(await eve.app.get(arrival), 'identity.hand_over_used')
  assert.equal((await sessionOf(eve.app)).verdict, 'invalid')
  // Sent afterwards: the state is one browser's already, and so is the page.
  const followed = await leave(eve)
  const id = await come(eve, followed)
  refusedAs(await victim.ours.get(followed), 'identity.hand_over_other_browser')
  refusedAs(await victim.ours.get(`${FOR_PATH}/${id}`), 'identity.hand_over_other_browser')
  assert.equal((await victim.ours.post(`/v1${FOR_PATH}/${id}`, {})).body.code, 'identity.hand_over_other_browser')
  await eve.ours.get(`${FOR_PATH}/${id}`)
  assert.equal(await come(eve, followed), id, 'who goes back in their own browser goes on')
})

test('a code is good at the origin and the application that it was made for alone, and for a minute', async () => {
  await using rig = await openRig()
  await setOrigins(rig, [APP_ORIGIN, 'https://other.acme.test'])
  const { authenticator } = await enrolled(rig, ANA)
  const places = {
    'our own origin': rig.browser(),
    'another origin of the app': rig.browser({ ...APP, origin: 'https://other.acme.test' }),
    'another prefix': rig.browser({ ...APP, prefix: '/login' }),
  }
  for (const [what, browser] of Object.entries(places)) {
    const person = personIn(rig)
    const arrival = await codeFor(person, authenticator)
    // Even with the very cookie.
    for (const [name, value] of person.app.jar) browser.jar.set(name.replace('__Host-', ''), value).set(name, value)
    const seen = await browser.get(arrival)
    refusedAs(seen, 'identity.hand_over_other_browser')
    assert.equal((await sessionOf(browser)).verdict, 'invalid', what)
  }
  const late = personIn(rig)
  const arrival = await codeFor(late, authenticator)
  rig.clock.advance(CODE_LIFE_MS)
  refusedAs(await late.app.get(arrival), 'identity.hand_over_over')
  const later = personIn(rig)
  const [first, id] = [await leave(later), await come(later, await leave(later))]
  rig.clock.advance(HAND_OVER_LIFE_MS)
  const over = await later.ours.get(`${FOR_PATH}/${id}`)
  assert.equal(over.status, 410)
  assert.match(over.text, /href="https:\/\/notes\.acme\.test\/auth\/sign-in\?return_to=/)
  assert.equal((await later.ours.post(`/v1${FOR_PATH}/${id}`, {})).body.code, 'identity.hand_over_over')
  assert.equal((await later.ours.get(await come(later, first).then((each) => `${FOR_PATH}/${each}`))).status, 410)
  refusedAs(await late.app.get('/sign-in/passkey/arrived'), 'identity.hand_over_over')
})

test('a hand-over leads to registered origins alone, also where one was taken away meanwhile', async () => {
  await using rig = await openRig()
  const { authenticator } = await enrolled(rig, ANA)
  const person = personIn(rig)
  for (const to of ['https://evil.test/', '//evil.test', 'https://notes.acme.test.evil.test/', 'javascript:alert(1)']) {
    refusedAs(await person.app.submit(AWAY_PATH, { return_to: to }), 'identity.bad_return_to')
  }
  const id = await come(person, await leave(person))
  const begun = await person.ours.post(`/v1${FOR_PATH}/${id}`, {})
  const response = JSON.stringify(authenticator.show(begun.body.options as { challenge: string }))
  await setOrigins(rig, ['https://elsewhere.acme.test'])
  refusedAs(await person.ours.submit(`${FOR_PATH}/${id}`, { response }), 'identity.hand_over_elsewhere')
  refusedAs(await person.ours.get(`${FOR_PATH}/${id}`), 'identity.hand_over_elsewhere')
  await setOrigins(rig, [APP_ORIGIN])
  const arrival = arrivalIn(await person.ours.submit(`${FOR_PATH}/${id}`, { response }))
  await setOrigins(rig, ['https://elsewhere.acme.test'])
  assert.equal((await person.app.get(arrival)).status, 403)
  await setOrigins(rig, [APP_ORIGIN])
  assert.equal((await person.app.get(arrival)).status, 303)
})

test('whoever is signed in at an app confirms with a passkey of theirs, and with nobody else’s', async () => {
  await using rig = await openRig()
  const { authenticator } = await enrolled(rig, ANA)
  const { authenticator: other } = await enrolled(rig, 'bea@acme.test')
  const person = personIn(rig)
  await person.app.signIn(rig, ANA)
  const before = await sessionOf(person.app)
  rig.clock.advance(60_000)
  // A change that asks for the strongest method leads to the confirmation, at the app itself.
  const asked = await person.app.get('/account/email')
  assert.match(asked.location ?? '', /\/auth\/sign-in\?.*strongest=1/, asked.text)
  const page = await person.app.get('/sign-in?max_age=600&strongest=1&return_to=/auth/account/email')
  assert.match(page.text, /action="\/auth\/sign-in\/passkey\/away"[\s\S]*Confirm with a passkey/)
  const fields = { max_age: '600', strongest: '1', return_to: '/auth/account/email' }
  const id = await come(person, await leave(person, fields))
  assert.match((await person.ours.get(`${FOR_PATH}/${id}`)).text, /<h1>Confirm it for Acme Notes<\/h1>/)
  const refused = await show(person, id, other)
  assert.equal(refused.status, 400)
  assert.match(refused.text, /of another account/)
  const arrival = arrivalIn(await show(person, id, authenticator))
  const arrived = await person.app.get(arrival)
  assert.deepEqual([arrived.status, arrived.location], [303, `${APP_ORIGIN}/auth/account/email`])
  const after = await sessionOf(person.app)
  assert.deepEqual([after.session!.acr, after.session!.user.email], ['multiple', ANA])
  assert.notEqual(after.session!.authenticated_at, before.session!.authenticated_at)
  assert.equal((await person.app.get('/account/email')).status, 200)
})

test('a challenge for an app begins no session at our origin, and none of ours is good for an app', async () => {
  await using rig = await openRig()
  const { authenticator } = await enrolled(rig, ANA)
  const person = personIn(rig)
  const id = await come(person, await leave(person))
  const forApp = await person.ours.post(`/v1${FOR_PATH}/${id}`, {})
  const shown = authenticator.show(forApp.body.options as { challenge: string })
  assert.equal((await finish(person.ours, shown)).body.code, 'identity.passkey_challenge_over')
  const own = authenticator.show(await begun(person.ours, SIGN_IN))
  const refused = await person.ours.submit(`${FOR_PATH}/${id}`, { response: JSON.stringify(own) })
  assert.equal(refused.status, 410)
  const other = await come(person, await leave(person))
  const crossed = await person.ours.submit(`${FOR_PATH}/${other}`, { response: JSON.stringify(shown) })
  assert.equal(crossed.status, 410, 'nor is one of another hand-over')
  assert.equal((await person.ours.submit(`${FOR_PATH}/${id}`, { response: JSON.stringify(shown) })).status, 303)
  assert.equal((await person.ours.submit(`${FOR_PATH}/${id}`, { response: JSON.stringify(shown) })).status, 410)
  refusedAs(await person.ours.submit(`${FOR_PATH}/${id}`, { response: '{' }), 'not accepted')
  assert.equal((await sessionOf(person.ours)).verdict, 'invalid')
})

test('forms of other sites begin and finish nothing', async () => {
  await using rig = await openRig()
  const person = personIn(rig)
  const id = await come(person, await leave(person))
  const body = 'return_to=/'
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.test' }
  const evil = { method: 'POST', headers: { ...headers, 'sec-fetch-site': 'cross-site' }, body }
  refusedAs(await person.app.request(AWAY_PATH, evil), 'request.cross_site')
  refusedAs(await person.ours.request(`${FOR_PATH}/${id}`, evil), 'request.cross_site')
  refusedAs(await person.ours.request(`/v1${FOR_PATH}/${id}`, evil), 'request.cross_site')
})

test('whom a blocked account, a removed passkey, one that seems copied or one from a backup keeps out at our origin stays out at the app', async () => {
  await using rig = await openRig()
  const { authenticator, passkeyId } = await enrolled(rig, ANA)
  const person = personIn(rig)
  const arrival = await codeFor(person, authenticator)
  await rig.db.run(sql`update identity.passkey set unconfirmed_since = ${rig.clock.now()} where id = ${passkeyId}`)
  refusedAs(await person.app.get(arrival), 'identity.passkey_unconfirmed')
  await rig.db.run(sql`update identity.passkey set unconfirmed_since = null where id = ${passkeyId}`)
  await rig.db.run(sql`update identity.passkey set copied_at = ${rig.clock.now()} where id = ${passkeyId}`)
  refusedAs(await person.app.get(arrival), 'identity.passkey_copied')
  await rig.db.run(sql`update identity.passkey set copied_at = null where id = ${passkeyId}`)
  await rig.db.run(sql`update identity.user set blocked_at = ${rig.clock.now()} where email_key = ${ANA}`)
  refusedAs(await person.app.get(arrival), 'This account is blocked')
  assert.equal((await sessionOf(person.app)).verdict, 'invalid')
  await rig.db.run(sql`update identity.user set blocked_at = null where email_key = ${ANA}`)
  const last = await codeFor(person, authenticator)
  await rig.db.run(sql`delete from identity.passkey where id = ${passkeyId}`)
  refusedAs(await person.app.get(last), 'identity.hand_over_over')
  const gone = await come(person, await leave(person))
  assert.match((await show(person, gone, authenticator)).text, /not known here/)
})

test('at an app, too, a passkey stands in for a provider that is down where the policy says so, and only then', async () => {
  await using world = await openFailOver(STRICT)
  const { rig } = world
  await workerIn(world, ANA)
  const desk = rig.browser()
  await throughProvider(world, desk, ANA)
  const authenticator = newAuthenticator()
  const response = authenticator.make(await begun(desk, ENROLMENTS))
  assert.equal((await desk.post(PASSKEYS, { name: 'Desk', response })).status, 201)
  const person = personIn(rig)
  const dormant = await person.app.get(await codeFor(person, authenticator))
  refusedAs(dormant, 'identity.provider_demanded')
  rig.clock.advance(60_000)
  world.down()
  const awake = await person.app.get(await codeFor(person, authenticator))
  assert.equal(awake.status, 303, awake.text)
  const { session } = await sessionOf(person.app)
  assert.deepEqual([session!.amr, session!.audience], [['hwk', 'user', 'failover'], 'app_notes'])
  // Whoever is let in by fail-over changes no way in, at the app or by way of it.
  refusedAs(await person.app.submit('/account/passkeys', { response: '{}' }), 'sessions.failover_session')
})

test('a handle that was planted at the app is worth nothing after somebody came in by their passkey', async () => {
  await using rig = await openRig()
  const { authenticator } = await enrolled(rig, ANA)
  const [eve, person] = [personIn(rig), personIn(rig)]
  await eve.app.signIn(rig, 'eve@evil.test')
  const planted = eve.app.jar.get('__Host-hf_session')!
  person.app.jar.set('__Host-hf_session', planted)
  assert.equal((await person.app.get(await codeFor(person, authenticator))).status, 303)
  assert.notEqual(person.app.jar.get('__Host-hf_session'), planted)
  assert.equal((await sessionOf(eve.app)).verdict, 'invalid')
  assert.equal((await sessionOf(person.app)).session!.user.email, ANA)
})

test('with the database away nothing is used up, and the same code signs in afterwards', async () => {
  const { state, wrap } = faulty()
  await using rig = await openRig({ wrap })
  const { authenticator } = await enrolled(rig, ANA)
  const person = personIn(rig)
  const arrival = await codeFor(person, authenticator)
  state.isAway = true
  for (const seen of [await person.app.get(arrival), await person.app.submit(AWAY_PATH, {})]) {
    assert.equal(seen.status, 503, seen.text)
    assert.deepEqual(seen.headers.getSetCookie(), [])
  }
  state.isAway = false
  assert.equal((await person.app.get(arrival)).status, 303)
})

test('of the hand-overs of one browser the oldest are over, and what is over is cleared away', async () => {
  await using rig = await openRig()
  const person = personIn(rig)
  const first = await leave(person)
  for (let count = 0; count < HAND_OVERS_IN_BROWSER_MAX; count++) {
    rig.clock.advance(1000)
    await leave(person)
  }
  refusedAs(await person.ours.get(first), 'identity.hand_over_over')
  const { kept } = await rig.db.one<{ kept: number }>(sql`select count(*)::int as kept from identity.hand_over`)
  assert.equal(kept, HAND_OVERS_IN_BROWSER_MAX)
  rig.clock.advance(2 * 3_600_000)
  await cleanUp({ background: rig.db, clock: rig.clock })
  const { left } = await rig.db.one<{ left: number }>(sql`select count(*)::int as left from identity.hand_over`)
  assert.equal(left, 0)
})

test('without a passkey of theirs, a confirmation at the app is by mail, and support shows none', async () => {
  await using rig = await openRig()
  const person = personIn(rig)
  await person.app.signIn(rig, ANA)
  const page = await person.app.get('/sign-in?max_age=600')
  assert.doesNotMatch(page.text, /passkey\/away/)
  const { browser, authenticator } = await enrolled(rig, 'bea@acme.test')
  await confirmBy(browser, authenticator)
  const left = await browser.submit(AWAY_PATH, { return_to: '/account' })
  assert.equal(left.location, '/sign-in', 'at our own origin the page itself has the ceremony')
})
