import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../../../sdk/contract.ts'
import { sql } from '../../../platform/database/index.ts'
import { asking, organizationOf, put, sessionOf } from '../organizations/testing.ts'
import { begun, finish, SIGN_IN } from '../passkeys/testing/rig.ts'
import { HERE, listening, type Seen, type TestBrowser } from '../testing.ts'
import { DUE_MS, followVerdicts } from './follow-verdicts.ts'
import { USUAL } from './policy.ts'
import { assertMayJoin, BY_CODE } from './may-join.ts'
import { tellManagers } from './tell.ts'
import {
  ACME,
  DAY_MS,
  enrolIn,
  type FailOverRig,
  LAX,
  OTHER,
  openFailOver,
  STRICT,
  throughProvider,
  workerIn,
} from './testing.ts'

const ANA = 'ana@acme.test'
const OWNER = 'owner@acme.test'
const HOUR_MS = 60 * 60_000

/** By a code over the API; what came after the code. A fresh browser. */
async function byCode({ rig }: FailOverRig, email: string, browser = rig.browser()) {
  const started = await browser.post('/v1/sign-in/email', { email })
  assert.equal(started.status, 202, started.text)
  const { code } = await rig.mailTo(email)
  const seen = await browser.post('/v1/sign-in/email/verify', { challenge_id: started.body.challenge_id, code })
  return { browser, seen, session: seen.body.session as Session }
}

/** Asks for a code; the answer is the same for everybody. */
async function ask(browser: TestBrowser, email: string): Promise<void> {
  const { status, text } = await browser.post('/v1/sign-in/email', { email })
  assert.equal(status, 202, text)
}

/** What was mailed to somebody last, once it was written. */
async function lastMail({ rig }: FailOverRig, email: string, purpose: RegExp) {
  for (let turn = 0; turn < 50; turn++) {
    const found = rig.sent.findLast((mail) => mail.to === email && purpose.test(mail.purpose))
    if (found) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`nothing was mailed to ${email}`)
}

async function byPasskey(
  { rig }: FailOverRig,
  authenticator: Awaited<ReturnType<typeof enrolIn>>,
  browser = rig.browser(),
) {
  const seen = await finish(browser, authenticator.show(await begun(browser, SIGN_IN)))
  return { browser, seen, session: seen.body.session as Session }
}

const verdictOf = async (browser: TestBrowser) => {
  const { status, body } = await browser.get('/v1/session')
  return status === 200 ? 'valid' : `${status} ${body.reason as string}`
}

test('while the provider is down, somebody it vouched for lately comes in by a code: marked, listed, audited and told', async () => {
  await using world = await openFailOver()
  const { rig, staff, organizationId } = world
  const userId = await workerIn(world, ANA)
  await workerIn(world, OWNER, { roles: ['owner'] })
  world.down()
  const { session, seen } = await byCode(world, ANA)
  assert.equal(seen.status, 200, seen.text)
  assert.deepEqual(
    [session.amr, session.organization_id, session.user.id],
    [['otp', 'failover'], organizationId, userId],
  )
  assert.equal(Date.parse(session.expires_at!) - rig.clock.now().getTime(), 480 * 60_000)

  const list = (await staff.ask('GET', '/v1/fail-over/sign-ins')).body as {
    data: Record<string, unknown>[]
    next_cursor: null
  }
  assert.equal(list.data.length, 1)
  const [row] = list.data
  assert.deepEqual(row!.organization, { id: organizationId, name: 'Acme Labs' })
  assert.deepEqual(row!.user, { id: userId, email: ANA, name: null })
  assert.deepEqual([row!.method, row!.session_id, row!.due_at, row!.proved_at], ['code', session.id, null, null])
  const [audited] = await rig.db.many<{ facts: { provider: string } }>(sql`
    select facts from audit.entry where action = 'fail-over.signed-in' limit 2`)
  assert.equal(audited!.facts.provider, ACME.id)

  const told = await lastMail(world, ANA, /^fail-over-sign-in$/)
  assert.match(told.text, /because Acme ID was down/)
  await tellManagers(world.parts)
  assert.match((await lastMail(world, OWNER, /^fail-over-list$/)).text, /ana@acme\.test: by a code/)
  assert.equal(
    rig.sent.some(({ to, purpose }) => to === ANA && purpose === 'fail-over-list'),
    false,
  )
})

