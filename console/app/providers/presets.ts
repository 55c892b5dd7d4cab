import type { Preset } from '../api/wire/providers.ts'

/** Where a provider comes from: what its form asks, and what has to be done over there. */
export interface PresetWords {
  name: string
  /** Where its client id and its callback addresses are kept, as its own console calls it. */
  where: string
  /** Fields of its own; the issuer is made of them. */
  asks: readonly ('host' | 'tenant' | 'realm' | 'issuer')[]
  host?: { label: string; placeholder: string; description: string }
}

export const presetWords: Record<Preset, PresetWords> = {
  auth0: {
    name: 'Auth0',
    where: 'Applications › your application › Settings › Allowed Callback URLs',
    asks: ['host'],
    host: {
      label: 'Domain',
      placeholder: 'acme.eu.auth0.com',
      description: 'Of your tenant, or your own domain if it has one.',
    },
  },
  google: {
    name: 'Google',
    where: 'Google Cloud › APIs & Services › Credentials › OAuth client › Authorised redirect URIs',
    asks: [],
  },
  entra: {
    name: 'Microsoft Entra',
    where: 'Entra admin centre › App registrations › Authentication › Redirect URIs (Web)',
    asks: ['tenant'],
  },
  okta: {
    name: 'Okta',
    where: 'Applications › your application › General › Sign-in redirect URIs',
    asks: ['host'],
    host: {
      label: 'Okta domain',
      placeholder: 'acme.okta.com',
      description: 'With its path if you use an authorisation server of your own: acme.okta.com/oauth2/default.',
    },
  },
  keycloak: {
    name: 'Keycloak',
    where: 'Clients › your client › Valid redirect URIs',
    asks: ['host', 'realm'],
    host: { label: 'Server', placeholder: 'login.acme.example', description: 'Where Keycloak is reached.' },
  },
  oidc: {
    name: 'OpenID Connect',
    where: 'The redirect addresses of the client that you registered there',
    asks: ['issuer'],
  },
}

/** Everybody’s tenants: then those that may come in have to be named. */
export const MANY_TENANTS = ['organizations', 'common'] as const
export const takesAnyTenant = (tenant: string) => MANY_TENANTS.some((each) => each === tenant.trim().toLowerCase())

export interface IssuerParts {
  preset: Preset
  host: string
  tenant: string
  realm: string
  issuer: string
}

/** The issuer letter by letter as its discovery document has it: Auth0 ends it with a slash, the others do not. */
export function issuerOf({ preset, host, tenant, realm, issuer }: IssuerParts): string {
  const place = host
    .trim()
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
  switch (preset) {
    case 'auth0':
      return `https://${place}/`
    case 'google':
      return 'https://accounts.google.com'
    case 'entra':
      return `https://login.microsoftonline.com/${tenant.trim()}/v2.0`
    case 'okta':
      return `https://${place}`
    case 'keycloak':
      return `https://${place}/realms/${realm.trim()}`
    case 'oidc':
      return issuer.trim()
  }
}

/** What the form of a provider that is there begins with. */
export function partsOf(preset: Preset, issuer: string): IssuerParts {
  const bare = issuer.replace(/^https:\/\//, '').replace(/\/+$/, '')
  const [, host = bare, realm = ''] = preset === 'keycloak' ? (/^(.*)\/realms\/([^/]+)$/.exec(bare) ?? []) : []
  const [, tenant = ''] = preset === 'entra' ? (/^login\.microsoftonline\.com\/([^/]+)\/v2\.0$/.exec(bare) ?? []) : []
  return { preset, host, tenant, realm, issuer }
}
