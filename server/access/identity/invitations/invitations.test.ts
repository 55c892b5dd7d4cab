import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { organizationOf, personIn, put, sessionOf, staffIn, type TestPerson } from '../organizations/testing.ts'
import { findUserByEmail, insertUser } from '../queries.ts'
import { type IdentityRig, openRig } from '../testing.ts'

let rig: IdentityRig
let staff: TestPerson
before(async () => {
  rig = await openRig({ signUp: 'closed' })
  const now = rig.clock.now()
  await insertUser(
    rig.db,
    { id: 'usr_00000000000000000000000000', email: 'root@holdfast.test', emailKey: 'root@holdfast.test' },
    now,
  )
  staff = await staffIn(rig)
})
after(() => rig[Symbol.asyncDispose]())

const TURNS_MAX = 50

/** The link of the newest invitation to an address. */
async function linkTo(email: string): Promise<string> {
  const find = () => rig.sent.findLast((mail) => mail.to === email && mail.purpose === 'invitation')
  for (let turn = 0; turn < TURNS_MAX && !find(); turn++) await new Promise((resolve) => setImmediate(resolve))
  return new URL(/https?:\/\/\S+\/invitation\/\S+/.exec(find()!.text)![0]).pathname
}

const invite = async (who: TestPerson, organization: string, email: string, more: object = {}) => {
  const seen = await who.ask('POST', '/v1/invitations', { organization_id: organization, email, ...more })
  assert.equal(seen.status, 201, seen.text)
  return { id: seen.body.id as string, link: await linkTo(email) }
}

test('whoever is invited joins by the sign-in of that address, also while sign-up is closed', async () => {
  const organization = await organizationOf(staff, 'Acme Labs')
  const { id, link } = await invite(staff, organization, 'new@acme.test', { roles: ['admin', 'billing'] })
  const browser = rig.browser()
  for (let opened = 0; opened < 3; opened++) {
    const shown = await browser.get(link)
    assert.equal(shown.status, 200)
    assert.match(shown.text, /Acme Labs/)
    assert.match(shown.text, /new@acme\.test/)
  }
  assert.equal((await staff.ask('GET', `/v1/invitations/${id}`)).body.state, 'open', 'opening consumes nothing')

  const started = await browser.submit(link)
  assert.equal(started.location, '/sign-in/code')
  assert.equal(await findUserByEmail(rig.db, 'new@acme.test'), undefined, 'the link alone makes no account')
  const { code, message } = await rig.mailTo('new@acme.test')
  const entered = await browser.submit('/sign-in/code', { code })
  assert.equal(entered.location, `/invitation/${id}`, 'the way back holds no token')
  assert.ok(!message.text.includes(link), 'and no token lies in the mail of the sign-in')
  assert.match((await browser.get(entered.location!)).text, /<button type="submit" class="primary">Join Acme Labs/)

  const joined = await browser.submit(entered.location!)
  assert.equal(joined.location, `/invitation/${id}`)
  assert.match((await browser.get(joined.location!)).text, /You have joined Acme Labs/)
  const session = (await browser.get('/v1/session')).body.session as { organization_id: string; roles: string[] }
  assert.deepEqual([session.organization_id, session.roles], [organization, ['admin', 'billing']])
  const seen = (await staff.ask('GET', `/v1/invitations/${id}`)).body
  assert.equal(seen.state, 'accepted')
  assert.equal(seen.accepted_by, (await findUserByEmail(rig.db, 'new@acme.test'))?.id)
})

test('a wrong person cannot accept, is told so, and is offered the right sign-in', async () => {
  const organization = await organizationOf(staff, 'Wrong')
  await invite(staff, organization, 'eve@acme.test')
  const eve = await personIn(rig, 'eve@acme.test')
  const { id, link } = await invite(staff, organization, 'adam@acme.test')
  const shown = await eve.browser.get(link)
  assert.match(shown.text, /signed in as <strong>eve@acme\.test<\/strong>/)
  assert.match(shown.text, /Sign in as adam@acme\.test/)
  assert.equal((await eve.browser.submit(link)).location, '/sign-in/code')
  assert.deepEqual(await rig.tenants.membershipsOf(rig.db, eve.id), [])
  assert.equal((await eve.browser.get(`/invitation/${id}`)).status, 404, 'by its id nobody else sees anything')
  assert.equal((await rig.browser().get(`/invitation/${id}`)).status, 404)
  assert.equal((await rig.browser().submit(`/invitation/${id}`)).status, 404)
})

