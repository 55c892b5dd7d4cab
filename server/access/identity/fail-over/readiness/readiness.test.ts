import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../../platform/database/index.ts'
import { asking, organizationOf, put, staffIn } from '../../organizations/testing.ts'
import type { Parts } from '../../parts.ts'
import { type IdentityRig, openRig, seed } from '../../testing.ts'
import type { SignInPolicy } from '../policy.ts'
import { countNow, countReadiness } from './count-readiness.ts'
import { lookUpMailHosts } from './look-up-mail-hosts.ts'
import { providersThere, testProvider } from './testing.ts'

const auth0 = testProvider({ id: 'prv_auth0' })
const google = testProvider({
  id: 'prv_google',
  name: 'Google',
  preset: 'google',
  issuer: 'https://accounts.google.com',
})
const DAY_MS = 24 * 3_600_000

async function openReadiness(providers = providersThere([auth0, google])) {
  let parts: Parts | undefined
  const rig = await openRig({
    providers,
    routes: (given) => {
      parts = given
      return []
    },
  })
  const staff = await staffIn(rig)
  return { rig, parts: parts!, staff, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() }
}

interface Linked {
  provider?: string
  signedInDaysAgo?: number
  closed?: boolean
  passkey?: { enrolledBy: string | null; rpId?: string }
}

/** Somebody as a sign-in through a provider would have left them. */
async function person(rig: IdentityRig, email: string, linked: Linked = {}): Promise<string> {
  const { provider = auth0.id, signedInDaysAgo = 1, closed = false, passkey } = linked
  const id = await seed(rig, email)
  const now = rig.clock.now()
  const at = new Date(now.getTime() - signedInDaysAgo * DAY_MS)
  await rig.db.run(sql`
    update identity.user
       set last_sign_in_at = ${at}, email_proved_at = ${new Date(now.getTime() - 100 * DAY_MS)}
     where id = ${id}`)
  await rig.db.run(sql`
    insert into identity.linked_identity (id, user_id, provider_id, issuer, subject, is_email_verified, linked_at,
                                          last_proved_at, closed_at, closed_reason)
    values (${`lid_${id}`}, ${id}, ${provider}, 'https://issuer.example', ${id}, true, ${at}, ${at},
            ${closed ? at : null}, ${closed ? 'administrator' : null})`)
  if (passkey) {
    await rig.db.run(sql`
      insert into identity.passkey (id, credential_id, user_id, rp_id, public_key, counter, transports, is_multi_device,
                                    is_backed_up, name, enrolled_by_provider, created_at)
      values (${`psk_${id}`}, ${Buffer.from(id)}, ${id}, ${passkey.rpId ?? 'localhost'}, ${Buffer.from('key')}, 0, '{}',
              false, false, 'Key', ${passkey.enrolledBy}, ${at})`)
  }
  return id
}

/** As DNS last said it. */
const mailIsAt = (rig: IdentityRig, domain: string, ...hosts: string[]) =>
  rig.db.run(sql`
    insert into identity.mail_host (domain, hosts, looked_up_at, tried_at, wanted_at)
    values (${domain}, ${hosts}, ${rig.clock.now()}, ${rig.clock.now()}, ${rig.clock.now()})`)

const policyOf = (rig: IdentityRig, organizationId: string, policy: SignInPolicy) =>
  rig.db.run(sql`
    insert into identity.sign_in_policy (organization_id, policy, epoch, changed_at, changed_by)
    values (${organizationId}, ${JSON.stringify(policy)}::jsonb, 1, ${rig.clock.now()}, 'test')`)

interface Told {
  provider: { id: string }
  organization: { id: string; name: string } | null
  active: number
  able: Record<string, number>
  ready_percent: number | null
  sentence: string
  counted_at: string | null
  organizations: Told[]
}

const ssoOnly: SignInPolicy = {
  provider_id: auth0.id,
  ordinary: ['provider'],
  demands: 'provider',
  passkeys: 'required',
  fail_over: { ways: ['passkey'], seen_within_days: 30, session_minutes: 60, unknown_opens: false },
}

