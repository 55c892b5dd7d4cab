import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { sessionOf } from '../accounts/testing.ts'
import { findUserByEmail } from '../queries.ts'
import { linkedOf } from './queries.ts'
import { ANA, type FederationRig, openFederationRig } from './testing.ts'

const idOf = async (rig: FederationRig) => (await findUserByEmail(rig.db, ANA))!.id
const linksOf = async (rig: FederationRig, userId: string) =>
  (await linkedOf(rig.db, userId)).map(({ subject, provider_id }) => ({ subject, provider_id }))

/** Ana has come through the provider and proven her address. */
async function anaIsLinked(rig: FederationRig): Promise<string> {
  const browser = rig.browser()
  await rig.signIn(browser, 'ana')
  await browser.submit('/sign-in/code', { code: (await rig.mailTo(ANA)).code })
  return idOf(rig)
}

test('a provider that was removed and added again lets its people in as before, and nobody as them', async () => {
  await using rig = await openFederationRig()
  const userId = await anaIsLinked(rig)
  await rig.db.run(sql`delete from providers.provider where id = ${rig.provider.id}`)
  assert.deepEqual(await linksOf(rig, userId), [{ subject: 'ana', provider_id: rig.provider.id }])

  const again = await rig.add({})
  assert.equal(again.id, rig.provider.id)
  const colleague = { sub: 'colleague', email: ANA, email_verified: true }
  await rig.outside.oidc.order({ do: 'set-people', people: [colleague, { sub: 'ana' }] })
  const other = rig.browser()
  await rig.signIn(other, 'colleague')
  const refused = await other.submit('/sign-in/code', { code: (await rig.mailTo(ANA)).code })
  assert.equal(refused.status, 409, refused.text)
  assert.match(refused.text, /linked to another identity at this provider/)

  const own = rig.browser()
  assert.equal((await rig.signIn(own, 'ana')).location, '/account')
  assert.equal(((await sessionOf(own)).body.session as { user: { id: string } }).user.id, userId)
  assert.deepEqual(await linksOf(rig, userId), [{ subject: 'ana', provider_id: rig.provider.id }])
})

test('whoever was linked by a provider that stands for their issuer no longer goes over to the one that does', async () => {
  await using rig = await openFederationRig()
  const userId = await anaIsLinked(rig)
  const moved = 'https://id.moved.invalid'
  await rig.db.run(sql`update providers.provider set issuer = ${moved}, is_enabled = false, version = 2`)
  await rig.db.run(sql`update providers.issuer set issuer = ${moved}`)
  const next = await rig.add({ name: 'Acme SSO, anew' })
  assert.notEqual(next.id, rig.provider.id)
  const own = rig.browser()
  assert.equal((await rig.signIn(own, 'ana', { provider: next })).location, '/account')
  assert.deepEqual(await linksOf(rig, userId), [{ subject: 'ana', provider_id: next.id }])
})

test('of two providers neither takes an identity from the other, whatever a process still believes of them', async () => {
  await using rig = await openFederationRig()
  const userId = await anaIsLinked(rig)
  // As if both stood for the issuer: the settings refuse it, and the row is put past them.
  await rig.db.run(sql`update providers.issuer set provider_id = 'prv_gone'`)
  const other = await rig.add({ name: 'Twin' })
  assert.equal(other.id, 'prv_gone')
  const seen = await rig.signIn(rig.browser(), 'ana', { provider: other })
  assert.equal(seen.status, 409, seen.text)
  assert.deepEqual(await linksOf(rig, userId), [{ subject: 'ana', provider_id: rig.provider.id }])
})
