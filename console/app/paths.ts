/** Every address that the console knows: its own pages, the API, and the pages of access it sends people to. */
import type { LinkProps } from '@tanstack/react-router'
import type { PreviewPage } from './api/wire/applications.ts'
import type { FlagStateFilter } from './api/wire/flags.ts'
import type { OrganizationStateFilter } from './api/wire/organizations.ts'
import type { Range } from './api/wire/statistics.ts'
import type { TokenState } from './api/wire/tokens.ts'
import type { SessionStateFilter, UserState } from './api/wire.ts'
import type {
  FailOverSignInsSearch,
  ProviderSearch,
  ProvidersSearch,
  KeptOutSearch,
  ReadinessPeopleSearch,
} from './providers/provider-search.ts'

/** Where the console is mounted on access. */
export const BASE_PATH = '/console'

/** Our own pages, ready to be spread into a Link or `navigate`. */
export const to = {
  home: () => ({ to: '/' }) as const,
  users: (search: UsersSearch = {}) => ({ to: '/users', search }) as const,
  user: (userId: string, search: UserSearch = {}) => ({ to: '/users/$userId', params: { userId }, search }) as const,
  organizations: (search: OrganizationsSearch = {}) => ({ to: '/organizations', search }) as const,
  organization: (organizationId: string, search: OrganizationSearch = {}) =>
    ({ to: '/organizations/$organizationId', params: { organizationId }, search }) as const,
  sessions: (search: SessionsSearch = {}) => ({ to: '/sessions', search }) as const,
  session: (sessionId: string, search: SessionsSearch = {}) =>
    ({ to: '/sessions/$sessionId', params: { sessionId }, search }) as const,
  /** Why was I signed out? */
  why: (search: WhySearch = {}) => ({ to: '/sessions/why', search }) as const,
  impersonations: (search: ImpersonationsSearch = {}) => ({ to: '/sessions/impersonations', search }) as const,
  flags: (search: FlagsSearch = {}) => ({ to: '/flags', search }) as const,
  flag: (flagKey: string, search: FlagSearch = {}) => ({ to: '/flags/$flagKey', params: { flagKey }, search }) as const,
  flagTry: (search: FlagTrySearch = {}) => ({ to: '/flags/try', search }) as const,
  flagChanges: (search: FlagChangesSearch = {}) => ({ to: '/flags/changes', search }) as const,
  flagFleet: () => ({ to: '/flags/fleet' }) as const,
  segments: (search: FlagsSearch = {}) => ({ to: '/segments', search }) as const,
  segment: (segmentKey: string, search: { ask?: SegmentAsk | undefined } = {}) =>
    ({ to: '/segments/$segmentKey', params: { segmentKey }, search }) as const,
  providers: (search: ProvidersSearch = {}) => ({ to: '/providers', search }) as const,
  provider: (providerId: string, search: ProviderSearch = {}) =>
    ({ to: '/providers/$providerId', params: { providerId }, search }) as const,
  /** Who could sign in if a provider died now. */
  readiness: () => ({ to: '/providers/readiness' }) as const,
  readinessPeople: (providerId: string, search: ReadinessPeopleSearch = {}) =>
    ({ to: '/providers/readiness/$providerId', params: { providerId }, search }) as const,
  readinessOrganizations: (providerId: string, search: { cursor?: string | undefined } = {}) =>
    ({ to: '/providers/readiness/$providerId/organizations', params: { providerId }, search }) as const,
  failOverSignIns: (search: FailOverSignInsSearch = {}) => ({ to: '/providers/sign-ins', search }) as const,
  keptOut: (search: KeptOutSearch = {}) => ({ to: '/providers/kept-out', search }) as const,
  applications: (search: ListSearch = {}) => ({ to: '/applications', search }) as const,
  application: (applicationId: string, search: ApplicationSearch = {}) =>
    ({ to: '/applications/$applicationId', params: { applicationId }, search }) as const,
  brand: (applicationId: string, search: BrandSearch = {}) =>
    ({ to: '/applications/$applicationId/brand', params: { applicationId }, search }) as const,
  tokens: (search: TokensSearch = {}) => ({ to: '/tokens', search }) as const,
  token: (tokenId: string, search: TokenSearch = {}) =>
    ({ to: '/tokens/$tokenId', params: { tokenId }, search }) as const,
  statistics: (search: StatisticsSearch = {}) => ({ to: '/statistics', search }) as const,
  audit: (search: AuditSearch = {}) => ({ to: '/audit', search }) as const,
  auditEntry: (entryId: string, search: AuditSearch = {}) =>
    ({ to: '/audit/$entryId', params: { entryId }, search }) as const,
  signingKeys: (search: { ask?: 'rotate' | undefined } = {}) => ({ to: '/signing-keys', search }) as const,
  staff: (search: { ask?: 'add' | 'print' | undefined } = {}) => ({ to: '/staff', search }) as const,
  backups: () => ({ to: '/backups' }) as const,
  settings: () => ({ to: '/settings' }) as const,
}

