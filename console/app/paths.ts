/** Every address that the console knows: its own pages, the API, and the pages of access it sends people to. */
import type { SessionStateFilter } from './api/wire.ts'

/** Where the console is mounted on access. */
export const BASE_PATH = '/console'

/** Our own pages, ready to be spread into a Link or `navigate`. */
export const to = {
  home: () => ({ to: '/' }) as const,
  users: (search: UsersSearch = {}) => ({ to: '/users', search }) as const,
  user: (userId: string, search: UsersSearch = {}) => ({ to: '/users/$userId', params: { userId }, search }) as const,
  sessions: (search: SessionsSearch = {}) => ({ to: '/sessions', search }) as const,
  session: (sessionId: string, search: SessionsSearch = {}) =>
    ({ to: '/sessions/$sessionId', params: { sessionId }, search }) as const,
  signingKeys: () => ({ to: '/signing-keys' }) as const,
}

export interface UsersSearch {
  query?: string | undefined
  cursor?: string | undefined
}

export interface SessionsSearch {
  /** Absent means live. */
  state?: Exclude<SessionStateFilter, 'live'> | undefined
  user?: string | undefined
  cursor?: string | undefined
}

export const api = {
  session: () => '/v1/session',
  overview: () => '/v1/overview',
  users: (query: { query?: string | undefined; cursor?: string | undefined; limit: number }) =>
    `/v1/users${queryString(query)}`,
  user: (id: string) => `/v1/users/${encodeURIComponent(id)}`,
  userSessions: (id: string) => `/v1/users/${encodeURIComponent(id)}/sessions`,
  sessions: (query: {
    user_id?: string | undefined
    state: SessionStateFilter
    cursor?: string | undefined
    limit: number
  }) => `/v1/sessions${queryString(query)}`,
  oneSession: (id: string) => `/v1/sessions/${encodeURIComponent(id)}`,
  signingKeys: () => '/v1/signing-keys',
  signingKeyRotations: () => '/v1/signing-key-rotations',
}

/** Pages that access serves itself. */
export const hosted = {
  signIn: (returnTo: string) => `/sign-in${queryString({ application: 'console', return_to: returnTo })}`,
  /** What a customer meets. */
  customerSignIn: () => '/sign-in',
  account: () => '/account',
}

function queryString(values: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  return query.size > 0 ? `?${query}` : ''
}
