import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { readEntries } from '../../../ground/audit/index.ts'
import { sql } from '../../../platform/database/index.ts'
import { codeIn, mailAbout, sessionOf } from '../accounts/testing.ts'
import { APP_ORIGIN, HERE, type Seen, seed } from '../testing.ts'
import { findUserByEmail } from '../queries.ts'
import { DEPARTURE_LIFE_MS, DEPARTURES_IN_BROWSER_MAX } from './departure.ts'
import { linkedOf } from './queries.ts'
import { ANA, departureIn, ELSEWHERE, type FederationRig, openFederationRig, TRUSTED } from './testing.ts'

type Told = { id: string; user: { id: string; email: string; name: string | null }; amr: string[]; acr: string }
const told = (seen: Seen) => seen.body.session as unknown as Told
const titleOf = (seen: Seen) => /<h1>(.*?)<\/h1>/.exec(seen.text)?.[1]
const isIn = (seen: Seen) => seen.headers.getSetCookie().some((line) => /hf_session=[\w-]{43}/.test(line))
const newest = async (rig: FederationRig, action: string) => (await readEntries(rig.db, { action }, 1))[0]

const tokensAsked = async (rig: FederationRig) => (await rig.outside.oidc.order({ do: 'tell' })).requests.token

async function linksOf(rig: FederationRig, email: string) {
  const user = await findUserByEmail(rig.db, email)
  return user ? linkedOf(rig.db, user.id) : []
}

test('a person presses the button, signs in at the provider, and is signed in here', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const browser = rig.browser()
  const seen = await rig.signIn(browser, 'ana')
  assert.deepEqual([seen.status, seen.location], [303, '/account'], seen.text)
  const session = told(await sessionOf(browser))
  assert.deepEqual([session.user.email, session.user.name], [ANA, 'Ana Álvarez'])
  assert.deepEqual([session.amr, session.acr], [['fed'], 'single'])
  const [linked] = await linksOf(rig, ANA)
  assert.deepEqual([linked!.issuer, linked!.subject], [rig.outside.oidc.issuer, 'ana'])
  const entry = await newest(rig, 'sign-in.succeeded')
  assert.deepEqual(entry!.facts, { method: 'provider', audience: 'account' })

  // Again, in another browser: the same account, and no second link.
  const other = rig.browser()
  await rig.signIn(other, 'ana')
  assert.equal(told(await sessionOf(other)).user.id, session.user.id)
  assert.equal((await linksOf(rig, ANA)).length, 1)
})

test('what was begun for a provider is good once, in its browser, for ten minutes, and for the settings of then', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const [browser, other] = [rig.browser(), rig.browser()]
  const refused = async (path: string, who = browser) => {
    const seen = await who.request(path, { method: 'GET', headers: { accept: 'application/json' } })
    assert.equal(isIn(seen), false)
    return /identity\.\w+/.exec(seen.text)?.[0]
  }
  // Nothing is looked at first: what is asked of the provider is counted, and its clock is not the database's later on.
  const fields = { anyway: '1' }
  const first = await rig.walk(browser, 'ana', { fields })
  await rig.walk(other, 'ana', { fields })
  assert.equal(await refused(first, other), 'identity.departure_other_browser')
  assert.equal(await refused(first, rig.browser()), 'identity.departure_other_browser')
  assert.equal(await tokensAsked(rig), 0, 'nobody else’s callback asks the provider anything')
  assert.ok(isIn(await browser.get(first)))
  assert.equal(await refused(first), 'identity.departure_other_browser', 'its browser has a new cookie')

  const late = await rig.walk(browser, 'ana', { fields })
  rig.clock.advance(DEPARTURE_LIFE_MS)
  assert.equal(await refused(late), 'identity.departure_over')
  for (const state of ['', 'state=', `state=${'a'.repeat(43)}`]) {
    assert.equal(
      await refused(`/sign-in/callback/${rig.provider.id}?code=x&${state}`),
      'identity.departure_over',
      state,
    )
  }
  const before = await rig.walk(browser, 'ana', { fields })
  await rig.db.run(sql`update providers.provider set version = version + 1`)
  await rig.providers.reload()
  assert.equal(await refused(before), 'identity.provider_not_offered')
  const off = await rig.walk(browser, 'ana', { fields })
  await rig.db.run(sql`update providers.provider set is_enabled = false`)
  await rig.providers.reload()
  assert.equal(await refused(off), 'identity.provider_not_offered')
  assert.equal((await browser.submit(`/sign-in/provider/${rig.provider.id}`)).status, 404)
})

