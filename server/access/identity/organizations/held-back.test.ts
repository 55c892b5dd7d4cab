import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type FailOverRig, LAX, openFailOver, STRICT, throughProvider, workerIn } from '../fail-over/testing.ts'
import { type SignInPolicy, USUAL } from '../fail-over/policy.ts'
import type { Seen, TestBrowser } from '../testing.ts'
import { type Ask, asking, heldToPolicy, organizationOf, put } from './testing.ts'

const ANA = 'ana@acme.test'
const BEN = 'ben@acme.test'
const DORA = 'dora@acme.test'
const STRICT_NAME = 'Acme Labs'
const DEMANDED = 'identity.provider_demanded'

/** Ana owns a strict organisation and is in a lax one as well; Ben and an invitation are what there is to take. */
interface Cast {
  world: FailOverRig
  strict: string
  lax: string
  own: string
  ben: string
  invitation: string
}

async function cast(policy: SignInPolicy = STRICT): Promise<Cast> {
  const world = await openFailOver(policy)
  const { rig, staff, organizationId: strict } = world
  const ana = await workerIn(world, ANA, { organizationId: null })
  const own = await put(rig, strict, ana, ['owner'])
  const ben = await put(rig, strict, await workerIn(world, BEN, { organizationId: null }), ['member'])
  const lax = await organizationOf(staff, 'Free Labs')
  await put(rig, lax, ana, ['member'])
  const invited = await staff.ask('POST', '/v1/invitations', { organization_id: strict, email: DORA })
  assert.equal(invited.status, 201, invited.text)
  world.up()
  return { world, strict, lax, own, ben, invitation: invited.body.id as string }
}

interface As {
  ask: Ask
  browser: TestBrowser
}

interface Case {
  reach(as: As, about: Cast): Promise<Seen>
  /** What whoever comes in a session that the organisation does not take is told; left out: the way to sign in, with 403. */
  told?(seen: Seen, about: Cast): void
  /** Why whoever comes by its own way is refused as well; left out: they get through. */
  never?: string
}

const page = (path: (about: Cast) => string): Case => ({
  reach: ({ browser }, about) => browser.get(path(about)),
})
const form = (path: (about: Cast) => string, fields: Record<string, string> = {}): Case => ({
  reach: ({ browser }, about) => browser.submit(path(about), fields),
})
/** In what lists one's own, there is nothing of it but that something is left out. */
const leftOut = (seen: Seen, { strict }: Cast) => {
  assert.equal(seen.status, 200, seen.text)
  assert.doesNotMatch(seen.text, new RegExp(`${strict}|${STRICT_NAME}`))
}
const countedOut = (seen: Seen, about: Cast) => {
  leftOut(seen, about)
  assert.equal((seen.body as { held_back?: number }).held_back, 1)
}
const at = '/account/organizations'

