import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { mailAbout } from '../accounts/testing.ts'
import { followVerdicts } from '../fail-over/follow-verdicts.ts'
import { asking, organizationOf, personIn, put, sessionOf, staffIn, type TestPerson } from '../organizations/testing.ts'
import type { Parts } from '../parts.ts'
import { type IdentityRig, openRig, seed, type TestBrowser } from '../testing.ts'

const PAGE = '/sign-in/rescue'
const REASON = 'Acme’s provider is gone (ticket 4711)'

async function openCase() {
  let parts: Parts | undefined
  const rig = await openRig({
    routes: (given) => {
      parts = given
      return []
    },
  })
  const staff = await staffIn(rig)
  const organization = await organizationOf(staff, 'Acme Labs')
  const ana = await seed(rig, 'ana@acme.test')
  const bea = await seed(rig, 'bea@acme.test')
  const cem = await seed(rig, 'cem@acme.test')
  await put(rig, organization, ana, ['owner'])
  await put(rig, organization, bea, ['admin'])
  await put(rig, organization, cem, ['member'])
  return {
    rig,
    parts: () => parts!,
    staff,
    organization,
    ana,
    bea,
    cem,
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  }
}

let keys = 0
const issue = (
  staff: Pick<TestPerson, 'ask'>,
  organization: string,
  body: Record<string, unknown>,
  key = `rescue-${keys++}-${organization}`,
) =>
  staff.ask(
    'POST',
    `/v1/organizations/${organization}/rescues`,
    { hand_over: 'voice', reason: REASON, ...body },
    { 'idempotency-key': key },
  )

const signIn = (browser: TestBrowser, code: string, email = 'ana@acme.test') => browser.submit(PAGE, { email, code })

const auditOf = async (rig: IdentityRig) => {
  const rows = await rig.db.many<{ action: string; organization_id: string | null }>(sql`
    select action, organization_id
      from audit.entry
     where action like 'rescue.%'
     order by id
     limit 100`)
  return rows.map(({ action }) => action)
}

test('an administrator of an organisation who is locked out is let in once, for that organisation, and everybody is told', async () => {
  await using at = await openCase()
  const { rig, staff, organization, ana } = at
  const other = await organizationOf(staff, 'Other')
  await put(rig, other, ana, ['owner'])
  const made = await issue(staff, organization, { user_id: ana })
  assert.equal(made.status, 201, made.text)
  const { code, url, rescue } = made.body as unknown as {
    code: string
    url: string
    rescue: { id: string; state: string }
  }
  assert.match(code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
  assert.deepEqual([url, rescue.state], ['http://localhost:4000/sign-in/rescue', 'waiting'])
  for (const email of ['ana@acme.test', 'bea@acme.test']) {
    const { text } = await mailAbout(rig, email, 'rescue-issued')
    assert.match(text, /ticket 4711/)
    assert.ok(!text.includes(code))
  }
  assert.ok(!rig.sent.some(({ to, purpose }) => to === 'cem@acme.test' && purpose.startsWith('rescue')))

  const browser = rig.browser()
  assert.equal((await browser.get(PAGE)).status, 200)
  const done = await signIn(browser, code.toLowerCase().replaceAll('-', ' '))
  assert.equal(done.status, 200, done.text)
  assert.match(done.text, /You act for Acme Labs/)
  await mailAbout(rig, 'bea@acme.test', 'rescue-used')

  const ask = asking(browser)
  const { session } = (await ask('GET', '/v1/session')).body as unknown as {
    session: { organization_id: string; roles: string[]; amr: string[]; acr: string; expires_at: string }
  }
  assert.deepEqual([session.organization_id, session.roles, session.acr], [organization, ['owner'], 'single'])
  assert.deepEqual(session.amr.toSorted(), ['failover', 'otp', 'rescue'])
  assert.equal(Date.parse(session.expires_at) - rig.clock.now().getTime(), 3_600_000)

  const elsewhere = await ask('PUT', '/v1/session/organization', { organization_id: other })
  assert.equal(elsewhere.body.code, 'sessions.one_organization')
  const enrolling = await ask('POST', '/v1/account/passkey-enrolments', {})
  assert.equal(enrolling.body.code, 'sessions.failover_session')

  assert.equal((await signIn(rig.browser(), code)).status, 400)
  assert.deepEqual(await auditOf(rig), ['rescue.issued', 'rescue.used'])
  rig.clock.advance(3_600_000)
  assert.equal((await ask('GET', '/v1/session')).status, 401)
})

test('whoever is let in by a code keeps the hour that was said, and is sent to no provider', async () => {
  await using at = await openCase()
  const { rig, staff, organization, ana } = at
  const made = await issue(staff, organization, { user_id: ana })
  const browser = rig.browser()
  await browser.get(PAGE)
  assert.equal((await signIn(browser, made.body.code as unknown as string)).status, 200)
  await followVerdicts(at.parts())
  rig.clock.advance(59 * 60_000)
  assert.equal((await browser.get('/v1/session')).status, 200)
  const account = (await browser.get('/account')).text
  assert.match(account, /This way in is open until[\s\S]*You cannot change how you sign in/)
  assert.ok(!account.includes('/sign-in/provider/'))
  rig.clock.advance(60_000)
  assert.equal((await browser.get('/v1/session')).status, 401)
})

test('a code that is mailed goes to a proven address, and whoever made it does not see it', async () => {
  await using at = await openCase()
  const { rig, staff, organization, ana } = at
  const unproven = await issue(staff, organization, { user_id: ana, hand_over: 'mail' })
  assert.equal(unproven.body.code, 'identity.rescue_not_by_mail')
  await rig.db.run(sql`update identity.user set email_proved_at = ${rig.clock.now()} where id = ${ana}`)
  const made = await issue(staff, organization, { user_id: ana, hand_over: 'mail' })
  assert.equal(made.body.code, null)
  const { text } = await mailAbout(rig, 'ana@acme.test', 'rescue')
  const code = /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}/.exec(text)![0]
  const done = await signIn(rig.browser(), code)
  assert.match(done.text, /You act for Acme Labs/)
})

