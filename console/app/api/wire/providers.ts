/** Who vouches for people elsewhere, what is held of them now, and what happens when one is away. */

export const presets = ['auth0', 'google', 'entra', 'okta', 'keycloak', 'oidc'] as const
export type Preset = (typeof presets)[number]

export const providerStates = ['healthy', 'suspect', 'down', 'recovering', 'unknown'] as const
export type ProviderState = (typeof providerStates)[number]

/** One row, changed by compare-and-set on its epoch. Null in its place: nothing was ever seen. */
export interface Verdict {
  epoch: number
  state: ProviderState
  since: string
  /** Since when people are sent another way; null: they are not. */
  open_since: string | null
  closed_at: string | null
  decided_at: string
  decided_by: string
  why: Why
  /** An administrator's order: it holds until then, whatever is seen. */
  ordered: 'open' | 'closed' | null
  ordered_reason: string | null
  ordered_by: string | null
  ordered_until: string | null
}

export interface Why {
  sentence: string
  faults: { kind: string; fault: string; count: number }[]
  processes: { saw: number; live: number }
  is_control_good: boolean | null
}

export interface Provider {
  id: string
  name: string
  preset: Preset
  issuer: string
  client_id: string
  token_endpoint_auth: 'client_secret_basic' | 'client_secret_post' | 'none'
  has_client_secret: boolean
  client_secret_expires_at: string | null
  scopes: string[]
  tenants: string[]
  domains: string[]
  trusts_email: boolean
  trusts_factors: boolean
  /** Trusted later than at the beginning: what it says counts from then on. */
  email_counts_from: string | null
  factors_count_from: string | null
  keys_good_for_ms: number
  is_enabled: boolean
  tested_at: string | null
  created_at: string
  changed_at: string
  version: number
  callback_url: string
  last_fetched: { discovery: string | null; keys: string | null }
  verdict: Verdict | null
  /** Where it is read alone: whose own way out is cut off, of all providers alike. */
  cut_off?: { process_id: string; cut_off_at: string }[]
}

export interface ProviderTest {
  is_good: boolean
  steps: { name: string; outcome: 'good' | 'bad'; detail: string }[]
}

/** One that signs its tokens, as it was seen in its sets. */
export interface ProviderKey {
  /** RFC 7638; a `kid` can be given out again. */
  thumbprint: string
  kid: string | null
  first_seen_at: string
  last_seen_at: string
  withdrawn_at: string | null
}

export const evidenceKinds = ['discovery', 'keys', 'authorization', 'token', 'exchange'] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

/** What one process saw on a TLS connection that it opened itself. */
export interface Evidence {
  process_id: string
  seen_at: string
  /** One look at everything at once; null: a real sign-in. */
  round: string | null
  kind: EvidenceKind
  outcome: 'good' | 'fault' | 'limited'
  fault: string | null
  detail: string | null
  took_ms: number
  /** Whether the control target answered then; null: it was not asked. */
  is_control_good: boolean | null
}

export interface VerdictChange {
  epoch: number
  at: string
  state: ProviderState
  is_open: boolean
  by: string
  why: Why
}
