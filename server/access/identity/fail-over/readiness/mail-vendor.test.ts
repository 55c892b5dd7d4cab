import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailboxOf, registrableDomain } from './mail-vendor.ts'

const google = { preset: 'google', issuer: 'https://accounts.google.com' } as const
const entra = { preset: 'entra', issuer: 'https://login.microsoftonline.com/common/v2.0' } as const
const auth0 = { preset: 'auth0', issuer: 'https://acme.eu.auth0.com/' } as const
const keycloak = { preset: 'keycloak', issuer: 'https://sso.acme.co.uk/realms/acme' } as const
const loopback = { preset: 'oidc', issuer: 'https://127.0.0.1:8443' } as const

test('a mailbox at the vendor of the provider is seen by its mail servers', () => {
  const cases = [
    [google, ['aspmx.l.google.com'], 'at-vendor'],
    [google, ['alt1.aspmx.l.google.com', 'aspmx2.googlemail.com'], 'at-vendor'],
    [google, ['acme-example.mail.protection.outlook.com'], 'elsewhere'],
    [google, ['mx.notgoogle.com'], 'elsewhere'],
    [entra, ['acme-example.mail.protection.outlook.com'], 'at-vendor'],
    [entra, ['acme-example.o-v1.mx.microsoft'], 'at-vendor'],
    [entra, ['aspmx.l.google.com'], 'elsewhere'],
    [auth0, ['aspmx.l.google.com'], 'elsewhere'],
    [auth0, ['mx1.auth0.com'], 'at-vendor'],
    [keycloak, ['mail.acme.co.uk'], 'at-vendor'],
    [keycloak, ['mail.other.co.uk'], 'elsewhere'],
    [loopback, ['mail.acme.example'], 'elsewhere'],
    [google, ['mx.acme.example', 'aspmx.l.google.com'], 'at-vendor'],
    [google, [], 'nowhere'],
    [google, null, 'unknown'],
  ] as const
  for (const [provider, hosts, expected] of cases)
    assert.equal(mailboxOf(provider, hosts), expected, `${provider.preset} ${hosts?.join()}`)
})

test('a registrable domain has two labels, and three below a country that gives names out under a second level', () => {
  const cases = [
    ['acme.eu.auth0.com', 'auth0.com'],
    ['sso.acme.co.uk', 'acme.co.uk'],
    ['login.acme.com.au.', 'acme.com.au'],
    ['id.acme.de', 'acme.de'],
    ['localhost', undefined],
    ['127.0.0.1', undefined],
    ['[::1]', undefined],
  ] as const
  for (const [host, expected] of cases) assert.equal(registrableDomain(host), expected, host)
})