test('it is made by an administrator of the installation with a fresh sign-in, for somebody who manages the organisation', async () => {
  await using at = await openCase()
  const { rig, staff, organization, ana, cem } = at
  const member = await issue(staff, organization, { user_id: cem })
  assert.equal(member.body.code, 'identity.rescue_of_manager')
  await put(rig, organization, staff.id, ['owner'])
  const own = await issue(staff, organization, { user_id: staff.id })
  assert.equal(own.body.code, 'identity.rescue_of_oneself')
  assert.equal((await issue(staff, organization, { user_id: ana, reason: 'short' })).status, 400)
  await rig.db.run(sql`update identity.user set blocked_at = ${rig.clock.now()} where id = ${ana}`)
  assert.equal((await issue(staff, organization, { user_id: ana })).body.code, 'identity.rescue_of_closed')
  await rig.db.run(sql`update identity.user set blocked_at = null where id = ${ana}`)

  const bea = await personIn(rig, 'bea@acme.test')
  assert.equal((await issue(bea, organization, { user_id: ana })).status, 401)
  rig.clock.advance(10 * 60_000 + 1)
  assert.equal((await issue(staff, organization, { user_id: ana })).body.code, 'sessions.stale')
})

test('a code runs out, is replaced by the next, and opens nothing for anybody else or after the role is gone', async () => {
  await using at = await openCase()
  const { rig, staff, organization, ana, bea } = at
  const codeOf = async (user: string) =>
    (await issue(staff, organization, { user_id: user })).body.code as unknown as string
  const tried = async (code: string, email?: string) => (await signIn(rig.browser(), code, email)).status

  const first = await codeOf(ana)
  const second = await codeOf(ana)
  assert.equal(await tried(first), 400)
  assert.equal(await tried(second, 'bea@acme.test'), 400)
  assert.equal(await tried(second, 'nobody@acme.test'), 400)
  assert.equal(await tried('0000-0000-0000-0000'), 400)
  rig.clock.advance(30 * 60_000)
  assert.equal(await tried(second), 400)

  const fresh = await staffIn(rig, 'second@holdfast.test')
  const third = (await issue(fresh, organization, { user_id: bea })).body.code as unknown as string
  await rig.db.run(sql`update tenants.membership set roles = '{member}' where user_id = ${bea}`)
  assert.equal(await tried(third, 'bea@acme.test'), 400)
})

test('of many who type the code at the same moment, one gets in', async () => {
  await using at = await openCase()
  const { rig, staff, organization, ana } = at
  const code = (await issue(staff, organization, { user_id: ana })).body.code as unknown as string
  const all = await Promise.all(Array.from({ length: 6 }, () => signIn(rig.browser(), code)))
  assert.deepEqual(all.map(({ status }) => status).toSorted(), [200, 400, 400, 400, 400, 400])
})

test('what was made is listed, and taken back: the code opens nothing, and the session it began ends', async () => {
  await using at = await openCase()
  const { rig, staff, organization, ana, bea } = at
  const made = await issue(staff, organization, { user_id: ana })
  const { code, rescue } = made.body as unknown as { code: string; rescue: { id: string } }
  const browser = rig.browser()
  assert.equal((await signIn(browser, code)).status, 200)
  assert.ok((await sessionOf(asking(browser))).id)
  const waiting = (await issue(staff, organization, { user_id: bea })).body as unknown as {
    code: string
    rescue: { id: string }
  }

  for (const id of [rescue.id, waiting.rescue.id]) {
    const gone = await staff.ask('DELETE', `/v1/rescues/${id}`, undefined, { 'idempotency-key': `withdraw-${id}` })
    assert.equal(gone.status, 204, gone.text)
  }
  assert.equal((await asking(browser)('GET', '/v1/session')).status, 401)
  assert.equal((await signIn(rig.browser(), waiting.code, 'bea@acme.test')).status, 400)

  const { body } = await staff.ask('GET', `/v1/rescues?organization_id=${organization}`)
  const listed = body.data as { id: string; state: string; organization: { name: string }; reason: string }[]
  assert.deepEqual(
    listed.map(({ state, organization: of, reason }) => [state, of.name, reason]),
    [
      ['withdrawn', 'Acme Labs', REASON],
      ['withdrawn', 'Acme Labs', REASON],
    ],
  )
  assert.ok(!JSON.stringify(body).includes(code))
})

test('an answer that was lost is repeated with the same code, and nobody is told twice', async () => {
  await using at = await openCase()
  const { rig, staff, organization, ana } = at
  const first = await issue(staff, organization, { user_id: ana }, 'same-key')
  await mailAbout(rig, 'bea@acme.test', 'rescue-issued')
  const again = await issue(staff, organization, { user_id: ana }, 'same-key')
  assert.deepEqual(again.body, first.body)
  assert.equal(rig.sent.filter(({ to, purpose }) => to === 'bea@acme.test' && purpose === 'rescue-issued').length, 1)
})
