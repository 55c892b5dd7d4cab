import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEntries } from '../../../../ground/audit/index.ts'
import { sql } from '../../../../platform/database/index.ts'
import { LAX, openFailOver, throughProvider, workerIn } from '../../fail-over/testing.ts'
import { begun, ENROLMENTS, enrolled, newAuthenticator, PASSKEYS } from '../../passkeys/testing/rig.ts'
import { APP_ORIGIN, type IdentityRig, openRig, type Seen } from '../../testing.ts'
import { CODE_LIFE_MS, HAND_OVER_LIFE_MS } from '../hand-over.ts'
import { APP, codeFor, type Person, personIn, sessionOf, setOrigins } from '../testing.ts'
import { ASK_PATH, VOUCH_PATH, VOUCHED_LIFE_MS, VOUCHED_PATH, VOUCHINGS_IN_BROWSER_MAX } from './vouching.ts'

const ANA = 'ana@acme.test'
const BACK = `${APP_ORIGIN}/auth/account/passkeys`
const refusedAs = (seen: Seen, code: string) =>
  assert.ok(
    seen.status >= 400 && seen.text.includes(code),
    `${seen.status} ${seen.location}: ${seen.text.slice(0, 2000)}`,
  )

/** The address at our origin to which the pages of the app lead. */
async function addressAt({ app }: Person): Promise<string> {
  const { text } = await app.get('/account/passkeys')
  const [, url] = /href="http:\/\/localhost:4000([^"]*for-app[^"]*)"/.exec(text) ?? []
  assert.ok(url, text)
  return url.replaceAll('&amp;', '&')
}

/** From the link at the app back to the app's origin, with the question who it is. */
async function ask(person: Person): Promise<string> {
  const asked = await person.ours.get(await addressAt(person))
  assert.ok(asked.location?.startsWith(`${APP_ORIGIN}/auth${VOUCH_PATH}?state=`), `${asked.status} ${asked.location}`)
  return asked.location!.slice(`${APP_ORIGIN}/auth`.length)
}

async function vouch({ app }: Person, question: string): Promise<string> {
  const vouched = await app.get(question)
  assert.match(vouched.location ?? '', /^\/account\/passkeys\/vouched\?code=[\w-]{43}$/, vouched.text)
  return vouched.location!
}

const listedOf = async (rig: IdentityRig, email: string) =>
  rig.db.many<{ proven_with: string | null; acr: string; amr: string[]; expires_at: Date; authenticated_at: Date }>(sql`
    select proven_with, acr, amr, expires_at, authenticated_at
      from sessions.session
     where person->>'email' = ${email} and audience = 'account' and ended_at is null
     limit 10`)

test('whoever is signed in at an app enrols a passkey at our origin, by a short session that is worth no more than theirs', async () => {
  await using rig = await openRig()
  const person = personIn(rig)
  await person.app.signIn(rig, ANA)
  const signedInAt = rig.clock.now()
  rig.clock.advance(60_000)
  const arrived = await person.ours.get(await vouch(person, await ask(person)))
  assert.deepEqual(
    [arrived.status, arrived.location],
    [303, `/account/passkeys/offer?return_to=${encodeURIComponent(BACK)}`],
  )
  const { session } = await sessionOf(person.ours)
  assert.deepEqual([session!.user.email, session!.amr, session!.acr], [ANA, ['otp'], 'single'])
  const [row] = await listedOf(rig, ANA)
  assert.deepEqual(
    [row!.authenticated_at, row!.expires_at.getTime() - rig.clock.now().getTime()],
    [signedInAt, VOUCHED_LIFE_MS],
  )
  const offer = await person.ours.get(arrived.location!)
  assert.match(offer.text, /It belongs to the account ana@acme\.test\..*data-passkey="create"/s)
  const response = newAuthenticator().make(await begun(person.ours, ENROLMENTS))
  const kept = await person.ours.submit('/account/passkeys/offer', {
    response: JSON.stringify(response),
    name: 'Phone',
    return_to: BACK,
  })
  assert.deepEqual([kept.status, kept.location], [303, BACK], kept.text)
  assert.match((await person.app.get('/account/passkeys')).text, /Phone/)
  const [entry] = await readEntries(rig.db, { action: 'sign-in.vouched' }, 1)
  assert.deepEqual([entry!.facts.audience, entry!.facts.application], ['account', 'app_notes'])
})