const pagesOfThings: Record<string, (thingId: string) => object> = {
  person: to.user,
  user: to.user,
  organization: to.organization,
  application: to.application,
  provider: to.provider,
  session: to.session,
  token: to.token,
  flag: to.flag,
  segment: to.segment,
  evaluator: to.segment,
  flags: () => to.flagChanges(),
}

/** The page of one thing, by what access calls its kind; null: it has none here. */
export function pageOf(kind: string, thingId: string): LinkProps | null {
  // Each search has words of its own, which the type of all links together cannot tell apart.
  return (pagesOfThings[kind]?.(thingId) ?? null) as LinkProps | null
}

/** What the address of any list may hold. `make: 'yes'` opens the form that makes one, so that a link can. */
export interface ListSearch {
  query?: string | undefined
  cursor?: string | undefined
  make?: 'yes' | undefined
}

export interface UsersSearch extends ListSearch {
  /** Absent means everybody. */
  state?: UserState | undefined
  organization?: string | undefined
}

/** Parts of the panel of somebody; absent means the profile. */
export const userParts = ['methods', 'sessions', 'organizations', 'audit'] as const
export type UserPart = (typeof userParts)[number]
/** Forms and questions about somebody, each with an address: so signing in again leads back into them. */
export const userAsks = [
  'edit',
  'email',
  'block',
  'unblock',
  'delete',
  'undo-deletion',
  'end-all',
  'act',
  'remove-passkey',
  'remove-identity',
  'close-identity',
  'reopen-identity',
] as const
export type UserAsk = (typeof userAsks)[number]

export interface UserSearch extends UsersSearch {
  part?: UserPart | undefined
  ask?: UserAsk | undefined
  /** The passkey or the linked identity that is asked about. */
  which?: string | undefined
}

export interface OrganizationsSearch extends ListSearch {
  /** Absent means active. */
  state?: Exclude<OrganizationStateFilter, 'active'> | undefined
}

/** Parts of the panel of an organisation; absent means the details. */
export const organizationParts = ['members', 'invitations', 'sign-in', 'sessions'] as const
export type OrganizationPart = (typeof organizationParts)[number]
export const organizationAsks = [
  'edit',
  'delete',
  'undo-deletion',
  'add',
  'invite',
  'policy',
  'withdraw-policy',
  'rescue',
] as const
export type OrganizationAsk = (typeof organizationAsks)[number]

export interface OrganizationSearch extends OrganizationsSearch {
  part?: OrganizationPart | undefined
  /** The page of that part. */
  from?: string | undefined
  ask?: OrganizationAsk | undefined
}