test('pressed twice at once it is accepted once, and both are answered alike', async () => {
  const organization = await organizationOf(staff, 'Twice')
  const { id, link } = await invite(staff, organization, 'twice@acme.test')
  const person = await personIn(rig, 'twice@acme.test')
  const pressed = await Promise.all([person.browser.submit(link), person.browser.submit(link)])
  assert.deepEqual(
    pressed.map(({ location }) => location),
    [`/invitation/${id}`, `/invitation/${id}`],
  )
  assert.equal((await rig.tenants.find(rig.db, organization))?.members, 1)
  assert.equal((await person.browser.submit(link)).location, `/invitation/${id}`)
})

test('an address invited again has one open invitation, and the older link is void', async () => {
  const organization = await organizationOf(staff, 'Again')
  const first = await invite(staff, organization, 'again@acme.test')
  rig.sent.length = 0
  const second = await invite(staff, organization, 'again@acme.test')
  assert.notEqual(second.link, first.link)
  assert.equal((await rig.browser().get(first.link)).status, 410)
  assert.equal((await rig.browser().get(second.link)).status, 200)
  const open = await staff.ask('GET', `/v1/invitations?organization_id=${organization}&state=open`)
  assert.deepEqual(
    (open.body.data as { id: string }[]).map(({ id }) => id),
    [second.id],
  )
})

test('sent again it is the same link, at a pace; revoked or expired it opens nothing', async () => {
  const organization = await organizationOf(staff, 'Pace')
  const { id, link } = await invite(staff, organization, 'pace@acme.test')
  rig.sent.length = 0
  const again = await staff.ask('POST', `/v1/invitations/${id}/deliveries`)
  assert.equal(again.status, 202, again.text)
  assert.equal(await linkTo('pace@acme.test'), link)
  await staff.ask('POST', `/v1/invitations/${id}/deliveries`)
  assert.equal((await staff.ask('POST', `/v1/invitations/${id}/deliveries`)).body.code, 'identity.slow_down')

  const person = await personIn(rig, 'pace@acme.test')
  assert.equal((await staff.ask('DELETE', `/v1/invitations/${id}`)).body.state, 'revoked')
  assert.equal((await staff.ask('DELETE', `/v1/invitations/${id}`)).body.state, 'revoked')
  assert.equal((await person.browser.submit(link)).status, 410)
  assert.equal((await staff.ask('POST', `/v1/invitations/${id}/deliveries`)).body.code, 'identity.invitation_over')

  rig.sent.length = 0
  const short = await invite(staff, organization, 'pace@acme.test', { expires_in_days: 1 })
  rig.clock.advance(24 * 3_600_000)
  assert.equal((await rig.browser().get(short.link)).status, 410)
  assert.equal((await staff.ask('GET', `/v1/invitations/${short.id}`)).body.state, 'expired')
})

test('what cannot be invited is refused; a member needs no invitation', async () => {
  const organization = await organizationOf(staff, 'Refused')
  const refused = async (body: object, code: string) => {
    const seen = await staff.ask('POST', '/v1/invitations', {
      organization_id: organization,
      email: 'x@acme.test',
      ...body,
    })
    assert.equal(seen.body.code, code, JSON.stringify(body))
  }
  await refused({ email: 'not an address' }, 'identity.bad_email')
  await refused({ email: 'a@b.test\r\nBcc: all@acme.test' }, 'identity.bad_email')
  await refused({ roles: ['Owner'] }, 'request.invalid')
  await refused({ expires_in_days: 31 }, 'request.invalid')
  await refused({ application_id: 'app_none' }, 'identity.no_application')
  await refused({ organization_id: 'org_none' }, 'tenants.no_organization')
  await put(rig, organization, staff.id, ['member'])
  await refused({ email: 'ROOT@holdfast.test' }, 'identity.already_member')
  for (const path of ['/invitation/x', '/invitation/inv_none', `/invitation/${'A'.repeat(43)}`]) {
    assert.equal((await rig.browser().get(path)).status, 404, path)
  }
  assert.equal((await staff.ask('GET', '/v1/invitations/inv_none')).body.code, 'identity.no_invitation')
})

