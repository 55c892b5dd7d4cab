import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cookies } from '../../../../sdk/contract.ts'
import { newestSignals } from '../../../ground/signals/index.ts'
import { purgeOrganizations } from '../../../ground/tenants/index.ts'
import { type IdentityRig, openRig } from '../testing.ts'
import { asking, organizationOf, personIn, put, sessionOf, staffIn, type TestPerson } from './testing.ts'

let rig: IdentityRig
let staff: TestPerson
before(async () => {
  rig = await openRig()
  staff = await staffIn(rig)
})
after(() => rig[Symbol.asyncDispose]())

const claimsOf = (person: TestPerson) =>
  JSON.parse(Buffer.from(person.browser.jar.get(cookies.proof)!.split('.')[1]!, 'base64url').toString())

test('an organisation has a slug of its own, metadata in bounds, and is found by the beginning of any word', async () => {
  const made = await staff.ask('POST', '/v1/organizations', {
    name: '  Müller & Söhne  ',
    metadata_private: { plan: 'pro' },
  })
  assert.equal(made.status, 201, made.text)
  assert.equal(made.body.name, 'Müller & Söhne')
  assert.equal(made.body.slug, 'muller-sohne')
  const second = await staff.ask('POST', '/v1/organizations', { name: 'Muller Sohne' })
  assert.match(second.body.slug as string, /^muller-sohne-[0-9a-z]{6}$/)

  for (const query of ['soh', 'MÜL so', made.body.id as string]) {
    const found = await staff.ask('GET', `/v1/organizations?query=${encodeURIComponent(query)}`)
    assert.ok(
      (found.body.data as { id: string }[]).some(({ id }) => id === made.body.id),
      query,
    )
  }
  for (const query of ['xyz', '&&', "'); drop table"]) {
    const none = await staff.ask('GET', `/v1/organizations?query=${encodeURIComponent(query)}`)
    assert.deepEqual(none.body.data, [], query)
  }
  const renamed = await staff.ask('PATCH', `/v1/organizations/${made.body.id}`, { name: 'Zebra' })
  assert.equal(renamed.body.slug, 'muller-sohne')
  assert.deepEqual(renamed.body.metadata_private, { plan: 'pro' })
  assert.equal(((await staff.ask('GET', '/v1/organizations?query=zeb')).body.data as unknown[]).length, 1)
})

test('what cannot be an organisation is refused with a reason, and nothing is made', async () => {
  const refused = async (body: unknown, code: string) => {
    const seen = await staff.ask('POST', '/v1/organizations', body)
    assert.equal(seen.body.code, code, JSON.stringify(body))
  }
  await refused({ name: '\u200b \u0000' }, 'tenants.bad_name')
  await refused({ name: 'x'.repeat(121) }, 'tenants.bad_name')
  await refused({ name: 'Ok', slug: 'Not-A-Slug' }, 'tenants.bad_slug')
  await refused({ name: 'Ok', slug: '-a' }, 'tenants.bad_slug')
  await refused({ name: 'Ok', metadata_public: { a: 'x'.repeat(17_000) } }, 'tenants.bad_metadata')
  await refused({ name: 'Ok', metadata_public: { a: '\u0000' } }, 'tenants.bad_metadata')
  await organizationOf(staff, 'Taken')
  await refused({ name: 'Ok', slug: 'taken' }, 'tenants.slug_taken')
  const person = await personIn(rig, 'nobody@acme.test')
  assert.equal((await person.ask('POST', '/v1/organizations', { name: 'Mine' })).status, 401)
})

test('the same key makes one organisation, however often the request is sent', async () => {
  const key = { 'idempotency-key': 'one' }
  const first = await staff.ask('POST', '/v1/organizations', { name: 'Once' }, key)
  const again = await staff.ask('POST', '/v1/organizations', { name: 'Once' }, key)
  assert.equal(again.body.id, first.body.id)
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
})

test('who signs in acts for their only organisation, with its roles in the session, the proof and the headers of a proxy', async () => {
  const organization = await organizationOf(staff, 'Only')
  const first = await personIn(rig, 'only@acme.test')
  assert.deepEqual([(await sessionOf(first.ask)).organization_id, (await sessionOf(first.ask)).roles], [null, []])
  await put(rig, organization, first.id, ['admin', 'billing'])

  const person = await personIn(rig, 'only@acme.test')
  const session = await sessionOf(person.ask)
  assert.deepEqual([session.organization_id, session.roles], [organization, ['admin', 'billing']])
  assert.deepEqual([claimsOf(person).org, claimsOf(person).roles], [organization, ['admin', 'billing']])
  const headers = (await person.ask('GET', '/v1/forward-auth')).headers
  assert.equal(headers.get('holdfast-organization'), organization)
  assert.equal(headers.get('holdfast-roles'), 'admin,billing')
})