test('a callback that comes several times at once asks the provider once, and signs in once', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const browser = rig.browser()
  const path = await rig.walk(browser, 'ana', { fields: { anyway: '1' } })
  const cookie = { cookie: [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ') }
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() => rig.browser().request(path, { method: 'GET', headers: cookie })),
  )
  assert.equal(answers.filter(isIn).length, 1, answers.map(({ status }) => status).join())
  assert.equal(await tokensAsked(rig), 1)
})

test('only so many sign-ins wait in one browser, and older ones are over', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const browser = rig.browser()
  const first = await rig.walk(browser, 'ana')
  const path = `/sign-in/provider/${rig.provider.id}`
  for (let count = 0; count < DEPARTURES_IN_BROWSER_MAX; count++) {
    rig.clock.advance(1)
    assert.equal((await browser.submit(path)).status, 200)
  }
  assert.equal((await browser.get(first)).status, 410)
})

test('a callback of another provider is refused, whoever mixes them up', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const browser = rig.browser()
  const back = new URL(await rig.walk(browser, 'ana'), 'http://localhost:4000')
  back.searchParams.set('iss', 'https://issuer.evil.test')
  const seen = await browser.get(back.pathname + back.search)
  assert.deepEqual([seen.status, titleOf(seen)], [403, 'Acme SSO did not sign you in'])
  assert.equal((await newest(rig, 'sign-in.failed'))!.facts.reason, 'provider_refused')
  assert.equal(isIn(seen), false)
})

test('when our own budget of calls is spent, nothing is used up: the same press signs in some seconds later', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const browser = rig.browser()
  const path = await rig.walk(browser, 'ana')
  // As many strangers of the same network as may ask at once, and none of them gets on.
  const { url: _, ...departure } = await rig.providers.depart(rig.provider, {})
  const callbackUrl = new URL(`/sign-in/callback/${rig.provider.id}?code=junk&state=${departure.state}`, HERE)
  const { promise: useUp, resolve } = Promise.withResolvers<boolean>()
  const strangers = Array.from({ length: 60 }, () => {
    const caller = { browser: randomBytes(32), block: '127.0.0.0/24', isKnown: false }
    return rig.providers.exchange(rig.provider, { callbackUrl, departure, caller, useUp: () => useUp })
  })
  const waits = await browser.get(path)
  assert.deepEqual([waits.status, waits.headers.get('retry-after') !== null], [503, true])
  assert.match(waits.text, /has to wait some seconds/)
  const [, again = ''] = /class="button primary" href="([^"]+)"/.exec(waits.text) ?? []
  resolve(false)
  await Promise.all(strangers)
  assert.equal(isIn(await browser.get(again.replaceAll('&amp;', '&'))), true)
})

test('an error= says so in plain words, and is used up', async () => {
  await using rig = await openFederationRig()
  const browser = rig.browser()
  const started = departureIn(await browser.submit(`/sign-in/provider/${rig.provider.id}`, { anyway: '1' }))
  const state = new URL(started).searchParams.get('state')
  const issuer = encodeURIComponent(rig.outside.oidc.issuer)
  const forged = `/sign-in/callback/${rig.provider.id}?error=access_denied&state=${state}&iss=${issuer}`
  const seen = await browser.get(forged)
  assert.deepEqual([seen.status, titleOf(seen)], [403, 'Acme SSO did not sign you in'])
  assert.match(seen.text, /cancelled, or Acme SSO refused it/)
  assert.equal((await browser.get(forged)).status, 410)
  assert.equal((await newest(rig, 'sign-in.failed'))!.facts.reason, 'provider_denied')
  assert.equal(await tokensAsked(rig), 0)
})

test('a provider that fails while somebody is on the way back is an outage, and nobody is let in', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const browser = rig.browser()
  const path = await rig.walk(browser, 'ana')
  await rig.outside.behave({ answers: { token: { status: 503, body: 'away' } } })
  const seen = await browser.get(path)
  assert.deepEqual([seen.status, seen.headers.get('retry-after'), isIn(seen)], [503, '2', false])
  assert.match(seen.text, /does not confirm at the moment who you are/)
})

test('every lie of a provider is refused, with its code in the audit', async () => {
  await using rig = await openFederationRig(TRUSTED)
  for (const [lie, code] of [
    ['wrong-audience', 'bad_audience'],
    ['wrong-nonce', 'bad_nonce'],
    ['bad-signature', 'bad_signature'],
    ['algorithm-none', 'bad_algorithm'],
    ['missing-subject', 'missing_claim'],
  ] as const) {
    await rig.outside.behave({ lie })
    const seen = await rig.signIn(rig.browser(), 'ana')
    assert.deepEqual([seen.status, isIn(seen)], [403, false], lie)
    const { facts } = (await newest(rig, 'sign-in.failed'))!
    assert.deepEqual([facts.reason, facts.code], ['provider_refused', code])
  }
  assert.equal(await findUserByEmail(rig.db, ANA), undefined)
})

