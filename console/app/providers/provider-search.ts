/** What the addresses of providers, readiness and fail-over sign-ins may hold; `paths.ts` makes them. */

export interface ProvidersSearch {
  cursor?: string | undefined
  make?: 'yes' | undefined
}
/** Parts of the page of a provider; absent means its state. */
export const providerParts = ['evidence', 'history', 'settings'] as const
export type ProviderPart = (typeof providerParts)[number]
export const providerAsks = [
  'edit',
  'secret',
  'test',
  'enable',
  'disable',
  'delete',
  'force',
  'forbid',
  'clear-order',
] as const
export type ProviderAsk = (typeof providerAsks)[number]
export interface ProviderSearch {
  part?: ProviderPart | undefined
  ask?: ProviderAsk | undefined
  /** Of evidence and history: their page. */
  cursor?: string | undefined
}
/** Who could not sign in without a provider. */
export interface ReadinessPeopleSearch {
  organization?: string | undefined
  /** Absent means those who could not. */
  able?: Exclude<AbleFilter, 'no'> | undefined
  why?: string | undefined
  cursor?: string | undefined
}
export const ableFilters = ['no', 'unknown', 'email', 'provider', 'all'] as const
export type AbleFilter = (typeof ableFilters)[number]
export interface FailOverSignInsSearch {
  provider?: string | undefined
  organization?: string | undefined
  cursor?: string | undefined
}
/** Whom fail-over kept out. */
export interface KeptOutSearch {
  organization?: string | undefined
}