export interface FlagsSearch extends ListSearch {
  /** Absent means live. */
  state?: Exclude<FlagStateFilter, 'live'> | undefined
  tag?: string | undefined
}
/** Parts of the page of a flag; absent means its rule. */
export const flagParts = ['try', 'history'] as const
export type FlagPart = (typeof flagParts)[number]
export const flagAsks = ['kill', 'switch-on', 'archive', 'bring-back', 'delete'] as const
export type FlagAsk = (typeof flagAsks)[number]
export interface FlagSearch {
  part?: FlagPart | undefined
  ask?: FlagAsk | undefined
  /** Of the history: its page. */
  cursor?: string | undefined
  /** Of trying: the context, in JSON, so that a link asks the same. */
  context?: string | undefined
}
export const segmentAsks = ['archive', 'bring-back', 'delete'] as const
export type SegmentAsk = (typeof segmentAsks)[number]
export interface FlagTrySearch {
  context?: string | undefined
  query?: string | undefined
}
export interface FlagChangesSearch {
  key?: string | undefined
  kind?: 'flag' | 'segment' | undefined
  cursor?: string | undefined
  ask?: FlagsAsk | undefined
}
export const flagsAsks = ['restore', 'adopt', 'rotate-key'] as const
export type FlagsAsk = (typeof flagsAsks)[number]

export const applicationAsks = ['edit', 'rotate', 'delete'] as const
export type ApplicationAsk = (typeof applicationAsks)[number]
export interface ApplicationSearch extends ListSearch {
  ask?: ApplicationAsk | undefined
}

/** Which hosted page is looked at, and as whom. Absent: what stands first in each list. */
export interface BrandSearch {
  page?: Exclude<PreviewPage, 'sign-in'> | undefined
  language?: 'de' | undefined
  scheme?: 'dark' | undefined
  width?: '1000' | undefined
  /** What people see at this moment, in place of what is being changed. */
  show?: 'now' | undefined
}

export interface TokensSearch extends ListSearch {
  /** Absent means all. */
  state?: TokenState | undefined
}
export interface TokenSearch extends TokensSearch {
  ask?: 'revoke' | undefined
}

export interface SessionsSearch {
  /** Absent means live. */
  state?: Exclude<SessionStateFilter, 'live'> | undefined
  user?: string | undefined
  organization?: string | undefined
  audience?: string | undefined
  from?: string | undefined
  to?: string | undefined
  cursor?: string | undefined
}

/** By person, by session, or by time; none of them shows the newest ends of all. */
export interface WhySearch {
  user?: string | undefined
  session?: string | undefined
  at?: string | undefined
  /** So many minutes around each end, and around `at`. Absent means 30. */
  window?: WhyWindow | undefined
  cursor?: string | undefined
}
export const whyWindows = ['5', '60', '120'] as const
export type WhyWindow = (typeof whyWindows)[number]

export interface ImpersonationsSearch {
  user?: string | undefined
  cursor?: string | undefined
}

export interface StatisticsSearch {
  /** Absent means the last hour. */
  range?: Exclude<Range, 'hour'> | undefined
  organization?: string | undefined
  /** Absent means charts. */
  as?: 'tables' | undefined
}

export interface AuditSearch {
  actor?: string | undefined
  subject?: string | undefined
  action?: string | undefined
  organization?: string | undefined
  from?: string | undefined
  to?: string | undefined
  cursor?: string | undefined
}

/** A list is asked for with its filters, from a cursor on. */
export type Ask = Record<string, string | number | undefined>
const id = encodeURIComponent

