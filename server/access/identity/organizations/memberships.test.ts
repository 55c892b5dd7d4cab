import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type IdentityRig, openRig } from '../testing.ts'
import { organizationOf, personIn, put, staffIn, type TestPerson } from './testing.ts'

let rig: IdentityRig
let staff: TestPerson
before(async () => {
  rig = await openRig()
  staff = await staffIn(rig)
})
after(() => rig[Symbol.asyncDispose]())

/** An organisation with one of each, and somebody who is in none. */
async function house(name: string) {
  const organization = await organizationOf(staff, name)
  const slug = name.toLowerCase()
  const [owner, admin, member, stranger] = [
    await personIn(rig, `owner@${slug}.test`),
    await personIn(rig, `admin@${slug}.test`),
    await personIn(rig, `member@${slug}.test`),
    await personIn(rig, `stranger@${slug}.test`),
  ]
  const ids = {
    owner: await put(rig, organization, owner.id, ['owner']),
    admin: await put(rig, organization, admin.id, ['admin']),
    member: await put(rig, organization, member.id, ['member']),
  }
  return { organization, people: { staff, owner, admin, member, stranger }, ids }
}

test('each may do over HTTP what the table of authority says, and to a stranger there is nothing', async () => {
  const { organization, people, ids } = await house('Matrix')
  const nothing = await people.stranger.ask('GET', '/v1/memberships/mem_none')
  const cases: [
    deed: string,
    status: Record<keyof typeof people, number>,
    ask: (who: TestPerson) => Promise<number>,
  ][] = [
    [
      'read the organisation',
      { staff: 200, owner: 200, admin: 200, member: 200, stranger: 404 },
      async (who) => (await who.ask('GET', `/v1/organizations/${organization}`)).status,
    ],
    [
      'list the members',
      { staff: 200, owner: 200, admin: 200, member: 200, stranger: 404 },
      async (who) => (await who.ask('GET', `/v1/memberships?organization_id=${organization}`)).status,
    ],
    [
      'make the member an admin and back',
      { staff: 200, owner: 200, admin: 200, member: 403, stranger: 404 },
      async (who) => {
        const seen = await who.ask('PATCH', `/v1/memberships/${ids.member}`, { roles: ['member', 'viewer'] })
        await staff.ask('PATCH', `/v1/memberships/${ids.member}`, { roles: ['member'] })
        return seen.status
      },
    ],
    [
      'unmake the owner',
      { staff: 409, owner: 409, admin: 403, member: 403, stranger: 404 },
      async (who) => (await who.ask('PATCH', `/v1/memberships/${ids.owner}`, { roles: ['member'] })).status,
    ],
    [
      'remove the owner',
      { staff: 409, owner: 409, admin: 403, member: 403, stranger: 404 },
      async (who) => (await who.ask('DELETE', `/v1/memberships/${ids.owner}`)).status,
    ],
    [
      'put somebody in directly',
      { staff: 201, owner: 403, admin: 403, member: 403, stranger: 403 },
      async (who) => {
        const body = { organization_id: organization, user_id: people.stranger.id, roles: ['member'] }
        const seen = await who.ask('POST', '/v1/memberships', body)
        if (seen.status === 201) await staff.ask('DELETE', `/v1/memberships/${seen.body.id}`)
        return seen.status
      },
    ],
    [
      'see the invitations',
      { staff: 200, owner: 200, admin: 200, member: 403, stranger: 404 },
      async (who) => (await who.ask('GET', `/v1/invitations?organization_id=${organization}`)).status,
    ],
    [
      'invite a member',
      { staff: 201, owner: 201, admin: 201, member: 403, stranger: 404 },
      async (who) => {
        const body = { organization_id: organization, email: 'guest@matrix.test' }
        return (await who.ask('POST', '/v1/invitations', body)).status
      },
    ],
    [
      'invite an owner',
      { staff: 201, owner: 201, admin: 403, member: 403, stranger: 404 },
      async (who) => {
        const body = { organization_id: organization, email: 'guest@matrix.test', roles: ['owner'] }
        return (await who.ask('POST', '/v1/invitations', body)).status
      },
    ],
  ]
  for (const [deed, expected, ask] of cases) {
    const found: Record<string, number> = {}
    for (const [name, who] of Object.entries(people)) found[name] = await ask(who)
    assert.deepEqual(found, expected, deed)
  }
  const theirs = await people.stranger.ask('GET', `/v1/memberships/${ids.member}`)
  assert.equal(theirs.status, 404)
  assert.equal(theirs.body.code, nothing.body.code)
})

