import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tooManyRequests } from '../../../../doubles/oidc/index.ts'
import { until } from '../../../../sdk/testing/until.ts'
import { type DatabaseServer, sql } from '../../../platform/database/index.ts'
import { organizationOf, put, staffIn } from '../organizations/testing.ts'
import { listening, type Seen, seed } from '../testing.ts'
import { ANA, departureIn, ELSEWHERE, type FederationRig, hold, openFederationRig } from './testing.ts'

const titleOf = (seen: Seen) => /<h1>(.*?)<\/h1>/.exec(seen.text)?.[1]
const textOf = (seen: Seen) => seen.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
const refreshOf = (seen: Seen) => /http-equiv="refresh" content="(\d+);url=([^"]+)"/.exec(seen.text)
const pathOf = (rig: FederationRig) => `/sign-in/provider/${rig.provider.id}`

test('an address of a provider’s domain is shown the provider, and a code is one press away', async () => {
  await using rig = await openFederationRig({ domains: ['acme.test'] })
  const browser = rig.browser()
  const seen = await browser.submit('/sign-in', { email: 'Ana@Acme.Test', return_to: '/account/export' })
  assert.deepEqual([seen.status, titleOf(seen)], [200, 'Sign in with Acme SSO'])
  assert.match(textOf(seen), /Addresses of acme\.test sign in with Acme SSO\. Continue with Acme SSO Other ways/)
  assert.match(textOf(seen), /Send a code to Ana@acme\.test/)
  assert.equal(rig.sent.length, 0)
  // Nobody types it twice: the provider is told.
  const away = new URL(departureIn(await browser.submit(pathOf(rig), { email: ANA })))
  assert.equal(away.searchParams.get('login_hint'), ANA)
  const mailed = await browser.submit('/sign-in', { email: ANA, by: 'mail', return_to: '/account/export' })
  assert.equal(mailed.location, '/sign-in/code')
  const done = await browser.submit('/sign-in/code', { code: (await rig.mailTo(ANA)).code })
  assert.equal(done.location, '/account/export')
  // Another domain is nobody's.
  assert.equal((await rig.browser().submit('/sign-in', { email: 'ana@other.test' })).location, '/sign-in/code')
})

test('a provider without a domain is a button beside the address; one with a domain is not', async () => {
  await using rig = await openFederationRig({ name: 'Google' })
  await rig.add({ name: 'Okta of Acme', issuer: ELSEWHERE, domains: ['acme.test'] })
  const seen = await rig.browser().get('/sign-in?return_to=/account/export')
  assert.match(seen.text, /Continue with Google/)
  assert.doesNotMatch(seen.text, /Okta/)
  await hold(rig, 'down', { since: new Date(rig.clock.now().getTime() - 60_000), isOpen: true })
  const down = await rig.browser().get('/sign-in')
  assert.match(textOf(down), /Sign-in with Google has been down since [\d:]+ UTC ?\. Send a code instead\./)
  assert.doesNotMatch(down.text, /Continue with Google/)
})

test('while it is down the page says since when, sends nobody there, and offers the other ways', async () => {
  await using rig = await openFederationRig({ domains: ['acme.test'] })
  const since = new Date(rig.clock.now().getTime() - 20 * 60_000)
  await hold(rig, 'down', { since, isOpen: true })
  const before = (await rig.outside.oidc.order({ do: 'tell' })).requests
  for (const seen of [
    await rig.browser().submit('/sign-in', { email: ANA }),
    await rig.browser().submit(pathOf(rig), { email: ANA }),
  ]) {
    assert.deepEqual([seen.status, titleOf(seen)], [200, 'Acme SSO is down'])
    assert.match(textOf(seen), /Sign-in with Acme SSO has been down since/)
    assert.ok(seen.text.includes(`datetime="${since.toISOString()}"`))
    assert.match(textOf(seen), /Send a code to ana@acme\.test/)
    assert.equal(refreshOf(seen), null)
  }
  assert.deepEqual((await rig.outside.oidc.order({ do: 'tell' })).requests, before, 'nothing was asked of it')
  // Whoever knows better may go.
  const browser = rig.browser()
  assert.ok(departureIn(await browser.submit(pathOf(rig), { email: ANA, anyway: '1' })))
})