export const api = {
  session: () => '/v1/session',
  overview: () => '/v1/overview',
  search: (query: string) => `/v1/search${queryString({ query })}`,
  statistics: (ask: Ask) => `/v1/statistics${queryString(ask)}`,

  users: (ask: Ask) => `/v1/users${queryString(ask)}`,
  user: (userId: string) => `/v1/users/${id(userId)}`,
  userSessions: (userId: string) => `/v1/users/${id(userId)}/sessions`,
  userBlock: (userId: string) => `/v1/users/${id(userId)}/block`,
  userDeletion: (userId: string) => `/v1/users/${id(userId)}/deletion`,
  userExport: (userId: string, format?: 'html') => `/v1/users/${id(userId)}/export${queryString({ format })}`,
  userEmailChanges: (userId: string) => `/v1/users/${id(userId)}/email-changes`,

  organizations: (ask: Ask = {}) => `/v1/organizations${queryString(ask)}`,
  organization: (organizationId: string) => `/v1/organizations/${id(organizationId)}`,
  organizationDeletion: (organizationId: string) => `/v1/organizations/${id(organizationId)}/deletion`,
  memberships: (ask: Ask = {}) => `/v1/memberships${queryString(ask)}`,
  membership: (membershipId: string) => `/v1/memberships/${id(membershipId)}`,
  invitations: (ask: Ask = {}) => `/v1/invitations${queryString(ask)}`,
  invitation: (invitationId: string) => `/v1/invitations/${id(invitationId)}`,
  invitationDeliveries: (invitationId: string) => `/v1/invitations/${id(invitationId)}/deliveries`,

  sessions: (ask: Ask) => `/v1/sessions${queryString(ask)}`,
  oneSession: (sessionId: string) => `/v1/sessions/${id(sessionId)}`,
  sessionEnds: (ask: Ask) => `/v1/session-ends${queryString(ask)}`,
  impersonations: (ask: Ask = {}) => `/v1/impersonations${queryString(ask)}`,
  impersonation: (impersonationId: string) => `/v1/impersonations/${id(impersonationId)}`,

  flags: ({ query, ...ask }: Ask = {}) => `/v1/flags${queryString({ q: query, ...ask })}`,
  flag: (key: string) => `/v1/flags/${id(key)}`,
  flagKill: (key: string) => `/v1/flags/${id(key)}/kill`,
  flagArchive: (key: string) => `/v1/flags/${id(key)}/archive`,
  flagBringBack: (key: string) => `/v1/flags/${id(key)}/bring-back`,
  flagDeletion: () => '/v1/flags/delete',
  flagChanges: (ask: Ask = {}) => `/v1/flags/changes${queryString(ask)}`,
  flagChangeUndo: (changeId: string) => `/v1/flags/changes/${id(changeId)}/undo`,
  flagExport: () => '/v1/flags/export',
  flagMetadata: () => '/v1/flags/metadata',
  flagRestore: () => '/v1/flags/restore',
  flagAdopt: () => '/v1/flags/adopt',
  flagKeyRotation: () => '/v1/flags/rotate-key',
  flagFleet: () => '/v1/flags/fleet',
  segments: ({ query, ...ask }: Ask = {}) => `/v1/flags/segments${queryString({ q: query, ...ask })}`,
  segment: (key: string) => `/v1/flags/segments/${id(key)}`,
  segmentArchive: (key: string) => `/v1/flags/segments/${id(key)}/archive`,
  segmentBringBack: (key: string) => `/v1/flags/segments/${id(key)}/bring-back`,

  providers: (ask: Ask = {}) => `/v1/providers${queryString(ask)}`,
  provider: (providerId: string) => `/v1/providers/${id(providerId)}`,
  providerTest: (providerId: string) => `/v1/providers/${id(providerId)}/test`,
  providerEnable: (providerId: string) => `/v1/providers/${id(providerId)}/enable`,
  providerDisable: (providerId: string) => `/v1/providers/${id(providerId)}/disable`,
  providerOrder: (providerId: string) => `/v1/providers/${id(providerId)}/order`,
  providerKeys: (providerId: string) => `/v1/providers/${id(providerId)}/keys`,
  providerKeyReinstatements: (providerId: string) => `/v1/providers/${id(providerId)}/key-reinstatements`,
  providerEvidence: (providerId: string, ask: Ask = {}) =>
    `/v1/providers/${id(providerId)}/evidence${queryString(ask)}`,
  providerHistory: (providerId: string, ask: Ask = {}) => `/v1/providers/${id(providerId)}/history${queryString(ask)}`,
  readiness: () => '/v1/readiness',
  readinessPeople: (providerId: string, ask: Ask = {}) => `/v1/readiness/${id(providerId)}/people${queryString(ask)}`,
  readinessOrganizations: (providerId: string, ask: Ask = {}) =>
    `/v1/readiness/${id(providerId)}/organizations${queryString(ask)}`,
  failOverSignIns: (ask: Ask = {}) => `/v1/fail-over/sign-ins${queryString(ask)}`,
  failOverRefusals: (ask: Ask = {}) => `/v1/fail-over/refusals${queryString(ask)}`,
  failOverExercises: () => '/v1/fail-over/exercises',
  signInPolicy: (organizationId: string) => `/v1/organizations/${id(organizationId)}/sign-in-policy`,
  signInPolicyWaiting: (organizationId: string) => `/v1/organizations/${id(organizationId)}/sign-in-policy/waiting`,
  failOverPreview: (organizationId: string, ask: Ask) =>
    `/v1/organizations/${id(organizationId)}/fail-over-preview${queryString(ask)}`,
  organizationRescues: (organizationId: string) => `/v1/organizations/${id(organizationId)}/rescues`,
  rescues: (ask: Ask = {}) => `/v1/rescues${queryString(ask)}`,
  rescue: (rescueId: string) => `/v1/rescues/${id(rescueId)}`,
  signInMethods: (userId: string) => `/v1/users/${id(userId)}/sign-in-methods`,
  passkeyOfUser: (userId: string, passkeyId: string) => `/v1/users/${id(userId)}/passkeys/${id(passkeyId)}`,
  linkedIdentity: (userId: string, identityId: string) => `/v1/users/${id(userId)}/linked-identities/${id(identityId)}`,
  linkedIdentityClose: (userId: string, identityId: string) =>
    `/v1/users/${id(userId)}/linked-identities/${id(identityId)}/close`,
  linkedIdentityReopen: (userId: string, identityId: string) =>
    `/v1/users/${id(userId)}/linked-identities/${id(identityId)}/reopen`,

  applications: (ask: Ask = {}) => `/v1/applications${queryString(ask)}`,
  application: (applicationId: string) => `/v1/applications/${id(applicationId)}`,
  applicationKeyRotations: (applicationId: string) => `/v1/applications/${id(applicationId)}/key-rotations`,
  brandPreviews: () => '/v1/brand-previews',
  tokens: (ask: Ask = {}) => `/v1/tokens${queryString(ask)}`,
  token: (tokenId: string) => `/v1/tokens/${id(tokenId)}`,
  browserTokens: () => '/v1/browser-tokens',

  audit: (ask: Ask) => `/v1/audit${queryString(ask)}`,
  auditExport: (ask: Ask) => `/v1/audit/export${queryString(ask)}`,
  auditSeal: () => '/v1/audit/seal',
  auditEntry: (entryId: string) => `/v1/audit/${id(entryId)}`,

  signingKeys: () => '/v1/signing-keys',
  signingKeyRotations: () => '/v1/signing-key-rotations',
  staff: () => '/v1/staff',
  staffMember: (userId: string) => `/v1/staff/${id(userId)}`,
  breakGlassCodes: () => '/v1/break-glass-codes',
  backups: () => '/v1/backups',
  settings: () => '/v1/settings',
}

/** Pages that access serves itself. */
export const hosted = {
  signIn: (returnTo: string) => `/sign-in${queryString({ application: 'console', return_to: returnTo })}`,
  /** Without an age whoever is signed in would be sent straight back, none the fresher; and by the strongest method they have. */
  signInAgain: (returnTo: string) =>
    `/sign-in${queryString({ application: 'console', return_to: returnTo, max_age: FRESH_S, strongest: 1 })}`,
  /** What a customer meets. */
  customerSignIn: () => '/sign-in',
  account: () => '/account',
  docs: () => '/docs',
}

/** Seconds: whoever has just signed in again in another tab is not asked once more. */
const FRESH_S = 60

function queryString(values: Ask): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  return query.size > 0 ? `?${query}` : ''
}
