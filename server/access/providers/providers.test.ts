import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openProviderRig, type ProviderRig } from './testing.ts'

let rig: ProviderRig
before(async () => {
  rig = await openProviderRig({ domains: ['acme.test'] })
})
after(() => rig[Symbol.asyncDispose]())

test('a person leaves for a provider, comes back, and is proven by issuer and subject', async () => {
  const proved = await rig.signIn('ana')
  assert.equal(proved.outcome, 'proved')
  const { identity } = proved as Extract<typeof proved, { outcome: 'proved' }>
  assert.equal(identity.issuer, rig.oidc.issuer)
  assert.equal(identity.subject, 'ana')
  assert.equal(identity.email, 'ana@acme.test')
  assert.equal(identity.is_email_verified, true)
  assert.deepEqual(rig.logged, [])
})

test('an address finds the provider of its domain', () => {
  assert.equal(rig.providers.ofDomain('acme.test')?.id, rig.provider.id)
  assert.equal(rig.providers.ofDomain('other.test'), undefined)
  assert.deepEqual(
    rig.providers.offered().map(({ id }) => id),
    [rig.provider.id],
  )
})