test('a 429 that somebody earned for us is said, and keeps nobody out who has no other way', async () => {
  await using rig = await openFederationRig({ domains: ['acme.test'], trusts_email: true })
  await rig.outside.behave({ answers: { token: tooManyRequests(60) } })
  const browser = rig.browser()
  const seen = await browser.submit(pathOf(rig), { email: ANA })
  assert.deepEqual([seen.status, titleOf(seen)], [200, 'Sign in with Acme SSO'])
  assert.match(
    textOf(seen),
    /asked more often just now than it lets us.*Continue with Acme SSO Other ways.*Send a code/,
  )
  const [, onward] = /<form[^>]*action="\/sign-in\/provider\/[^>]*>([\s\S]*?)<\/form>/.exec(seen.text) ?? []
  assert.match(onward!, /name="anyway" value="1"/)
  // They are a minute at the provider, which has calmed down meanwhile.
  const away = departureIn(await browser.submit(pathOf(rig), { email: ANA, anyway: '1' }))
  await rig.outside.behave({ answers: {} })
  const back = await rig.outside.walk(away, 'ana')
  assert.equal((await browser.get(back.pathname + back.search)).status, 303)
})

test('when it comes back, or nobody can tell, the page says that, and goes there', async () => {
  await using rig = await openFederationRig({ domains: ['acme.test'] })
  const since = new Date(rig.clock.now().getTime() - 20 * 60_000)
  await hold(rig, 'recovering', { since, isOpen: true })
  const browser = rig.browser()
  const recovering = await browser.submit('/sign-in', { email: ANA })
  assert.equal(titleOf(recovering), 'Sign in with Acme SSO')
  assert.match(textOf(recovering), /was down since .* It answers again.*Continue with Acme SSO/)
  assert.ok(departureIn(await browser.submit(pathOf(rig), { email: ANA })))

  await hold(rig, 'unknown', { since, isOpen: false })
  const unknown = await browser.submit('/sign-in', { email: ANA })
  assert.equal(titleOf(unknown), 'Whether Acme SSO can be reached is not known')
  assert.match(textOf(unknown), /not been known whether Acme SSO is down or our own network/)
  assert.match(textOf(unknown), /Send a code to ana@acme\.test.*Try Acme SSO anyway/)
  // While it answers nobody is kept from it, whatever is not known; when it does not, nobody is sent there.
  assert.ok(departureIn(await browser.submit(pathOf(rig), { email: ANA })))
  await rig.outside.behave({ answers: { authorization: { status: 503, body: '' } } })
  rig.clock.advance(6000)
  const away = await browser.submit(pathOf(rig), { email: ANA })
  // What the look has found may be known by then.
  assert.match(titleOf(away) ?? '', /^(Whether Acme SSO can be reached is not known|Acme SSO does not answer)$/)
})

test('a provider that does not answer at the click sends nobody into a void, and the page looks again by itself', async () => {
  await using rig = await openFederationRig({ domains: ['acme.test'] })
  await rig.outside.behave({ answers: { authorization: { status: 503, body: '' } } })
  const browser = rig.browser()
  const seen = await browser.submit(pathOf(rig), { email: ANA, return_to: '/account/export' })
  assert.deepEqual([seen.status, titleOf(seen)], [200, 'Acme SSO does not answer'])
  assert.match(textOf(seen), /Send a code to ana@acme\.test/)
  const [, seconds, url] = refreshOf(seen)!
  assert.equal(seconds, '5')
  const again = url!.replaceAll('&amp;', '&')
  assert.doesNotMatch(decodeURIComponent(again), /ana@/, 'the address stands in no address of ours')

  await rig.outside.behave({ answers: {} })
  // The look that failed may still be under way; what it saw is old after five seconds.
  let back = seen
  await until('the provider is seen to answer', async () => {
    rig.clock.advance(1000)
    back = await browser.get(again)
    return titleOf(back) === 'Sign in with Acme SSO'
  })
  assert.match(textOf(back), /Continue with Acme SSO.*Send a code to ana@acme\.test/)
  assert.match(back.text, /name="return_to" value="http:\/\/localhost:4000\/account\/export"/)
})