test('an address that the provider is not trusted for is proven by a code first, and then joined', async () => {
  await using rig = await openFederationRig()
  const browser = rig.browser()
  const seen = await rig.signIn(browser, 'ana')
  assert.deepEqual([seen.status, seen.location, isIn(seen)], [303, '/sign-in/code', false])
  assert.equal(await findUserByEmail(rig.db, ANA), undefined)
  const page = await browser.get('/sign-in/code')
  assert.match(page.text, /your sign-in with Acme SSO is connected to the account of this address/)
  const { code, message } = await rig.mailTo(ANA)
  assert.match(message.text, /connects a sign-in with Acme SSO/)
  const done = await browser.submit('/sign-in/code', { code })
  assert.equal(done.location, '/account', done.text)
  const session = told(await sessionOf(browser))
  assert.deepEqual([session.user.name, session.amr], ['Ana Álvarez', ['fed', 'otp']])
  assert.equal((await linksOf(rig, ANA))[0]!.subject, 'ana')

  const other = rig.browser()
  assert.equal((await rig.signIn(other, 'ana')).location, '/account')
  assert.equal(told(await sessionOf(other)).user.id, session.user.id)
})

test('an equal address of an account joins nobody: its owner has to prove it, and is told', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const owner = rig.browser()
  await owner.signIn(rig, ANA, { by: 'mail' })
  const thief = rig.browser()
  const seen = await rig.signIn(thief, 'ana')
  assert.deepEqual([seen.location, isIn(seen)], ['/sign-in/code', false])
  for (let guess = 0; guess < 5; guess++) await thief.submit('/sign-in/code', { code: '000000' })
  assert.deepEqual(await linksOf(rig, ANA), [])
  assert.equal((await thief.request('/v1/session', { method: 'GET' })).status, 401)

  const honest = rig.browser()
  await rig.signIn(honest, 'ana')
  await honest.submit('/sign-in/code', { code: (await rig.mailTo(ANA)).code })
  assert.equal((await linksOf(rig, ANA)).length, 1)
  assert.match((await mailAbout(rig, ANA, 'identity-linked')).text, /If it was not you, remove it/)
})

test('a code that was asked for otherwise joins nothing, though somebody came back in the same browser before', async () => {
  await using rig = await openFederationRig()
  const browser = rig.browser()
  await rig.signIn(browser, 'bea')
  await browser.signIn(rig, 'bea@acme.test', { by: 'mail' })
  assert.deepEqual(await linksOf(rig, 'bea@acme.test'), [])
})

test('a provider cannot assert an address of a domain that is another provider’s', async () => {
  await using rig = await openFederationRig({ trusts_email: true, domains: ['other.test'] })
  await rig.add({ name: 'Globex', issuer: ELSEWHERE, domains: ['acme.test'] })
  const browser = rig.browser()
  const seen = await rig.signIn(browser, 'ana')
  assert.deepEqual([seen.location, isIn(seen)], ['/sign-in/code', false])
  assert.equal(await findUserByEmail(rig.db, ANA), undefined)
  // One of its own is taken.
  assert.equal((await rig.signIn(rig.browser(), 'dana')).location, '/account')
})

test('an address that the provider does not call verified is not taken, however trusted', async () => {
  await using rig = await openFederationRig(TRUSTED)
  assert.equal((await rig.signIn(rig.browser(), 'bea')).location, '/sign-in/code')
})

test('whoever comes without an address is asked for one, and proves it', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const browser = rig.browser()
  assert.equal((await rig.signIn(browser, 'cem')).location, '/sign-in/arrival')
  assert.match((await browser.get('/sign-in/arrival')).text, /Which address is yours/)
  assert.equal((await browser.submit('/sign-in/arrival', { email: 'cem' })).status, 400)
  assert.equal((await browser.submit('/sign-in/arrival', { email: 'cem@acme.test' })).location, '/sign-in/code')
  const done = await browser.submit('/sign-in/code', { code: (await rig.mailTo('cem@acme.test')).code })
  assert.equal(done.location, '/account')
  assert.equal((await linksOf(rig, 'cem@acme.test'))[0]!.subject, 'cem')
  // Elsewhere there is nothing to prove.
  assert.equal((await rig.browser().get('/sign-in/arrival')).status, 410)
})

