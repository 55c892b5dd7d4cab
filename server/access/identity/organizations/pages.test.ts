import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type IdentityRig, openRig } from '../testing.ts'
import { organizationOf, personIn, put, sessionOf, staffIn, type TestPerson } from './testing.ts'

let rig: IdentityRig
let staff: TestPerson
before(async () => {
  rig = await openRig()
  staff = await staffIn(rig)
})
after(() => rig[Symbol.asyncDispose]())

const AT = '/account/organizations'

test('a person sees their organisations, uses another one, and leaves one, by plain forms', async () => {
  const [one, two] = [await organizationOf(staff, 'Page one'), await organizationOf(staff, 'Page two')]
  const { id } = await personIn(rig, 'pages@acme.test')
  await put(rig, one, id, ['member'])
  rig.clock.advance(1)
  await put(rig, two, id, ['admin'])
  const { browser, ask } = await personIn(rig, 'pages@acme.test')
  const shown = await browser.get(AT)
  assert.match(shown.text, /Page one <span class="tag">In use/)
  assert.match(shown.text, new RegExp(`href="${AT}/${two}"`), 'an admin finds the members')
  assert.ok(!shown.text.includes(`href="${AT}/${one}"`), 'a member does not')

  const used = await browser.submit(`${AT}/current`, { organization_id: two })
  assert.equal(used.location, `${AT}?done=switched`)
  assert.equal((await sessionOf(ask)).organization_id, two)
  assert.equal((await browser.submit(`${AT}/current`, { organization_id: 'org_none' })).status, 404)

  assert.equal((await browser.submit(`${AT}/${two}/leave`)).location, `${AT}?done=left`)
  assert.equal((await sessionOf(ask)).organization_id, null)
  assert.equal((await browser.get(`${AT}/${two}`)).status, 404)
  assert.equal((await rig.browser().get(AT)).location, `/sign-in?return_to=${encodeURIComponent(AT)}`)
})

test('an owner invites, changes and removes by plain forms; what is refused is said on the same page', async () => {
  const organization = await organizationOf(staff, 'Managed')
  const at = `${AT}/${organization}`
  const owner = await personIn(rig, 'boss@acme.test')
  const ownMembership = await put(rig, organization, owner.id, ['owner'])
  const member = await personIn(rig, 'worker@acme.test')
  const membership = await put(rig, organization, member.id, ['member', 'billing'])
  const { browser } = owner

  assert.match((await browser.submit(`${at}/invitations`, { email: 'nonsense', role: 'member' })).text, /not an e-mail/)
  const invited = await browser.submit(`${at}/invitations`, { email: 'guest@acme.test', role: 'admin' })
  assert.equal(invited.location, `${at}?done=invited`)
  assert.match((await browser.get(invited.location!)).text, /guest@acme\.test/)
  const again = await browser.submit(`${at}/invitations`, { email: 'worker@acme.test', role: 'member' })
  assert.equal(again.status, 409)
  assert.match(again.text, /member already/)

  await browser.submit(`${at}/members/${membership}/roles`, { role: 'admin' })
  const seen = await staff.ask('GET', `/v1/memberships/${membership}`)
  assert.deepEqual(seen.body.roles, ['admin', 'billing'], 'what the product made up stays')
  const last = await browser.submit(`${at}/leave`)
  assert.equal(last.status, 409)
  assert.match(last.text, /last owner/)
  // An admin has no form for it, and gets nowhere without one either.
  const raised = await member.browser.submit(`${at}/members/${ownMembership}/removal`)
  assert.equal(raised.status, 403)
  assert.match(raised.text, /Only an owner/)

  assert.equal((await browser.submit(`${at}/members/${membership}/removal`)).location, `${at}?done=removed`)
  assert.equal((await member.browser.get(at)).status, 404)
  const [open] = (await staff.ask('GET', `/v1/invitations?organization_id=${organization}`)).body.data as {
    id: string
  }[]
  assert.equal((await browser.submit(`${at}/invitations/${open!.id}/revocation`)).location, `${at}?done=revoked`)
})

test('a form of another site changes nothing', async () => {
  const organization = await organizationOf(staff, 'Forged')
  const person = await personIn(rig, 'forged@acme.test')
  await put(rig, organization, person.id, ['owner'])
  const forged = await person.browser.request(`${AT}/${organization}/invitations`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://evil.test',
      'sec-fetch-site': 'cross-site',
    },
    body: 'email=evil@evil.test&role=owner',
  })
  assert.equal(forged.status, 403)
  const { body } = await staff.ask('GET', `/v1/invitations?organization_id=${organization}`)
  assert.deepEqual(body.data, [])
})