test('the list of who came in leads those who manage the organisation to where they can remove a member, and says who can block', async () => {
  await using world = await openFailOver()
  const { rig, organizationId } = world
  await workerIn(world, ANA)
  await workerIn(world, OWNER, { roles: ['owner'] })
  world.down()
  await byCode(world, ANA)
  await tellManagers(world.parts)
  const { text } = await lastMail(world, OWNER, /^fail-over-list$/)
  assert.match(
    text,
    /Whoever should not be among them can be removed from Acme Labs, under “Members”\. .* ask Holdfast to block it\./,
  )
  const path = `/account/organizations/${organizationId}`
  assert.ok(text.includes(`See the members:\n${HERE}${path}\n`), text)
  // Whoever is not signed in lands there afterwards.
  const asked = await rig.browser().get(path)
  assert.equal(asked.location, `/sign-in?return_to=${encodeURIComponent(path)}`)
  world.up()
  const owner = rig.browser()
  await throughProvider(world, owner, OWNER)
  const shown = await owner.get(path)
  assert.equal(shown.status, 200, shown.text)
  assert.match(shown.text, /<button type="submit" class="small danger">Remove ana@acme\.test</)
})

test('on an ordinary day no code is mailed to whoever signs in through a provider; the page says what it says to everybody', async () => {
  await using world = await openFailOver()
  const { rig } = world
  await workerIn(world, ANA)
  world.up()
  const pages: Seen[] = []
  for (const email of [ANA, 'nobody@acme.test']) {
    const browser = rig.browser()
    await ask(browser, email)
    pages.push(await browser.get('/sign-in/code'))
  }
  const [known, unknown] = pages.map(({ text }) =>
    text
      .replaceAll(ANA, '…')
      .replaceAll('nobody@acme.test', '…')
      .replaceAll(/chl_\w+/g, ''),
  )
  assert.equal(known, unknown)
  const mail = await lastMail(world, ANA, /^sign-in$/)
  assert.equal(mail.subject, 'Sign in to Holdfast with Acme ID')
  assert.doesNotMatch(mail.text, /\d{3} \d{3}/)

  world.suspect()
  await ask(rig.browser(), ANA)
  await lastMail(world, ANA, /^sign-in$/)
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  assert.match(rig.sent.findLast(({ to }) => to === ANA)!.subject, /^Not yet: Acme ID is being checked/)
})

test('known, unknown, closed and bound addresses cost the same statements once an organisation has a policy', async () => {
  const asked: string[] = []
  await using world = await openFailOver(LAX, { wrap: (server) => listening(server, (text) => asked.push(text)) })
  const { rig } = world
  await workerIn(world, ANA)
  await workerIn(world, 'gone@acme.test', { seenDaysAgo: 80 })
  await workerIn(world, 'free@acme.test', { organizationId: null, seenDaysAgo: null })
  const statementsOf = async (email: string) => {
    const browser = rig.browser()
    asked.length = 0
    await ask(browser, email)
    return [...asked]
  }
  for (const state of ['up', 'down'] as const) {
    world[state]()
    const first = await statementsOf('nobody@acme.test')
    for (const email of [ANA, 'gone@acme.test', 'free@acme.test'])
      assert.deepEqual(await statementsOf(email), first, email)
  }
})

