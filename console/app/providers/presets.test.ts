import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issuerOf, partsOf, takesAnyTenant } from './presets.ts'

const nothing = { host: '', tenant: '', realm: '', issuer: '' }

test('the issuer is written letter by letter as each provider writes it', () => {
  assert.equal(issuerOf({ ...nothing, preset: 'auth0', host: 'acme.eu.auth0.com' }), 'https://acme.eu.auth0.com/')
  assert.equal(
    issuerOf({ ...nothing, preset: 'auth0', host: 'https://acme.eu.auth0.com/' }),
    'https://acme.eu.auth0.com/',
  )
  assert.equal(issuerOf({ ...nothing, preset: 'google' }), 'https://accounts.google.com')
  assert.equal(
    issuerOf({ ...nothing, preset: 'entra', tenant: 'organizations' }),
    'https://login.microsoftonline.com/organizations/v2.0',
  )
  assert.equal(
    issuerOf({ ...nothing, preset: 'okta', host: 'acme.okta.com/oauth2/default' }),
    'https://acme.okta.com/oauth2/default',
  )
  assert.equal(
    issuerOf({ ...nothing, preset: 'keycloak', host: 'id.acme.test', realm: 'staff' }),
    'https://id.acme.test/realms/staff',
  )
  assert.equal(issuerOf({ ...nothing, preset: 'oidc', issuer: ' https://id.acme.test/a ' }), 'https://id.acme.test/a')
})

test('a form that is opened again shows what it was made of', () => {
  for (const parts of [
    { preset: 'auth0', host: 'acme.eu.auth0.com', tenant: '', realm: '' },
    { preset: 'entra', tenant: 'f00d', realm: '' },
    { preset: 'keycloak', host: 'id.acme.test/auth', tenant: '', realm: 'staff' },
  ] as const) {
    const issuer = issuerOf({ ...nothing, ...parts })
    assert.equal(issuerOf(partsOf(parts.preset, issuer)), issuer)
  }
})

test('whoever lets every tenant in has to name those that may come', () => {
  assert.ok(takesAnyTenant('organizations'))
  assert.ok(takesAnyTenant(' Common'))
  assert.ok(!takesAnyTenant('8a3c0f5e-1111-4222-8333-444455556666'))
})