test('a person switches between their organisations, keeps the session and the handle, and begins there next time', async () => {
  const [one, two] = [await organizationOf(staff, 'Switch one'), await organizationOf(staff, 'Switch two')]
  const { id } = await personIn(rig, 'switch@acme.test')
  await put(rig, one, id, ['member'])
  rig.clock.advance(1)
  await put(rig, two, id, ['owner'])
  const person = await personIn(rig, 'switch@acme.test')
  const before = await sessionOf(person.ask)
  const handle = person.browser.jar.get(cookies.handle)
  assert.equal(before.organization_id, one, 'the oldest, where none was used yet')

  const switched = await person.ask('PUT', '/v1/session/organization', { organization_id: two })
  assert.equal(switched.status, 200, switched.text)
  assert.deepEqual([claimsOf(person).org, claimsOf(person).roles], [two, ['owner']])
  assert.equal((await sessionOf(person.ask)).id, before.id)
  assert.equal(person.browser.jar.get(cookies.handle), handle)
  assert.equal((await sessionOf((await personIn(rig, 'switch@acme.test')).ask)).organization_id, two)

  const none = await person.ask('PUT', '/v1/session/organization', { organization_id: null })
  assert.equal((none.body.session as { organization_id: null }).organization_id, null)
  const stranger = await organizationOf(staff, 'Strangers')
  for (const id of [stranger, 'org_none', "'; drop"]) {
    assert.equal((await person.ask('PUT', '/v1/session/organization', { organization_id: id })).status, 404, id)
  }
  const nobody = asking(rig.browser())
  assert.equal((await nobody('PUT', '/v1/session/organization', { organization_id: null })).status, 401)
})

test('changed roles reach live sessions and their next proof; who is removed loses the organisation and nothing else', async () => {
  const organization = await organizationOf(staff, 'Follow')
  const { id } = await personIn(rig, 'follow@acme.test')
  const membership = await put(rig, organization, id, ['admin'])
  await put(rig, organization, (await personIn(rig, 'boss@acme.test')).id, ['owner'])
  const [here, there] = [await personIn(rig, 'follow@acme.test'), await personIn(rig, 'follow@acme.test')]
  const before = await sessionOf(here.ask)

  const changed = await staff.ask('PATCH', `/v1/memberships/${membership}`, { roles: ['viewer', 'member'] })
  assert.deepEqual(changed.body.roles, ['member', 'viewer'])
  for (const { ask } of [here, there]) assert.deepEqual((await sessionOf(ask)).roles, ['member', 'viewer'])
  assert.deepEqual(claimsOf(here).roles, ['member', 'viewer'])

  assert.equal((await staff.ask('DELETE', `/v1/memberships/${membership}`)).status, 204)
  const after = await sessionOf(here.ask)
  assert.deepEqual([after.id, after.organization_id, after.roles], [before.id, null, []])
  assert.equal((await sessionOf(there.ask)).organization_id, null)
})

test('a change whose process died before it told anybody is followed by every process, itself and another', async () => {
  await using other = await openRig({ beside: rig })
  const organization = await organizationOf(staff, 'Crash')
  const { id } = await personIn(rig, 'crash@acme.test')
  const membership = await put(rig, organization, id, ['admin'])
  const person = await personIn(rig, 'crash@acme.test')
  const elsewhere = other.browser()
  for (const [name, value] of person.browser.jar) elsewhere.jar.set(name, value)
  const rolesOf = async (browser: typeof elsewhere) =>
    ((await browser.get('/v1/session')).body.session as { roles: string[] }).roles
  assert.deepEqual(await rolesOf(elsewhere), ['admin'])

  // As the verb does, without what follows its commit.
  const actor = { id: staff.id, sessionId: null, isStaff: true, impersonatorId: null }
  const by = { kind: 'person', id: staff.id, impersonatorId: null, address: null, userAgent: null } as const
  await rig.db.transaction((db) => rig.tenants.changeRoles(db, { id: membership, roles: ['member'], actor, by }))
  await other.follow()
  assert.deepEqual(await rolesOf(elsewhere), ['member'])
  await rig.follow()
  assert.deepEqual((await sessionOf(person.ask)).roles, ['member'])
})

