import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { mailAbout } from '../accounts/testing.ts'
import { findUserByEmail } from '../queries.ts'
import { isAsserted } from './enter-by-provider.ts'
import { ANA, ELSEWHERE, type FederationRig, openFederationRig, TRUSTED } from './testing.ts'

const HOUR_MS = 3_600_000

const cameIn = async (rig: FederationRig, as: string) => (await rig.signIn(rig.browser(), as)).location

test('a provider is believed about addresses of its own domains, and about no others', async () => {
  await using rig = await openFederationRig({ trusts_email: true, domains: ['acme.test'] })
  assert.equal(await cameIn(rig, 'ana'), '/account')
  assert.equal(await cameIn(rig, 'dana'), '/sign-in/code')
  assert.equal(await findUserByEmail(rig.db, 'dana@other.test'), undefined)
})

test('what a provider proves is noted by the clock that all processes share, however far behind that of one is', async () => {
  await using rig = await openFederationRig(TRUSTED, { behindMs: HOUR_MS })
  const proofs = () =>
    rig.db.one<{ made: number; asserted: number; proved: number }>(sql`
      select extract(epoch from person.created_at - now())::float8 as made,
             extract(epoch from person.email_asserted_at - now())::float8 as asserted,
             extract(epoch from linked.last_proved_at - now())::float8 as proved
        from identity.user person
        join identity.linked_identity linked on linked.user_id = person.id
       where person.email = ${ANA}`)
  for (const what of ['at the first time', 'at any later one']) {
    assert.equal((await rig.signIn(rig.browser(), 'ana')).status, 303, what)
    // The process has the clock of the database here, and what all share is an hour ahead. Half of it: no machine needs so long.
    const { asserted, proved, made } = await proofs()
    for (const ahead of [asserted, proved, made]) assert.ok(ahead > HOUR_MS / 2000, `${what}: ${ahead} s ahead`)
    await rig.db.run(sql`update identity.linked_identity set last_proved_at = now() - interval '9 days'`)
    await rig.db.run(
      sql`update identity.user set email_asserted_by = 'prv_other', email_asserted_at = now() - interval '9 days'`,
    )
  }
})

test('a provider that is disabled for a while loses its domains to nobody', async () => {
  await using rig = await openFederationRig({ preset: 'google', trusts_email: true })
  const people = ['gina', 'gus'].map((sub) => ({ sub, email: `${sub}@gmail.com`, email_verified: true }))
  await rig.outside.oidc.order({ do: 'set-people', people })
  assert.equal(await cameIn(rig, 'gina'), '/account')
  await rig.add({ name: 'Post', issuer: ELSEWHERE, domains: ['gmail.com'], isDisabled: true })
  assert.equal(rig.providers.ofDomain('gmail.com'), undefined)
  assert.equal(await cameIn(rig, 'gus'), '/sign-in/code')
})

test('Google is believed about Gmail and about the Workspace that the account is in, and not about an address of elsewhere', async () => {
  await using rig = await openFederationRig({ preset: 'google', trusts_email: true })
  const is = (key: string, hosted_domain: string | null, more: object = {}) =>
    isAsserted(
      { providers: rig.providers },
      {
        identity: { ...identity, hosted_domain },
        provider: { ...rig.provider, ...more },
        email: { address: key, key },
      },
    )
  const identity = {
    ...{ provider_id: rig.provider.id, issuer: rig.provider.issuer, subject: '1', email: null, name: null },
    ...{ is_email_verified: true, picture_url: null, amr: [], acr: null, authenticated_at: null },
    ...{ client_id: 'c', refresh_token: null },
  }
  assert.equal(is('ana@gmail.com', null), true)
  assert.equal(is('ana@acme.example', 'acme.example'), true)
  assert.equal(is('ana@acme.example', null), false, 'an account of Google with an address of elsewhere')
  assert.equal(is('ana@acme.example', 'evil.example'), false)
  assert.equal(is('ana@gmail.com', null, { preset: 'oidc' }), false)
  assert.equal(is('ana@gmail.com', null, { trusts_email: false }), false)
})

test('whoever proves their address for the first time is told through which provider the account was entered before', async () => {
  await using rig = await openFederationRig(TRUSTED)
  await rig.signIn(rig.browser(), 'ana')
  const told = () => rig.sent.filter(({ purpose }) => purpose === 'identity-known').length
  assert.equal(told(), 0)
  await rig.browser().signIn(rig, ANA, { by: 'mail' })
  const { text } = await mailAbout(rig, ANA, 'identity-known')
  assert.match(text, /made by a sign-in with Acme SSO/)
  assert.match(text, /If it was not you, remove it/)
  // Once.
  await rig.browser().signIn(rig, ANA, { by: 'mail' })
  assert.equal(told(), 1)
})