test('names carry no message: nothing in the mail becomes a link but ours, and nothing on the page markup', async () => {
  const name = '<b>Win</b> http://evil.test now'
  const organization = await organizationOf(staff, name)
  const { link } = await invite(staff, organization, 'mark@acme.test')
  const mail = rig.sent.findLast(({ to }) => to === 'mark@acme.test')!
  assert.deepEqual(
    [...mail.text.matchAll(/https?:\/\/[^\s/]+/g)].map(([url]) => url),
    ['http://localhost:4000'],
  )
  assert.ok(!mail.subject.includes('evil.test'))
  assert.ok(!(await rig.browser().get(link)).text.includes('<b>Win'))
})

test('one person cannot write to half the world: invitations have a pace of their own', async () => {
  const organization = await organizationOf(staff, 'Flood')
  await invite(staff, organization, 'flood@acme.test')
  const owner = await personIn(rig, 'flood@acme.test')
  await put(rig, organization, owner.id, ['owner'])
  const codes: (string | undefined)[] = []
  for (let each = 0; each < 51; each++) {
    const body = { organization_id: organization, email: `many-${each}@acme.test` }
    codes.push((await owner.ask('POST', '/v1/invitations', body)).body.code)
  }
  assert.deepEqual([codes.slice(0, 50).some(Boolean), codes[50]], [false, 'identity.slow_down'])
})

test('with the database away nothing is known and nothing is lost', async () => {
  let isAway = false
  await using own = await openRig({
    wrap: (server) => ({
      ...server,
      isAway: () => isAway,
      database: (purpose) => {
        const db = server.database(purpose)
        const guarded = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => {
          return (...args: Args) => (isAway ? Promise.reject(new DatabaseOutage('failed', 'away')) : call(...args))
        }
        return {
          many: guarded(db.many.bind(db)) as typeof db.many,
          maybe: guarded(db.maybe.bind(db)) as typeof db.maybe,
          one: guarded(db.one.bind(db)) as typeof db.one,
          run: guarded(db.run.bind(db)),
          gather: guarded(db.gather.bind(db)) as typeof db.gather,
          transaction: guarded(db.transaction.bind(db)) as typeof db.transaction,
        }
      },
    }),
  })
  const root = await staffIn(own)
  const organization = await organizationOf(root, 'Away')
  const person = await personIn(own, 'away@acme.test')
  const made = await root.ask('POST', '/v1/invitations', { organization_id: organization, email: person.email })
  const path = `/invitation/${made.body.id}`
  await put(own, organization, root.id, ['owner'])

  isAway = true
  assert.equal((await person.browser.get(path)).status, 503)
  assert.equal((await person.browser.submit(path)).status, 503)
  const switching = await person.ask('PUT', '/v1/session/organization', { organization_id: organization })
  assert.equal(switching.status, 503)
  const key = { 'idempotency-key': 'away' }
  const invited = { organization_id: organization, email: 'later@acme.test' }
  assert.equal((await root.ask('POST', '/v1/invitations', invited, key)).status, 503)
  assert.equal((await person.browser.get('/account/organizations')).status, 503)

  isAway = false
  assert.equal((await person.browser.submit(path)).location, path)
  assert.equal((await sessionOf(person.ask)).organization_id, organization)
  assert.equal((await root.ask('POST', '/v1/invitations', invited, key)).status, 201)
})