test('in fail-over a code goes to nobody whom the policy keeps out, and that is counted', async () => {
  await using world = await openFailOver()
  const { rig, organizationId } = world
  await workerIn(world, 'stranger@acme.test', { seenDaysAgo: null })
  await workerIn(world, 'long-gone@acme.test', { seenDaysAgo: 40 })
  await workerIn(world, 'new@acme.test', { addressDays: 3 })
  world.down()
  for (const email of ['stranger@acme.test', 'long-gone@acme.test', 'new@acme.test']) {
    await ask(rig.browser(), email)
    assert.equal((await lastMail(world, email, /^sign-in$/)).subject, 'Acme ID is down: no code for Holdfast')
  }
  // A code that was mailed while it was allowed is worth nothing once it is not.
  await workerIn(world, ANA)
  const browser = rig.browser()
  const started = await browser.post('/v1/sign-in/email', { email: ANA })
  const { code } = await rig.mailTo(ANA)
  await rig.db.run(sql`
    update identity.linked_identity
       set closed_at = now(), closed_reason = 'invalid_grant', closed_by = 'holdfast'
     where user_id in (select id from identity.user where email = ${ANA})`)
  const seen = await browser.post('/v1/sign-in/email/verify', { challenge_id: started.body.challenge_id, code })
  assert.deepEqual([seen.status, seen.body.code], [403, 'identity.not_in_fail_over'])
  assert.deepEqual(
    await rig.db.many(sql`select organization_id, reason, count from identity.fail_over_refusal limit 5`),
    [{ organization_id: organizationId, reason: 'closed', count: 1 }],
  )
})

test('an SSO-only organisation takes a passkey of a provider session in fail-over alone, and no other ever', async () => {
  await using world = await openFailOver(STRICT)
  const { rig } = world
  await workerIn(world, ANA)
  await workerIn(world, 'ben@acme.test')
  const desk = rig.browser()
  await throughProvider(world, desk, ANA)
  const theirs = await enrolIn(desk)
  const other = rig.browser()
  await throughProvider(world, other, 'ben@acme.test')
  const own = await enrolIn(other)
  await rig.db.run(sql`
    update identity.passkey set enrolled_by_provider = null
     where user_id in (select id from identity.user where email = 'ben@acme.test')`)

  const dormant = await byPasskey(world, theirs)
  assert.deepEqual([dormant.seen.status, dormant.seen.body.code], [403, 'identity.provider_demanded'])
  rig.clock.advance(60_000)
  world.down()
  const awake = await byPasskey(world, theirs)
  assert.equal(awake.seen.status, 200, awake.seen.text)
  assert.ok(awake.session.amr.includes('failover'))
  const refused = await byPasskey(world, own)
  assert.deepEqual([refused.seen.status, refused.seen.body.code], [403, 'identity.not_in_fail_over'])
  const refusals = await world.staff.ask('GET', `/v1/fail-over/refusals?organization=${world.organizationId}`)
  const hour = new Date(Math.floor(rig.clock.now().getTime() / HOUR_MS) * HOUR_MS).toISOString()
  const whose = { organization_id: world.organizationId, organization_name: 'Acme Labs' }
  assert.deepEqual(refusals.body.data, [{ hour, ...whose, reason: 'weaker_than_demanded', count: 1 }])
  const [counted] = await rig.db.many<{ reason: string }>(sql`select reason from identity.fail_over_refusal limit 2`)
  assert.equal(counted!.reason, 'weaker_than_demanded')
  world.up()
  assert.equal((await byPasskey(world, theirs)).seen.status, 403)
})