/** Every address at which a person sees or changes what is an organisation's. A new one has to be put here, with what it answers. */
const cases: Record<string, Case> = {
  'GET /v1/organizations': { reach: ({ ask }) => ask('GET', '/v1/organizations'), told: countedOut },
  'GET /v1/organizations/{id}': { reach: ({ ask }, { strict }) => ask('GET', `/v1/organizations/${strict}`) },
  'GET /v1/memberships': {
    reach: ({ ask }, { strict }) => ask('GET', `/v1/memberships?organization_id=${strict}`),
  },
  'GET /v1/memberships, one’s own': { reach: ({ ask }) => ask('GET', '/v1/memberships'), told: countedOut },
  'GET /v1/memberships/{id}': { reach: ({ ask }, { ben }) => ask('GET', `/v1/memberships/${ben}`) },
  'GET /v1/memberships/{id}, one’s own': { reach: ({ ask }, { own }) => ask('GET', `/v1/memberships/${own}`) },
  'POST /v1/memberships': {
    reach: ({ ask }, { strict }) =>
      ask('POST', '/v1/memberships', { organization_id: strict, user_id: 'usr_x', roles: ['owner'] }),
    told: (seen) => assert.equal(seen.body.code, 'tenants.invite_instead'),
    never: 'tenants.invite_instead',
  },
  'PATCH /v1/memberships/{id}': {
    reach: ({ ask }, { ben }) => ask('PATCH', `/v1/memberships/${ben}`, { roles: ['admin'] }),
  },
  'GET /v1/invitations': {
    reach: ({ ask }, { strict }) => ask('GET', `/v1/invitations?organization_id=${strict}`),
  },
  'GET /v1/invitations/{id}': { reach: ({ ask }, { invitation }) => ask('GET', `/v1/invitations/${invitation}`) },
  'POST /v1/invitations/{id}/deliveries': {
    reach: ({ ask }, { invitation }) => ask('POST', `/v1/invitations/${invitation}/deliveries`),
  },
  'POST /v1/invitations': {
    reach: ({ ask }, { strict }) =>
      ask('POST', '/v1/invitations', { organization_id: strict, email: 'mallory@evil.test', roles: ['owner'] }),
  },
  'PUT /v1/session/organization': {
    reach: ({ ask }, { strict }) => ask('PUT', '/v1/session/organization', { organization_id: strict }),
  },
  'GET /account/organizations': { ...page(() => at), told: leftOut },
  'GET /account/organizations/{id}': page(({ strict }) => `${at}/${strict}`),
  'POST /account/organizations/current': {
    reach: ({ browser }, { strict }) => browser.submit(`${at}/current`, { organization_id: strict }),
  },
  'POST /account/organizations/{id}/members/{which}/roles': form(
    ({ strict, ben }) => `${at}/${strict}/members/${ben}/roles`,
    { role: 'owner' },
  ),
  'POST /account/organizations/{id}/invitations': form(({ strict }) => `${at}/${strict}/invitations`, {
    email: 'eve@evil.test',
    role: 'owner',
  }),
  'POST /account/organizations/{id}/invitations/{which}/deliveries': form(
    ({ strict, invitation }) => `${at}/${strict}/invitations/${invitation}/deliveries`,
  ),
  'POST /account/organizations/{id}/invitations/{which}/revocation': form(
    ({ strict, invitation }) => `${at}/${strict}/invitations/${invitation}/revocation`,
  ),
  'DELETE /v1/invitations/{id}': {
    reach: ({ ask }, { invitation }) => ask('DELETE', `/v1/invitations/${invitation}`),
  },
  'POST /account/organizations/{id}/members/{which}/removal': form(
    ({ strict, ben }) => `${at}/${strict}/members/${ben}/removal`,
  ),
  'DELETE /v1/memberships/{id}': { reach: ({ ask }, { own }) => ask('DELETE', `/v1/memberships/${own}`) },
  'POST /account/organizations/{id}/leave': form(({ strict }) => `${at}/${strict}/leave`),
}
let about: Cast
before(async () => {
  about = await cast()
})
after(() => about.world[Symbol.asyncDispose]())

test('there is a case for each address of an organisation that a person may call', () => {
  const held = new Set(Object.keys(cases).map((name) => name.split(',')[0]!))
  assert.deepEqual([...held].sort(), [...heldToPolicy].sort())
})

/** Signed in by a code, over the API. */
async function byCode({ rig }: FailOverRig, email: string): Promise<As> {
  const browser = rig.browser()
  const started = await browser.post('/v1/sign-in/email', { email })
  const { code } = await rig.mailTo(email)
  const seen = await browser.post('/v1/sign-in/email/verify', { challenge_id: started.body.challenge_id, code })
  assert.equal(seen.status, 200, seen.text)
  return { browser, ask: asking(browser) }
}

/** What a strict organisation is, as staff see it. */
async function stateOf({ world: { staff }, strict }: Cast) {
  const asked = ['memberships', 'invitations'].map((what) =>
    staff.ask('GET', `/v1/${what}?organization_id=${strict}&limit=200`),
  )
  return (await Promise.all(asked)).map(({ body }) => body.data)
}