test('after a sign-in by mail at an app a passkey is offered there, and "not now" is remembered', async () => {
  await using rig = await openRig()
  const person = personIn(rig)
  const signIn = async () => {
    await person.app.submit('/sign-in', { email: ANA, return_to: '/notes' })
    const { code } = await rig.mailTo(ANA)
    return person.app.submit('/sign-in/code', { code, passkeys: 'yes', return_to: `${APP_ORIGIN}/notes` })
  }
  const led = await signIn()
  assert.match(led.location ?? '', /^\/auth\/account\/passkeys\/offer\?return_to=/)
  const offer = await person.app.get(led.location!.slice('/auth'.length))
  assert.match(offer.text, /href="http:\/\/localhost:4000\/account\/passkeys\/for-app\?by=[^"]+"/)
  assert.doesNotMatch(offer.text, /passkeys\.js/)
  const later = await person.app.submit('/account/passkeys/later', { return_to: `${APP_ORIGIN}/notes` })
  assert.equal(later.location, `${APP_ORIGIN}/notes`)
  assert.equal((await signIn()).location, `${APP_ORIGIN}/notes`)
})

test('nobody is signed in at our origin by the link or the code of somebody else', async () => {
  await using rig = await openRig()
  const [eve, victim] = [personIn(rig), personIn(rig)]
  await eve.app.signIn(rig, 'eve@evil.test')
  await victim.app.signIn(rig, ANA)
  // Ana's link, opened by Eve, and answered in Ana's browser: the code is of no use there, and none to Eve.
  const stolen = await vouch(victim, await ask({ app: victim.app, ours: eve.ours }))
  refusedAs(await victim.ours.get(stolen), 'identity.hand_over_other_browser')
  refusedAs(await eve.ours.get(stolen), 'identity.hand_over_used')
  // Eve's own answer, opened by Ana: a passkey of hers would have come to Eve's account.
  const planted = await vouch(eve, await ask(eve))
  await victim.ours.get('/sign-in')
  refusedAs(await victim.ours.get(planted), 'identity.hand_over_other_browser')
  for (const { ours } of [eve, victim]) assert.equal((await sessionOf(ours)).verdict, 'invalid')
  const code = await vouch(eve, await ask(eve))
  const jar = new Map(eve.ours.jar)
  assert.equal((await eve.ours.get(code)).status, 303)
  const again = rig.browser()
  for (const [name, value] of jar) again.jar.set(name, value)
  refusedAs(await again.get(code), 'identity.hand_over_used')
})

test('a link that somebody else made brings nobody to our origin, and ends no session there', async () => {
  await using rig = await openRig()
  const [eve, victim] = [personIn(rig), personIn(rig)]
  await eve.app.signIn(rig, 'eve@evil.test')
  const link = await addressAt(eve)
  await victim.ours.signIn(rig, ANA)
  await victim.app.signIn(rig, ANA)
  const asked = await victim.ours.get(link)
  refusedAs(
    await victim.app.get(asked.location!.slice(`${APP_ORIGIN}/auth`.length)),
    'identity.hand_over_other_browser',
  )
  assert.equal((await sessionOf(victim.ours)).verdict, 'valid')
})

test('a question leads to registered origins alone, is asked once, and is over in time', async () => {
  await using rig = await openRig()
  const person = personIn(rig)
  await person.app.signIn(rig, ANA)
  const link = await addressAt(person)
  for (const made of ['', '?by=', '?by=e30', `${link.slice(link.indexOf('?'))}x`]) {
    refusedAs(await person.ours.get(`${ASK_PATH}${made}`), 'identity.hand_over_over')
  }
  await setOrigins(rig, ['https://elsewhere.acme.test'])
  refusedAs(await person.ours.get(link), 'identity.hand_over_elsewhere')
  await setOrigins(rig, [APP_ORIGIN])
  const other = rig.browser({ ...APP, prefix: '/login' })
  refusedAs(await other.get(await ask(person)), 'identity.hand_over_other_browser')
  const late = await vouch(person, await ask(person))
  rig.clock.advance(CODE_LIFE_MS)
  refusedAs(await person.ours.get(late), 'identity.hand_over_over')
  const first = await ask(person)
  rig.clock.advance(1000)
  for (let count = 0; count < VOUCHINGS_IN_BROWSER_MAX; count++) {
    await ask(person)
    rig.clock.advance(1000)
  }
  refusedAs(await person.app.get(first), 'identity.hand_over_over')
  const gone = await ask(person)
  rig.clock.advance(HAND_OVER_LIFE_MS)
  await person.app.signIn(rig, ANA)
  refusedAs(await person.app.get(gone), 'identity.hand_over_over')
  refusedAs(await person.ours.get(VOUCHED_PATH), 'identity.hand_over_over')
})