test('who came back too long ago is not joined by a late code', async () => {
  await using rig = await openFederationRig()
  const browser = rig.browser()
  await rig.signIn(browser, 'ana')
  for (let minutes = 0; minutes < 12; minutes += 4) {
    rig.clock.advance(4 * 60_000)
    assert.equal((await browser.submit('/sign-in/arrival', { email: ANA })).location, '/sign-in/code')
  }
  rig.clock.advance(3 * 60_000)
  const seen = await browser.submit('/sign-in/code', { code: (await rig.mailTo(ANA)).code })
  assert.deepEqual([seen.status, isIn(seen)], [410, false])
  assert.equal(await findUserByEmail(rig.db, ANA), undefined)
})

test('several first sign-ins of one person at once make one account and one link', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const browsers = [1, 2, 3, 4, 5].map(() => rig.browser())
  const ways = []
  for (const browser of browsers) ways.push({ browser, path: await rig.walk(browser, 'ana') })
  const answers = await Promise.all(ways.map(({ browser, path }) => browser.get(path)))
  assert.deepEqual(
    answers.map(({ location }) => location),
    browsers.map(() => '/account'),
  )
  const ids = await Promise.all(browsers.map(async (browser) => told(await sessionOf(browser)).user.id))
  assert.equal(new Set(ids).size, 1)
  assert.equal((await linksOf(rig, ANA)).length, 1)
})

test('where sign-up is closed a stranger gets no account, and an invited one does', async () => {
  await using rig = await openFederationRig(TRUSTED, { signUp: 'closed' })
  const seen = await rig.signIn(rig.browser(), 'ana')
  assert.deepEqual([seen.status, isIn(seen)], [403, false])
  assert.match(seen.text, /new ones are made by invitation only/)
  // By a code it looks as always, and none of them fits.
  const browser = rig.browser()
  assert.equal((await rig.signIn(browser, 'bea')).location, '/sign-in/code')
  assert.equal(rig.sent.filter(({ to }) => to === 'bea@acme.test').length, 0)
  assert.equal(await findUserByEmail(rig.db, 'bea@acme.test'), undefined)
})

test('a blocked account is not entered by its provider, and of one that is being deleted it is asked whether to keep it', async () => {
  await using rig = await openFederationRig(TRUSTED)
  await rig.signIn(rig.browser(), 'ana')
  await rig.db.run(sql`update identity.user set blocked_at = now() where email_key = ${ANA}`)
  const blocked = await rig.signIn(rig.browser(), 'ana')
  assert.deepEqual([blocked.status, isIn(blocked)], [403, false])
  assert.match(blocked.text, /blocked/)
  await rig.db.run(sql`
    update identity.user
       set blocked_at = null, deletes_at = now() + interval '9 days', deletion_requested_by = id
     where email_key = ${ANA}`)
  const browser = rig.browser()
  const deleting = await rig.signIn(browser, 'ana')
  assert.deepEqual([deleting.status, isIn(deleting)], [200, false])
  const [, keep] = /name="keep" value="([^"]+)"/.exec(deleting.text) ?? []
  const kept = await browser.submit('/sign-in/keep', { keep: keep! })
  assert.deepEqual([kept.location, isIn(kept)], ['/account', true])
  assert.deepEqual(told(await sessionOf(browser)).amr, ['fed'])
})

test('factors of a provider count only where it is trusted for them, and never a word of ours', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const { proofOf } = await import('./proof.ts')
  const now = rig.clock.now()
  const said = { amr: ['pwd', 'mfa', 'failover', 'mfa'], acr: null, authenticated_at: now }
  assert.deepEqual(proofOf({ id: 'prv_1', trusts_factors: false, factors_count_from: null }, said, now), {
    amr: ['fed'],
    acr: 'single',
    provenBy: 'prv_1',
  })
  assert.deepEqual(proofOf({ id: 'prv_1', trusts_factors: true, factors_count_from: null }, said, now), {
    amr: ['fed', 'pwd', 'mfa'],
    acr: 'multiple',
    provenBy: 'prv_1',
  })
  const morning = new Date(now.getTime() - 3_600_000)
  const provider = { id: 'prv_1', trusts_factors: false, factors_count_from: null }
  assert.equal(proofOf(provider, { ...said, authenticated_at: morning }, now).authenticatedAt, morning)
  const tomorrow = new Date(now.getTime() + 24 * 3_600_000)
  assert.equal(proofOf(provider, { ...said, authenticated_at: tomorrow }, now).authenticatedAt, undefined)
  await rig.signIn(rig.browser(), 'ana')
  const { proven_by } = await rig.db.one<{ proven_by: string }>(sql`select proven_by from sessions.session limit 1`)
  assert.equal(proven_by, rig.provider.id)
})

