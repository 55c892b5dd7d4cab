import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { startOutside } from '../../providers/testing.ts'
import { organizationOf, personIn, put, staffIn } from '../organizations/testing.ts'
import { enrolled } from '../passkeys/testing/rig.ts'
import { HERE } from '../testing.ts'
import { linkedOf } from './queries.ts'
import { type FederationRig, openFederationRig } from './testing.ts'

const WHO = 'someone@acme.test'
const PATH = '/account/linked-identities'
const everyTwo = [
  { sub: 'eve', email: WHO, email_verified: false, amr: ['pwd', 'mfa'] },
  { sub: 'victim', email: WHO, email_verified: false, amr: ['pwd', 'mfa'] },
]
const subjectsOf = async (rig: FederationRig, userId: string) =>
  (await linkedOf(rig.db, userId)).map(({ subject }) => subject)

test('two factors of somebody’s own are no reason to join them to an account that has a passkey', async () => {
  await using rig = await openFederationRig({ trusts_factors: true })
  await rig.outside.oidc.order({ do: 'set-people', people: everyTwo })
  await enrolled(rig, WHO)
  const { id } = await rig.db.one<{ id: string }>(sql`select id from identity.user where email = ${WHO}`)
  const eve = rig.browser()
  await rig.signIn(eve, 'eve')
  const seen = await eve.submit('/sign-in/code', { code: (await rig.mailTo(WHO)).code })
  assert.equal(seen.status, 403, seen.text)
  assert.match(seen.text, /Your account has a passkey/)
  assert.deepEqual(await subjectsOf(rig, id), [])
})

test('where a second factor is demanded, a mailbox brings no identity with two of its own into an account that has one', async () => {
  await using rig = await openFederationRig({ trusts_factors: true })
  await rig.outside.oidc.order({ do: 'set-people', people: everyTwo })
  await using elsewhere = await startOutside({
    url: HERE,
    clock: rig.clock,
    people: everyTwo,
    authority: rig.outside.authority,
  })
  const other = await rig.add({ name: 'Other SSO', issuer: elsewhere.oidc.issuer, trusts_factors: true })
  const staff = await staffIn(rig)
  const [strict, lax] = [await organizationOf(staff, 'Acme'), await organizationOf(staff, 'Free Labs')]
  const person = await personIn(rig, WHO)
  const linkedSeen = await rig.signIn(person.browser, 'victim', { path: `${PATH}/with/${rig.provider.id}`, fields: {} })
  assert.equal(linkedSeen.location, `${PATH}?done=linked`)
  for (const id of [strict, lax]) await put(rig, id, person.id, ['member'])
  const policy = {
    provider_id: null,
    ordinary: ['provider', 'passkey'],
    demands: 'second-factor',
    passkeys: 'offered',
    fail_over: null,
  }
  await rig.db.run(sql`
    insert into identity.sign_in_policy (organization_id, policy, epoch, changed_at, changed_by, demanded_since)
    values (${strict}, ${JSON.stringify(policy)}, 1, now(), 'test', now())`)
  const eve = rig.browser()
  await rig.signIn(eve, 'eve', { provider: other, through: elsewhere })
  const byCode = await eve.submit('/sign-in/code', { code: (await rig.mailTo(WHO)).code })
  assert.equal(byCode.status, 403, byCode.text)
  assert.match(byCode.text, /demands a second factor. Sign in through Acme SSO/)
  // The mailbox opens the laxer organisation, and nothing of the stricter one.
  const reader = await personIn(rig, WHO)
  assert.equal((await reader.browser.submit(`${PATH}/with/${other.id}`, {})).status, 403)
  const [held] = await linkedOf(rig.db, person.id)
  assert.equal((await reader.browser.submit(`${PATH}/${held!.id}/remove`, {})).status, 403)
  assert.deepEqual(await subjectsOf(rig, person.id), ['victim'])

  const own = rig.browser()
  assert.equal((await rig.signIn(own, 'victim')).location, '/account')
  const page = await own.submit(`${PATH}/with/${other.id}`, {})
  const [, url = ''] = /content="0;url=([^"]+)"/.exec(page.text) ?? []
  const back = await elsewhere.walk(url.replaceAll('&amp;', '&'), 'victim')
  assert.equal((await own.get(back.pathname + back.search)).location, `${PATH}?done=linked`)
  assert.equal((await own.submit(`${PATH}/${held!.id}/remove`, {})).location, `${PATH}?done=removed`)
})