test('a session of fail-over enrols nothing, links nothing and changes no address, account, role or policy', async () => {
  await using world = await openFailOver()
  const { rig, organizationId } = world
  await workerIn(world, ANA, { roles: ['owner'] })
  const bens = await workerIn(world, 'ben@acme.test')
  world.down()
  const { browser } = await byCode(world, ANA)
  const send = asking(browser)
  const [membership] = await rig.db.many<{ id: string }>(
    sql`select id from tenants.membership where user_id = ${bens} limit 1`,
  )

  const api: [Parameters<typeof send>[0], string, unknown?][] = [
    ['POST', '/v1/account/passkey-enrolments', {}],
    ['POST', '/v1/account/recovery-codes', {}],
    ['POST', '/v1/account/email-changes', { email: 'new@acme.test' }],
    ['DELETE', '/v1/account/linked-identities/lid_1'],
    ['PATCH', '/v1/account/passkeys/psk_1', { name: 'x' }],
    ['DELETE', '/v1/account/passkeys/psk_1'],
    ['POST', '/v1/invitations', { organization_id: organizationId, email: 'eve@acme.test' }],
    ['PATCH', `/v1/memberships/${membership!.id}`, { roles: ['owner'] }],
    ['DELETE', `/v1/memberships/${membership!.id}`],
  ]
  const pages = [
    '/account/email',
    '/account/delete',
    '/account/linked-identities/with/prv_acme',
    `/account/organizations/${organizationId}/leave`,
    `/account/organizations/${organizationId}/members/${membership!.id}/roles`,
    `/account/organizations/${organizationId}/invitations`,
    '/invitation/inv_1',
  ]
  for (const [method, path, body] of api) {
    const seen = await send(method, path, body)
    assert.deepEqual(
      [seen.status, seen.body.code],
      [403, 'sessions.failover_session'],
      `${method} ${path}: ${seen.text}`,
    )
  }
  for (const path of pages) {
    const seen = await browser.submit(path, { email: 'new@acme.test', roles: 'owner' })
    assert.equal(seen.status, 403, `${path}: ${seen.text.slice(0, 300)}`)
    assert.match(seen.text, /identity provider was down/, path)
  }
  // What is theirs to do all the same.
  assert.equal((await send('GET', '/v1/account/passkeys')).status, 200)
  assert.equal((await browser.submit('/account/profile', { name: 'Ana' })).status, 303)
  assert.equal((await send('PUT', '/v1/session/organization', { organization_id: null })).status, 200)
})

test('when the provider is back every session of fail-over gets a deadline, whatever crashed, and a full round-trip lifts it', async () => {
  await using world = await openFailOver()
  const { rig, parts, staff } = world
  await workerIn(world, ANA)
  await workerIn(world, 'ben@acme.test')
  world.down()
  const ana = await byCode(world, ANA)
  rig.clock.advance(1000)
  const ben = await byCode(world, 'ben@acme.test')
  await followVerdicts(parts)
  assert.equal(ana.session.due_at, undefined)
  assert.match((await ana.browser.get('/account')).text, /another way because Acme ID was down/)
  rig.clock.advance(30 * 60_000)
  world.up()
  // Of several processes, and once more, as after a crash.
  await Promise.all([followVerdicts(parts), followVerdicts(parts)])
  await followVerdicts(parts)
  const dueAt = new Date(rig.clock.now().getTime() + DUE_MS).toISOString()
  const seen = await ana.browser.get('/v1/session')
  assert.equal((seen.body.session as Session).due_at, dueAt)
  // Whoever comes to sign in is not sent on as somebody who is.
  assert.equal((await ana.browser.get('/sign-in')).status, 200)
  assert.match((await ana.browser.get('/account')).text, /Acme ID is back[^<]*<time[\s\S]*Continue with Acme ID/)
  const { data } = (await staff.ask('GET', '/v1/fail-over/sign-ins')).body as { data: { due_at: string }[] }
  assert.deepEqual(
    data.map(({ due_at }) => due_at),
    [dueAt, dueAt],
  )

  rig.clock.advance(5 * 60_000)
  const proven = await throughProvider(world, ana.browser, ANA)
  assert.equal(proven.id, ana.session.id)
  assert.deepEqual([proven.amr, proven.due_at], [['fed'], undefined])
  rig.clock.advance(11 * 60_000)
  assert.equal(await verdictOf(ana.browser), 'valid')
  assert.equal(await verdictOf(ben.browser), '401 failover_ended')
  const rows = (await staff.ask('GET', '/v1/fail-over/sign-ins')).body as {
    data: { proved_at: string | null; user: { email: string } }[]
  }
  assert.deepEqual(
    rows.data.map(({ user, proved_at }) => [user.email, proved_at !== null]),
    [
      ['ben@acme.test', false],
      [ANA, true],
    ],
  )
})