test('who is no manager sees the names of the others and not their addresses; metadata of the product stays private', async () => {
  const { organization, people } = await house('Names')
  await staff.ask('PATCH', `/v1/organizations/${organization}`, {
    metadata_private: { plan: 'pro' },
    metadata_public: { region: 'eu' },
  })
  const emails = async (who: TestPerson) => {
    const seen = await who.ask('GET', `/v1/memberships?organization_id=${organization}`)
    return (seen.body.data as { user: { email: string | null } }[]).map(({ user }) => user.email).sort()
  }
  assert.deepEqual(await emails(people.member), [null, null, null])
  assert.deepEqual(await emails(people.admin), ['admin@names.test', 'member@names.test', 'owner@names.test'])
  const shown = await people.member.ask('GET', `/v1/organizations/${organization}`)
  assert.deepEqual([shown.body.metadata_public, shown.body.metadata_private], [{ region: 'eu' }, {}])
  const own = await people.member.ask('GET', `/v1/memberships?user_id=${people.owner.id}`)
  assert.deepEqual(
    (own.body.data as { user: { id: string } }[]).map(({ user }) => user.id),
    [people.member.id],
    'a person sees their own, whatever they ask for',
  )
})

test('nobody raises themselves, everybody may leave, and what is wrong is refused in words', async () => {
  const { organization, people, ids } = await house('Rules')
  const refused = async (
    who: TestPerson,
    method: 'PATCH' | 'POST' | 'DELETE',
    path: string,
    body: unknown,
    code: string,
  ) => {
    const seen = await who.ask(method, path, body)
    assert.equal(seen.body.code, code, `${method} ${path} ${JSON.stringify(body)} ${seen.text}`)
  }
  await refused(
    people.admin,
    'PATCH',
    `/v1/memberships/${ids.admin}`,
    { roles: ['admin', 'billing'] },
    'tenants.own_role',
  )
  await refused(people.admin, 'PATCH', `/v1/memberships/${ids.admin}`, { roles: ['owner'] }, 'tenants.owners_only')
  await refused(staff, 'PATCH', `/v1/memberships/${ids.member}`, { roles: [] }, 'request.invalid')
  await refused(staff, 'PATCH', `/v1/memberships/${ids.member}`, { roles: ['Root'] }, 'request.invalid')
  const many = Array.from({ length: 21 }, (_, index) => `role-${index}`)
  await refused(staff, 'PATCH', `/v1/memberships/${ids.member}`, { roles: many }, 'request.invalid')
  const twice = { organization_id: organization, user_id: people.member.id, roles: ['member'] }
  await refused(staff, 'POST', '/v1/memberships', twice, 'tenants.already_member')
  await refused(staff, 'POST', '/v1/memberships', { ...twice, user_id: 'usr_none' }, 'tenants.no_user')
  await refused(staff, 'POST', '/v1/memberships', { ...twice, organization_id: 'org_none' }, 'tenants.no_organization')
  assert.equal((await staff.ask('GET', '/v1/memberships?cursor=bm9uZQ')).body.code, 'tenants.bad_cursor')

  assert.equal((await people.member.ask('DELETE', `/v1/memberships/${ids.member}`)).status, 204)
  assert.equal((await people.member.ask('GET', `/v1/organizations/${organization}`)).status, 404)
})

test('lists go on where the page before ended, newest first', async () => {
  const { organization } = await house('Pages')
  const seen: string[] = []
  let cursor: string | null = null
  for (let page = 0; page < 4; page++) {
    const path = `/v1/memberships?organization_id=${organization}&limit=1${cursor ? `&cursor=${cursor}` : ''}`
    const { body } = await staff.ask('GET', path)
    seen.push(...(body.data as { id: string }[]).map(({ id }) => id))
    cursor = body.next_cursor as string | null
    if (cursor === null) break
  }
  assert.equal(seen.length, 3)
  assert.deepEqual(seen, [...seen].sort().reverse())
})