test('a deletion takes the organisation out of every session at once, can be undone, and is final after its grace', async () => {
  const organization = await organizationOf(staff, 'Going')
  const { id } = await personIn(rig, 'going@acme.test')
  await put(rig, organization, id, ['owner'])
  const person = await personIn(rig, 'going@acme.test')
  await person.ask('POST', '/v1/invitations', { organization_id: organization, email: 'late@acme.test' })

  const going = await staff.ask('DELETE', `/v1/organizations/${organization}`)
  assert.equal(going.status, 202)
  assert.equal(Date.parse(going.body.deletes_at as string), rig.clock.now().getTime() + 30 * 24 * 3_600_000)
  assert.equal((await sessionOf(person.ask)).organization_id, null)
  assert.equal((await person.ask('PUT', '/v1/session/organization', { organization_id: organization })).status, 404)
  assert.equal((await person.ask('GET', `/v1/organizations/${organization}`)).status, 404)
  assert.equal((await sessionOf((await personIn(rig, 'going@acme.test')).ask)).organization_id, null)
  const open = await staff.ask('GET', `/v1/invitations?organization_id=${organization}&state=open`)
  assert.deepEqual(open.body.data, [])

  const undone = await staff.ask('DELETE', `/v1/organizations/${organization}/deletion`)
  assert.deepEqual([undone.status, undone.body.deleted_at, undone.body.members], [200, null, 1])
  assert.equal((await person.ask('PUT', '/v1/session/organization', { organization_id: organization })).status, 200)
  assert.equal((await staff.ask('DELETE', `/v1/organizations/${organization}/deletion`)).status, 409)

  await staff.ask('DELETE', `/v1/organizations/${organization}`)
  await purgeOrganizations(rig.tenants.parts)
  assert.equal((await staff.ask('GET', `/v1/organizations/${organization}`)).status, 200, 'its grace is not over')
})

test('after its grace an organisation is gone, with its members and its slug', async () => {
  await using own = await openRig()
  const root = await staffIn(own)
  const organization = await organizationOf(root, 'Gone')
  const person = await personIn(own, 'gone@acme.test')
  await put(own, organization, person.id, ['owner'])
  await root.ask('DELETE', `/v1/organizations/${organization}`)
  own.clock.advance(30 * 24 * 3_600_000)
  await purgeOrganizations(own.tenants.parts)
  assert.equal(await own.tenants.find(own.db, organization), undefined)
  assert.deepEqual(await own.tenants.membershipsOf(own.db, person.id), [])
  const again = await organizationOf(await staffIn(own), 'Gone')
  assert.equal((await own.tenants.find(own.db, again))?.slug, 'gone')
})

test('of two owners who leave at once, one stays', async () => {
  const organization = await organizationOf(staff, 'Owners')
  const people = [await personIn(rig, 'left@acme.test'), await personIn(rig, 'right@acme.test')]
  const memberships: string[] = []
  for (const { id } of people) memberships.push(await put(rig, organization, id, ['owner']))
  const left = await Promise.all(people.map(({ ask }, index) => ask('DELETE', `/v1/memberships/${memberships[index]}`)))
  assert.deepEqual(left.map(({ status }) => status).sort(), [204, 409])
  assert.equal((await rig.tenants.find(rig.db, organization))?.members, 1)
  const code = left.find(({ status }) => status === 409)!.body.code
  assert.equal(code, 'tenants.last_owner')
})

test('beginnings and ends of sessions say on whose behalf they were, so that an organisation has figures of its own', async () => {
  const first = await personIn(rig, 'figures@acme.test')
  const id = await organizationOf(staff, 'Figures')
  await put(rig, id, first.id, ['member'])
  const again = await personIn(rig, 'figures@acme.test')
  const session = await sessionOf(again.ask)
  await rig.sessions.end({ sessionId: session.id, reason: 'revoked', by: staff.id })
  const said = await newestSignals(rig.db, ['session.started', 'session.ended'], 200)
  const of = said.filter(({ subject }) => subject === session.id)
  assert.deepEqual(
    of.map(({ kind, facts }) => [kind, facts.organization_id]),
    [
      ['session.ended', id],
      ['session.started', id],
    ],
  )
})