test('what would not let somebody enrol at our origin does not at an app: long ago, by mail past a passkey, or ended', async () => {
  await using rig = await openRig()
  const person = personIn(rig)
  await person.app.signIn(rig, ANA)
  rig.clock.advance(11 * 60_000)
  const stale = await person.app.get(await ask(person))
  assert.match(stale.location ?? '', /^\/auth\/sign-in\?max_age=600&strongest=1&return_to=.*vouch/)
  const nobody = rig.browser(APP)
  assert.match((await nobody.get(await ask(person))).location ?? '', /^\/auth\/sign-in\?return_to=/)

  const { authenticator } = await enrolled(rig, 'bea@acme.test')
  const bea = personIn(rig)
  await bea.app.signIn(rig, 'bea@acme.test')
  assert.match((await bea.app.get(await ask(bea))).location ?? '', /strongest=1/, 'a mailed code is less than she has')
  await bea.app.get(await codeFor(bea, authenticator))
  const code = await vouch(bea, await ask(bea))
  await bea.app.submit('/sign-out', {})
  refusedAs(await bea.ours.get(code), 'identity.hand_over_over')
  await bea.app.get(await codeFor(bea, authenticator))
  assert.equal((await bea.ours.get(await vouch(bea, await ask(bea)))).status, 303)
  const { session } = await sessionOf(bea.ours)
  assert.deepEqual([session!.amr, session!.acr], [['hwk', 'user'], 'multiple'])
  const [row] = await listedOf(rig, 'bea@acme.test').then((all) => all.filter((each) => each.proven_with !== null))
  assert.match(row!.proven_with!, /^psk_/)
})

test('one’s own longer session at our origin is replaced, and takes nothing over from the app’s', async () => {
  await using rig = await openRig()
  const person = personIn(rig)
  await person.ours.signIn(rig, ANA)
  rig.clock.advance(60_000)
  await person.app.signIn(rig, ANA)
  assert.equal((await person.ours.get(await vouch(person, await ask(person)))).status, 303)
  const all = await listedOf(rig, ANA)
  assert.deepEqual(
    all.map(({ expires_at }) => expires_at.getTime() - rig.clock.now().getTime()),
    [VOUCHED_LIFE_MS],
  )
  const somebody = personIn(rig)
  await somebody.ours.signIn(rig, 'bea@acme.test')
  await somebody.app.signIn(rig, ANA)
  await somebody.ours.get(await vouch(somebody, await ask(somebody)))
  assert.equal((await sessionOf(somebody.ours)).session!.user.email, ANA, 'the passkey comes to whom the app knows')
})

test('whoever was let in by fail-over is vouched for by no app, and enrols nothing', async () => {
  await using world = await openFailOver(LAX)
  const { rig } = world
  await workerIn(world, ANA)
  const desk = rig.browser()
  await throughProvider(world, desk, ANA)
  const authenticator = newAuthenticator()
  const response = authenticator.make(await begun(desk, ENROLMENTS))
  assert.equal((await desk.post(PASSKEYS, { name: 'Desk', response })).status, 201)
  rig.clock.advance(60_000)
  world.down()
  const person = personIn(rig)
  assert.equal((await person.app.get(await codeFor(person, authenticator))).status, 303)
  assert.ok((await sessionOf(person.app)).session!.amr.includes('failover'))
  refusedAs(await person.app.get(await ask(person)), 'sessions.failover_session')
  assert.equal((await sessionOf(person.ours)).verdict, 'invalid')
})