test('a strict organisation is neither seen nor changed through a session of a laxer one of the same person', async () => {
  const as = await byCode(about.world, ANA)
  assert.equal((await as.ask('GET', '/v1/session')).body.session!['organization_id' as never], about.lax)
  const before = await stateOf(about)
  const mails = about.world.rig.sent.length
  for (const [name, { reach, told }] of Object.entries(cases)) {
    const seen = await reach(as, about)
    if (told) {
      told(seen, about)
      continue
    }
    assert.equal(seen.status, 403, `${name}: ${seen.status} ${seen.text.slice(0, 300)}`)
    // A page says in words what the API says by its code; both say what to do.
    if (name.includes(' /v1/')) assert.equal(seen.body.code, DEMANDED, name)
    assert.match(seen.text, /signs in through Acme ID/, name)
    assert.doesNotMatch(seen.text, new RegExp(`${STRICT_NAME}|${BEN}|${DORA}`), name)
  }
  assert.deepEqual(await stateOf(about), before)
  assert.equal(about.world.rig.sent.length, mails, 'a mail was sent')
})

test('by its own way all of them lead somewhere', async () => {
  await using fresh = { about: await cast(), [Symbol.asyncDispose]: () => fresh.about.world[Symbol.asyncDispose]() }
  const { world, strict } = fresh.about
  const browser = world.rig.browser()
  await throughProvider(world, browser, ANA)
  const as = { browser, ask: asking(browser) }
  const second = await world.staff.ask('POST', '/v1/invitations', { organization_id: strict, email: 'finn@acme.test' })
  const owner = await put(world.rig, strict, await workerIn(world, 'olga@acme.test', { organizationId: null }), [
    'owner',
  ])
  assert.ok(owner)
  for (const [name, { reach, never }] of Object.entries(cases)) {
    // Each takes what it needs: the one before may have removed it.
    if (name === 'DELETE /v1/invitations/{id}') fresh.about.invitation = second.body.id as string
    if (name.endsWith('/leave')) await put(world.rig, strict, (await idOf(as))!, ['owner'])
    const seen = await reach(as, fresh.about)
    if (never) assert.equal(seen.body.code, never, name)
    else assert.ok(seen.status < 400, `${name}: ${seen.status} ${seen.text.slice(0, 300)}`)
  }
})

const idOf = async ({ ask }: As) =>
  ((await ask('GET', '/v1/session')).body.session as { user: { id: string } } | undefined)?.user.id

test('a policy that was tightened holds for sessions that act for the organisation already, as far as its members go', async () => {
  await using fresh = {
    about: await cast(USUAL),
    [Symbol.asyncDispose]: () => fresh.about.world[Symbol.asyncDispose](),
  }
  const { world, strict } = fresh.about
  const { ask } = await byCode(world, ANA)
  assert.equal((await ask('GET', `/v1/organizations/${strict}`)).status, 200)
  const policy = { ...STRICT, demands: 'second-factor', ordinary: ['passkey'], provider_id: null, fail_over: null }
  const saved = await world.staff.ask('PUT', `/v1/organizations/${strict}/sign-in-policy`, {
    ...{ policy, reason: null, epoch: 0 },
  })
  assert.equal(saved.status, 200, saved.text)
  const seen = await ask('GET', `/v1/memberships?organization_id=${strict}`)
  assert.deepEqual([seen.status, seen.body.code], [403, 'identity.way_not_taken'])
})

test('whoever is let in because the provider is down sees who is in the organisation, and still changes nothing', async () => {
  await using fresh = { about: await cast(LAX), [Symbol.asyncDispose]: () => fresh.about.world[Symbol.asyncDispose]() }
  const { world, strict, ben } = fresh.about
  world.down()
  const { browser, ask } = await byCode(world, BEN)
  assert.equal((await ask('GET', `/v1/memberships?organization_id=${strict}`)).status, 200)
  world.up()
  // Until its deadline: that is announced, and this session is no less than it was.
  assert.equal((await ask('GET', `/v1/memberships/${ben}`)).status, 200)
  assert.equal((await ask('DELETE', `/v1/memberships/${ben}`)).body.code, 'sessions.failover_session')
  assert.equal((await browser.get('/account/organizations')).status, 200)
})