test('before an outage it is known how many could sign in, by what, and who could not and why', async () => {
  await using at = await openReadiness()
  const { rig, parts, staff } = at
  await mailIsAt(rig, 'acme.test', 'mx.acme.test')
  await mailIsAt(rig, 'vendor.test', 'mx1.auth0.com')
  await person(rig, 'pia@acme.test', { passkey: { enrolledBy: null } })
  await person(rig, 'elsewhere@acme.test', { passkey: { enrolledBy: null, rpId: 'another.example' } })
  await person(rig, 'mail@acme.test')
  const vendor = await person(rig, 'mail@vendor.test')
  await person(rig, 'new@unseen.test')
  await person(rig, 'gone@acme.test', { signedInDaysAgo: 31 })
  const closed = await person(rig, 'closed@acme.test', { closed: true, passkey: { enrolledBy: null } })
  const strict = await organizationOf(staff, 'Strict')
  await policyOf(rig, strict, { ...ssoOnly, demands: 'nothing', passkeys: 'offered' })
  await put(rig, strict, closed, ['member'])
  await person(rig, 'other@acme.test', { provider: google.id })

  const before = await staff.ask('GET', '/v1/readiness')
  const [uncounted] = before.body.data as Told[]
  assert.equal(uncounted!.counted_at, null)
  assert.match(uncounted!.sentence, /not counted yet/)

  await countNow(parts)
  const told = await staff.ask('GET', '/v1/readiness')
  assert.equal(told.status, 200, told.text)
  const [first, second] = told.body.data as Told[]
  assert.deepEqual(first!.able, { passkey: 1, provider: 0, email: 2, unknown: 1, no: 2 })
  assert.equal(
    first!.sentence,
    '50 % of active users could sign in if Acme Auth0 died now: 17 % by passkey, 33 % by e-mail only; 2 could not, of 1 it is not known yet.',
  )
  assert.deepEqual(second!.able, { passkey: 0, provider: 0, email: 1, unknown: 0, no: 0 })

  const people = await staff.ask('GET', `/v1/readiness/${auth0.id}/people?able=no`)
  const listed = people.body.data as { user: { id: string; email: string }; why: string }[]
  assert.deepEqual(
    listed.map(({ user, why }) => [user.id, why]),
    [
      [vendor, 'mailbox_at_vendor'],
      [closed, 'closed'],
    ].toSorted(),
  )
  const byWhy = await staff.ask('GET', `/v1/readiness/${auth0.id}/people?why=closed`)
  assert.deepEqual(
    (byWhy.body.data as { user: { id: string } }[]).map(({ user }) => user.id),
    [closed],
  )
})

test('an organisation is judged by its own policy, and a person in several by the best of them', async () => {
  await using at = await openReadiness()
  const { rig, parts, staff } = at
  await mailIsAt(rig, 'acme.test', 'mx.acme.test')
  const strict = await organizationOf(staff, 'Strict')
  const loose = await organizationOf(staff, 'Loose')
  await policyOf(rig, strict, ssoOnly)
  const able = await person(rig, 'able@acme.test', { passkey: { enrolledBy: auth0.id } })
  const unable = await person(rig, 'unable@acme.test', { passkey: { enrolledBy: null } })
  const both = await person(rig, 'both@acme.test')
  for (const id of [able, unable, both]) await put(rig, strict, id, ['member'])
  await put(rig, loose, both, ['member'])

  await countNow(parts)
  const { body } = await staff.ask('GET', '/v1/readiness')
  const [told] = body.data as Told[]
  assert.deepEqual(told!.able, { passkey: 1, provider: 0, email: 1, unknown: 0, no: 1 })
  assert.deepEqual(
    told!.organizations.map(({ organization, able: each }) => [organization!.name, each.passkey, each.email, each.no]),
    [
      ['Strict', 1, 0, 2],
      ['Loose', 0, 1, 0],
    ],
  )

  const first = await staff.ask('GET', `/v1/readiness/${auth0.id}/organizations?limit=1`)
  assert.equal((first.body.data as Told[])[0]!.organization!.id, strict)
  const rest = await staff.ask(
    'GET',
    `/v1/readiness/${auth0.id}/organizations?limit=1&cursor=${first.body.next_cursor}`,
  )
  assert.deepEqual(
    (rest.body.data as Told[]).map(({ organization }) => organization!.id),
    [loose],
  )
  assert.equal(rest.body.next_cursor, null)

  const pages: string[] = []
  let cursor = ''
  do {
    const page = await staff.ask(
      'GET',
      `/v1/readiness/${auth0.id}/people?organization_id=${strict}&limit=1${cursor && `&cursor=${cursor}`}`,
    )
    pages.push(
      ...(page.body.data as { user: { id: string }; why: string }[]).map(({ user, why }) => `${user.id} ${why}`),
    )
    cursor = (page.body.next_cursor as string | null) ?? ''
  } while (cursor !== '')
  assert.deepEqual(pages, [`${unable} passkey_not_of_provider`, `${both} no_passkey`].toSorted())
})

