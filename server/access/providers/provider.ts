/** Where a provider comes from: what its form asks, and what is special about its tokens. */
export const presets = ['auth0', 'google', 'entra', 'okta', 'keycloak', 'oidc'] as const
export type Preset = (typeof presets)[number]

/** An identity provider of this installation, without its secret. */
export interface Provider {
  /** `prv_…`. */
  id: string
  name: string
  preset: Preset
  /** As its discovery document and its tokens say it, letter by letter (OpenID Connect Discovery 1.0 §4.3). */
  issuer: string
  client_id: string
  token_endpoint_auth: 'client_secret_basic' | 'client_secret_post' | 'none'
  client_secret_expires_at: Date | null
  scopes: string[]
  /** Entra's tenants that may come in. */
  tenants: string[]
  /** Whose people come through it; public. */
  domains: string[]
  /** Whether an address that it calls verified is taken for proven. */
  trusts_email: boolean
  /** Whether what it says of factors (`amr`, `acr`) is believed. */
  trusts_factors: boolean
  /** From when an address that it calls verified counts in an outage: a day after it was trusted for it. Null: from the beginning. */
  email_counts_from: Date | null
  /** What it says of factors does not count until then, although it is trusted for it; null: it counts. */
  factors_count_from: Date | null
  /** For how long its last known keys are good when they cannot be fetched; 7 days at most. */
  keys_good_for_ms: number
  is_enabled: boolean
  tested_at: Date | null
  created_at: Date
  changed_at: Date
  version: number
}

/** Who somebody is at a provider, proven by an id_token of ours whose every part was checked. */
export interface ProvenIdentity {
  provider_id: string
  issuer: string
  /** `sub`; at Entra `tid` and `oid`, for its `sub` is another one for each application. */
  subject: string
  email: string | null
  /** What the provider says; believed only where `trusts_email` says so. */
  is_email_verified: boolean
  /** Google alone: the Workspace domain that the account belongs to, and whose mailboxes that Workspace hands out. */
  hosted_domain: string | null
  name: string | null
  picture_url: string | null
  amr: string[]
  acr: string | null
  authenticated_at: Date | null
  /** Who we were to the provider: what it gave is good for no other client. */
  client_id: string
  /** To ask later whether the person is still there; null: the provider gave none. */
  refresh_token: string | null
}