test('a session is as fresh as its provider says: not since the callback, and not at all where it does not say', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const browser = rig.browser()
  const path = await rig.walk(browser, 'ana')
  // They typed their password there, and then had a long coffee.
  rig.clock.advance(8 * 60_000)
  assert.equal(isIn(await browser.get(path)), true)
  const [linked] = await linksOf(rig, ANA)
  rig.clock.advance(3 * 60_000)
  const removed = () => browser.request(`/v1/account/linked-identities/${linked!.id}`, { method: 'DELETE' })
  assert.equal((await removed()).body.code, 'sessions.stale')

  const { proofOf } = await import('./proof.ts')
  const provider = { id: 'prv_1', trusts_factors: false, factors_count_from: null }
  const now = rig.clock.now()
  const { authenticatedAt } = proofOf(provider, { amr: [], acr: null, authenticated_at: null }, now)
  assert.ok(now.getTime() - authenticatedAt!.getTime() > 24 * 3_600_000)
})

test('on an app’s origin a sign-in begins and ends there, though providers know one address of ours', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const app = rig.browser({ application: 'app_notes', origin: APP_ORIGIN, prefix: '/auth' })
  const path = await rig.walk(app, 'ana')
  // The provider sends the browser to our origin, where it has no cookie.
  const onward = await rig.browser().get(path)
  const target = new URL(onward.location!)
  assert.deepEqual(
    [onward.status, target.origin, target.pathname],
    [303, APP_ORIGIN, `/auth/sign-in/callback/${rig.provider.id}`],
  )
  const done = await app.get(`/sign-in/callback/${rig.provider.id}${target.search}`)
  assert.deepEqual([done.status, done.location], [303, `${APP_ORIGIN}/`], done.text)
  const { body } = await app.request('/v1/session', { method: 'GET', headers: { accept: 'application/json' } })
  assert.equal((body.session as { audience: string }).audience, 'app_notes')
  // What was begun on our own origin does not end on the app's.
  const ours = rig.browser()
  const own = await rig.walk(ours, 'ana')
  assert.equal((await app.get(own)).status, 400)
})

test('the console depends on no provider: it has no button, no domain, and refuses one', async () => {
  await using rig = await openFederationRig({ domains: ['acme.test'] })
  await rig.add({ name: 'Google', issuer: ELSEWHERE })
  const browser = rig.browser()
  assert.doesNotMatch((await browser.get('/sign-in?application=console')).text, /Continue with/)
  const typed = await browser.submit('/sign-in', { email: ANA, application: 'console' })
  assert.equal(typed.location, '/sign-in/code')
  const left = await browser.submit(`/sign-in/provider/${rig.provider.id}`, { application: 'console' })
  assert.equal(left.status, 400)
})

test('where it leads afterwards is judged as always', async () => {
  await using rig = await openFederationRig()
  const path = `/sign-in/provider/${rig.provider.id}`
  const evil = await rig.browser().submit(path, { return_to: 'https://evil.test/' })
  assert.equal(evil.status, 400)
  const browser = rig.browser()
  await seed(rig, 'x@acme.test')
  const led = departureIn(await browser.submit(path, { return_to: '/account/export' }))
  assert.equal(
    new URL(led).searchParams.get('redirect_uri'),
    `http://localhost:4000/sign-in/callback/${rig.provider.id}`,
  )
})

test('nothing that was kept on the way is at rest in the open', async () => {
  await using rig = await openFederationRig({ scopes: ['openid', 'email', 'profile', 'offline_access'] })
  const browser = rig.browser()
  const url = new URL(departureIn(await browser.submit(`/sign-in/provider/${rig.provider.id}`)))
  await browser.get((await rig.outside.walk(url.href, 'bea')).href.slice('http://localhost:4000'.length))
  const code = codeIn(await mailAbout(rig, 'bea@acme.test', 'sign-in'))
  const rows = await rig.db.many<{ content: string }>(sql`
    select table_to_xml(format('%I.%I', schemaname, tablename)::regclass, true, false, '')::text as content
      from pg_tables
     where schemaname in ('identity', 'sessions', 'signals', 'audit', 'platform')
     limit 200`)
  const all = rows.map(({ content }) => content).join('\n')
  for (const name of ['state', 'nonce']) assert.ok(!all.includes(url.searchParams.get(name)!), name)
  assert.ok(!all.includes('Bea'), 'who arrived is sealed')
  assert.doesNotMatch(all, new RegExp(`(?<![\\w.:-])${code}(?![\\w.:-])`))
})