test('a policy is shown with who could sign in under it, before it is saved', async () => {
  await using at = await openReadiness()
  const { rig, staff } = at
  await mailIsAt(rig, 'acme.test', 'mx.acme.test')
  const organization = await organizationOf(staff, 'Acme')
  for (const [email, enrolledBy] of [
    ['one@acme.test', auth0.id],
    ['two@acme.test', null],
  ] as const) {
    await put(rig, organization, await person(rig, email, { passkey: { enrolledBy } }), ['member'])
  }
  await put(rig, organization, await person(rig, 'three@acme.test'), ['member'])

  const asked = encodeURIComponent(JSON.stringify(ssoOnly))
  const seen = await staff.ask('GET', `/v1/organizations/${organization}/fail-over-preview?policy=${asked}`)
  assert.equal(seen.status, 200, seen.text)
  assert.deepEqual((seen.body.now as Told).able, { passkey: 2, provider: 0, email: 1, unknown: 0, no: 0 })
  assert.deepEqual((seen.body.asked as Told).able, { passkey: 1, provider: 0, email: 0, unknown: 0, no: 2 })
  assert.deepEqual([seen.body.members, seen.body.is_whole, seen.body.warning], [3, true, null])

  const nonsense = await staff.ask('GET', `/v1/organizations/${organization}/fail-over-preview?policy=%7B%7D`)
  assert.equal(nonsense.body.code, 'identity.bad_policy_asked')
  const nowhere = await staff.ask('GET', '/v1/organizations/org_nobody/fail-over-preview')
  assert.equal(nowhere.status, 404)
})

test('whoever gets a passkey, is blocked or deleted is out of the list at the next count', async () => {
  await using at = await openReadiness()
  const { rig, parts, staff } = at
  await mailIsAt(rig, 'vendor.test', 'mx.auth0.com')
  const ids = await Promise.all(['a', 'b', 'c', 'd'].map((name) => person(rig, `${name}@vendor.test`)))
  await countNow(parts)
  const listed = async () => {
    const { body } = await staff.ask('GET', `/v1/readiness/${auth0.id}/people?able=no`)
    return (body.data as { user: { id: string } }[]).map(({ user }) => user.id)
  }
  assert.deepEqual(await listed(), ids.toSorted())

  const [first, second, third, fourth] = ids as [string, string, string, string]
  await rig.db.run(sql`update identity.user set blocked_at = ${rig.clock.now()} where id = ${first}`)
  await rig.db.run(sql`delete from identity.user where id = ${second}`)
  await rig.db.run(sql`delete from identity.linked_identity where user_id = ${third}`)
  await countNow(parts)
  assert.deepEqual(await listed(), [fourth])
})

test('of several processes one counts, and again when ten minutes are over', async () => {
  await using at = await openReadiness()
  const { rig, parts, staff } = at
  const countedAt = async () => ((await staff.ask('GET', '/v1/readiness')).body.data as Told[])[0]!.counted_at
  await Promise.all(['one', 'two', 'three'].map((by) => countReadiness(parts, by)))
  const first = await countedAt()
  assert.equal(first, rig.clock.now().toISOString())
  rig.clock.advance(9 * 60_000)
  await countReadiness(parts, 'two')
  assert.equal(await countedAt(), first)
  rig.clock.advance(60_000)
  await countReadiness(parts, 'two')
  assert.equal(await countedAt(), rig.clock.now().toISOString())
})