test('down again before they were due, people stay in', async () => {
  await using world = await openFailOver()
  const { rig, parts } = world
  await workerIn(world, ANA)
  world.down()
  const { browser } = await byCode(world, ANA)
  world.up()
  await followVerdicts(parts)
  rig.clock.advance(10 * 60_000)
  world.down()
  await followVerdicts(parts)
  rig.clock.advance(60 * 60_000)
  assert.equal(await verdictOf(browser), 'valid')
  world.up()
  await followVerdicts(parts)
  rig.clock.advance(16 * 60_000)
  assert.equal(await verdictOf(browser), '401 failover_ended')
})

test('an administrator blocks somebody while the provider is down, and a closed link ends what stood in for it', async () => {
  await using world = await openFailOver()
  const { staff } = world
  const [anas, bens] = [await workerIn(world, ANA), await workerIn(world, 'ben@acme.test')]
  world.down()
  const [ana, ben] = [await byCode(world, ANA), await byCode(world, 'ben@acme.test')]
  assert.equal((await staff.ask('PUT', `/v1/users/${anas}/block`, { reason: 'left' })).status, 200)
  assert.equal(await verdictOf(ana.browser), '401 blocked')
  const closed = await staff.ask('POST', `/v1/users/${bens}/linked-identities/lid_${bens}/close`, { reason: 'left' })
  assert.equal(closed.status, 200, closed.text)
  assert.equal(await verdictOf(ben.browser), '401 revoked')
  const browser = world.rig.browser()
  world.rig.sent.length = 0
  await ask(browser, 'ben@acme.test')
  assert.match((await lastMail(world, 'ben@acme.test', /^sign-in$/)).subject, /is down: no code/)
})

test('somebody in a strict organisation and a lax one acts for the lax one, and is not let over into the other', async () => {
  await using world = await openFailOver({ ...STRICT, fail_over: null })
  const { rig, staff, organizationId: strict } = world
  const free = await organizationOf(staff, 'Free Labs')
  const id = await workerIn(world, ANA)
  await put(rig, free, id, ['member'])
  world.up()
  const { session, browser } = await byCode(world, ANA)
  assert.equal(session.organization_id, free)
  const seen = await asking(browser)('PUT', '/v1/session/organization', { organization_id: strict })
  assert.deepEqual([seen.status, seen.body.code], [403, 'identity.provider_demanded'])
  await throughProvider(world, browser, ANA)
  const switched = await asking(browser)('PUT', '/v1/session/organization', { organization_id: strict })
  assert.equal(switched.status, 200, switched.text)

  // By a code again, in the same browser: the session goes on, and leaves the organisation that does not take it.
  await byCode(world, ANA, browser)
  assert.equal((await sessionOf(asking(browser))).organization_id, free)
})

test('staff come into the console by a code, whatever their organisation demands and whoever is down', async () => {
  await using world = await openFailOver(STRICT)
  const { rig, staff } = world
  await put(rig, world.organizationId, staff.id, ['member'])
  world.down()
  const browser = rig.browser()
  assert.equal((await browser.signIn(rig, staff.email, { application: 'console' })).status, 303)
})

