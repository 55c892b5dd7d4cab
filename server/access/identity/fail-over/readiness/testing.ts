import { type Provider, type Providers, withoutProviders } from '../../../providers/index.ts'

const AT = new Date('2026-11-01T08:00:00Z')

export const testProvider = (changed: Partial<Provider> & Pick<Provider, 'id'>): Provider => ({
  name: 'Acme Auth0',
  preset: 'auth0',
  issuer: 'https://acme.eu.auth0.com/',
  client_id: 'holdfast',
  token_endpoint_auth: 'client_secret_basic',
  client_secret_expires_at: null,
  scopes: ['openid', 'email'],
  tenants: [],
  domains: [],
  trusts_email: false,
  trusts_factors: false,
  email_counts_from: null,
  factors_count_from: null,
  keys_good_for_ms: 604_800_000,
  is_enabled: true,
  tested_at: AT,
  created_at: AT,
  changed_at: AT,
  version: 1,
  ...changed,
})

/** Providers that nobody can leave for: who they are is all that readiness asks. */
export const providersThere = (all: readonly Provider[]): Providers => ({
  ...withoutProviders(),
  offered: () => all,
  find: (id) => all.find((provider) => provider.id === id),
})