test('a count writes of no organisation in which nothing changed, and says of each when it was counted', async () => {
  await using at = await openReadiness()
  const { rig, parts, staff } = at
  const [same, other] = [await organizationOf(staff, 'Same'), await organizationOf(staff, 'Other')]
  await put(rig, same, await person(rig, 'a@elsewhere.test'), ['member'])
  await put(rig, other, await person(rig, 'b@elsewhere.test'), ['member'])
  await countNow(parts)
  const writtenBy = async (id: string) =>
    (
      await rig.db.many<{ by: string }>(
        sql`select xmin::text as by from identity.readiness where organization_id = ${id}`,
      )
    )[0]?.by
  const before = [await writtenBy(same), await writtenBy(other)]
  rig.clock.advance(10 * 60_000)
  await put(rig, other, await person(rig, 'c@elsewhere.test'), ['member'])
  await countNow(parts)
  assert.equal(await writtenBy(same), before[0])
  assert.notEqual(await writtenBy(other), before[1])
  const { body } = await staff.ask('GET', `/v1/readiness/${auth0.id}/organizations`)
  const told = body.data as Told[]
  assert.deepEqual(told.map(({ active }) => active).toSorted(), [1, 2])
  for (const { counted_at } of told) assert.equal(counted_at, rig.clock.now().toISOString())

  await rig.db.run(sql`delete from tenants.membership where organization_id = ${same}`)
  await countNow(parts)
  assert.equal(await writtenBy(same), undefined)
})

test('a process that has just started takes away no figure of a provider that it has not read yet', async () => {
  const there = providersThere([auth0])
  let isRead = false
  const starting = {
    ...there,
    offered: () => (isRead ? there.offered() : []),
    reload: async () => void (isRead = true),
  }
  await using at = await openReadiness(starting)
  const { rig, parts, staff } = at
  await person(rig, 'a@elsewhere.test')
  await countNow(parts)
  const told = async () => ((await staff.ask('GET', '/v1/readiness')).body.data as Told[])[0]!.active
  assert.equal(await told(), 1)
  isRead = false
  await countNow(parts)
  assert.equal(await told(), 1)
})

test('where a mailbox is is looked up once a day; who does not answer is asked again, and stays as it was known', async () => {
  await using at = await openReadiness()
  const { rig, parts, staff } = at
  await person(rig, 'ana@acme.test')
  await person(rig, 'bob@silent.test')
  await countNow(parts)
  const asked: string[] = []
  const answers: Record<string, string[] | null> = { 'acme.test': ['mx1.auth0.com'], 'silent.test': null }
  const lookUp = () => {
    rig.clock.advance(60_000)
    return lookUpMailHosts(
      parts,
      async (domain) => {
        asked.push(domain)
        return answers[domain] ?? null
      },
      'test',
    )
  }
  const ables = async () => {
    await countNow(parts)
    return ((await staff.ask('GET', '/v1/readiness')).body.data as Told[])[0]!.able
  }
  await lookUp()
  assert.deepEqual(asked.toSorted(), ['acme.test', 'silent.test'])
  assert.deepEqual(await ables(), { passkey: 0, provider: 0, email: 0, unknown: 1, no: 1 })

  await lookUp()
  assert.equal(asked.length, 2)
  rig.clock.advance(61 * 60_000)
  answers['acme.test'] = null
  await lookUp()
  assert.deepEqual(asked.slice(2), ['silent.test'])
  rig.clock.advance(DAY_MS)
  await lookUp()
  assert.ok(asked.slice(3).includes('acme.test'))
  // Silence is no news: what DNS said before stands.
  assert.deepEqual(await ables(), { passkey: 0, provider: 0, email: 0, unknown: 1, no: 1 })
})

test('readiness is for staff alone', async () => {
  await using at = await openReadiness()
  const browser = at.rig.browser()
  await browser.signIn(at.rig, 'eve@acme.test')
  const seen = await asking(browser)('GET', '/v1/readiness')
  assert.notEqual(seen.status, 200)
})