test('a looser policy waits for a day and for the provider, and those who manage the organisation are told', async () => {
  await using world = await openFailOver(STRICT)
  const { rig, parts, staff, organizationId } = world
  const { applyWaiting } = await import('./apply-waiting.ts')
  await workerIn(world, 'owner@acme.test', { roles: ['owner'] })
  const path = `/v1/organizations/${organizationId}/sign-in-policy`
  const looser = { ...STRICT, fail_over: { ...STRICT.fail_over!, seen_within_days: 60 } }
  const save = (policy: unknown, epoch: number) => staff.ask('PUT', path, { policy, reason: 'more people', epoch })
  const shown = async () =>
    (await staff.ask('GET', path)).body as {
      policy: typeof LAX
      epoch: number
      waiting: { takes_effect_at: string } | null
    }
  const confirm = () => staff.browser.signIn(rig, staff.email, { application: 'console' })

  assert.deepEqual(
    [(await save(looser, 0)).status, (await save(looser, 0)).body.code],
    [409, 'identity.policy_changed'],
  )
  assert.equal(
    (await save({ ...STRICT, fail_over: { ...STRICT.fail_over!, ways: ['email'] } }, 1)).body.code,
    'identity.policy_weaker',
  )
  assert.equal((await save(looser, 1)).status, 202)
  assert.match(
    (await lastMail(world, 'owner@acme.test', /^sign-in-policy-waiting$/)).text,
    /wants to loosen[\s\S]*more people/,
  )
  await applyWaiting(parts)
  assert.deepEqual((await shown()).policy, STRICT)

  rig.clock.advance(DAY_MS)
  for (const state of ['down', 'suspect'] as const) {
    world[state]()
    await applyWaiting(parts)
    assert.equal((await shown()).policy.fail_over!.seen_within_days, 30, state)
  }
  world.up()
  await Promise.all([applyWaiting(parts), applyWaiting(parts)])
  const after = await shown()
  assert.deepEqual([after.policy.fail_over!.seen_within_days, after.epoch, after.waiting], [60, 2, null])
  await lastMail(world, 'owner@acme.test', /^sign-in-policy-applied$/)

  await confirm()
  assert.equal((await save({ ...looser, demands: 'nothing' }, 2)).status, 202)
  // Tightened meanwhile, and in an outage: at once, and what waited is over.
  world.down()
  assert.equal((await save({ ...looser, fail_over: null }, 2)).status, 200)
  assert.deepEqual([(await shown()).policy.fail_over, (await shown()).waiting], [null, null])
  assert.equal((await staff.ask('DELETE', `${path}/waiting`)).status, 404)
  assert.equal((await save(USUAL, 3)).status, 202)
  assert.equal((await staff.ask('DELETE', `${path}/waiting`)).status, 204)
  rig.clock.advance(2 * DAY_MS)
  world.up()
  await applyWaiting(parts)
  assert.equal((await shown()).epoch, 3)
})

test('whoever saves a policy has signed in lately', async () => {
  await using world = await openFailOver()
  const { rig, staff, organizationId } = world
  rig.clock.advance(11 * 60_000)
  const seen = await staff.ask('PUT', `/v1/organizations/${organizationId}/sign-in-policy`, {
    policy: LAX,
    reason: null,
    epoch: 1,
  })
  assert.deepEqual([seen.status, seen.body.code], [403, 'sessions.stale'])
})

test('where a provider is demanded, whoever is known there adds another identity only after coming through it', async () => {
  await using world = await openFailOver(STRICT)
  const { rig, parts } = world
  const userId = await workerIn(world, ANA)
  const links = [{ provider_id: ACME.id }]
  const join = (provenBy: string | null, held = links) =>
    assertMayJoin(parts, rig.db, { userId, links: held, came: { ...BY_CODE, way: 'provider', provenBy } })
  await assert.rejects(join(null), { code: 'identity.link_demanded' })
  await assert.rejects(join(OTHER.id), { code: 'identity.link_demanded' })
  await join(ACME.id)
  await join(null, [])
})

test('whoever is closed out in the very moment in which they come in is not in afterwards', async () => {
  await using world = await openFailOver()
  const { rig, staff } = world
  world.down()
  const people = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@acme.test`)
  for (const email of people) {
    const id = await workerIn(world, email)
    const browser = rig.browser()
    const started = await browser.post('/v1/sign-in/email', { email })
    const { code } = await rig.mailTo(email)
    const [, closed] = await Promise.all([
      browser.post('/v1/sign-in/email/verify', { challenge_id: started.body.challenge_id, code }),
      staff.ask('POST', `/v1/users/${id}/linked-identities/lid_${id}/close`, { reason: 'left' }),
    ])
    assert.equal(closed.status, 200, closed.text)
    assert.notEqual(await verdictOf(browser), 'valid', email)
  }
})