test('the page looks again twelve times, and then waits to be asked', async () => {
  await using rig = await openFederationRig()
  await rig.outside.behave({ answers: { authorization: { status: 503, body: '' } } })
  const browser = rig.browser()
  let seen = await browser.submit(pathOf(rig))
  let looks = 0
  for (let found = refreshOf(seen); found && looks < 50; found = refreshOf(seen)) {
    looks++
    rig.clock.advance(5000)
    seen = await browser.get(found[2]!.replaceAll('&amp;', '&'))
  }
  assert.deepEqual([looks, titleOf(seen)], [12, 'Acme SSO does not answer'])
})

test('a hint that is not ours is left out, and nothing else happens', async () => {
  await using rig = await openFederationRig()
  for (const hint of ['v1.nonsense', '', 'x'.repeat(900)]) {
    const seen = await rig.browser().get(`${pathOf(rig)}?hint=${hint}`)
    assert.equal(seen.status, 200)
    assert.match(textOf(seen), /You sign in at Acme SSO and come back here/)
  }
})

test('every page of it speaks German where German is asked for', async () => {
  await using rig = await openFederationRig({ domains: ['acme.test'] })
  const browser = rig.browser()
  browser.headers['accept-language'] = 'de'
  assert.equal(titleOf(await browser.submit('/sign-in', { email: ANA })), 'Anmelden mit Acme SSO')
  await hold(rig, 'down', { since: rig.clock.now(), isOpen: true })
  assert.match(textOf(await browser.submit('/sign-in', { email: ANA })), /ist seit [\d:]+ UTC ausgefallen/)
  assert.equal((await browser.get(`/sign-in/callback/${rig.provider.id}?state=x`)).status, 410)
  assert.match(
    (await browser.get(`/sign-in/callback/${rig.provider.id}?state=x`)).text,
    /vor mehr als zehn Minuten begonnen/,
  )
})

const KINDS = ['known', 'other', 'block', 'bound'] as const

/** One of each who may have an address: known, nobody, blocked, and one whose organisation takes no code. */
async function populate(rig: FederationRig): Promise<void> {
  const staff = await staffIn(rig)
  const organizationId = await organizationOf(staff, 'Acme')
  await seed(rig, 'known@acme.test')
  const blocked = await seed(rig, 'block@acme.test')
  await rig.db.run(sql`update identity.user set blocked_at = now() where id = ${blocked}`)
  await put(rig, organizationId, await seed(rig, 'bound@acme.test'), ['member'])
  const policy = { provider_id: rig.provider.id, ordinary: ['provider'], demands: 'provider', passkeys: 'offered' }
  await rig.db.run(sql`
    insert into identity.sign_in_policy (organization_id, policy, epoch, changed_at, changed_by)
    values (${organizationId}, ${JSON.stringify({ ...policy, fail_over: null })}, 1, now(), 'test')`)
}

test('known, unknown, blocked and bound addresses of a domain get the very same answers, after the same statements', async () => {
  const asked: string[] = []
  const wrap = (server: DatabaseServer) => listening(server, (text) => asked.push(text))
  await using rig = await openFederationRig({ domains: ['acme.test'] }, { wrap })
  await populate(rig)
  for (const [state, isOpen] of [
    ['healthy', false],
    ['down', true],
  ] as const) {
    await hold(rig, state, { since: new Date('2026-11-21T10:42:00Z'), isOpen })
    const told = []
    for (const kind of KINDS) {
      const email = `${kind}@acme.test`
      const browser = rig.browser()
      asked.length = 0
      const steps = [
        await browser.submit('/sign-in', { email }),
        await browser.submit('/sign-in', { email, by: 'mail' }),
        await browser.get('/sign-in/code'),
        await browser.submit('/sign-in/code', { code: '000000' }),
      ]
      told.push({ steps: steps.map((seen) => plain(seen, email)), asked: [...asked] })
    }
    assert.ok(told[0]!.asked.length > 3, 'the statements were heard')
    for (const other of told.slice(1)) assert.deepEqual(other, told[0])
  }
})

/** Without what differs by nature. */
function plain({ status, text, location, headers }: Seen, email: string) {
  const hidden = (said: string) => said.replaceAll(email, '…').replaceAll(/hint=[\w.%-]+/g, 'hint')
  const cookies = headers.getSetCookie().map((line) => line.replace(/=[^;]*/, '='))
  return { status, location, text: hidden(text).replaceAll(/\d\d:\d\d(:\d\d)?(\.\d+Z)?/g, 'time'), cookies }
}
