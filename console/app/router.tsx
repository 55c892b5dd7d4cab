import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter } from '@tanstack/react-router'
import * as home from './home/home-page.tsx'
import { BASE_PATH, type SessionsSearch, type UsersSearch } from './paths.ts'
import * as session from './sessions/session-panel.tsx'
import * as sessions from './sessions/sessions-page.tsx'
import { Fault, Nowhere } from './shell/nowhere.tsx'
import { Shell } from './shell/shell.tsx'
import * as signingKeys from './signing-keys/signing-keys-page.tsx'
import * as user from './users/user-panel.tsx'
import * as users from './users/users-page.tsx'

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Shell })

const homeRoute = createRoute({
  getParentRoute: () => root,
  path: '/',
  staticData: { crumb: home.crumb, tellsOutagesItself: true },
  loader: ({ context }) => home.loader(context.client),
  component: home.HomePage,
})

const usersRoute = createRoute({
  getParentRoute: () => root,
  path: '/users',
  staticData: { crumb: users.crumb },
  validateSearch: (search): UsersSearch => ({ query: text(search.query), cursor: text(search.cursor) }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => users.loader(context.client, deps),
  component: users.UsersPage,
})

const userRoute = createRoute({
  getParentRoute: () => usersRoute,
  path: '$userId',
  staticData: { crumb: user.crumb },
  loader: ({ context, params }) => user.loader(context.client, params.userId),
  component: user.UserPanel,
})

const sessionsRoute = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  staticData: { crumb: sessions.crumb },
  validateSearch: (search): SessionsSearch => ({
    state: search.state === 'ended' || search.state === 'all' ? search.state : undefined,
    user: text(search.user),
    cursor: text(search.cursor),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => sessions.loader(context.client, deps),
  component: sessions.SessionsPage,
})

const sessionRoute = createRoute({
  getParentRoute: () => sessionsRoute,
  path: '$sessionId',
  staticData: { crumb: session.crumb },
  loader: ({ context, params }) => session.loader(context.client, params.sessionId),
  component: session.SessionPanel,
})

const signingKeysRoute = createRoute({
  getParentRoute: () => root,
  path: '/signing-keys',
  staticData: { crumb: signingKeys.crumb },
  loader: ({ context }) => signingKeys.loader(context.client),
  component: signingKeys.SigningKeysPage,
})

const routeTree = root.addChildren([
  homeRoute,
  usersRoute.addChildren([userRoute]),
  sessionsRoute.addChildren([sessionRoute]),
  signingKeysRoute,
])

export function createConsoleRouter(client: QueryClient) {
  return createRouter({
    routeTree,
    basepath: BASE_PATH,
    context: { client },
    defaultPreload: 'intent',
    // The query cache knows what is fresh; the router must not keep a second opinion.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: Fault,
    defaultNotFoundComponent: Nowhere,
    scrollRestoration: true,
    // Plain `?query=ana`, as a person would write it, in place of JSON.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
      return given.length > 0 ? `?${new URLSearchParams(given as [string, string][])}` : ''
    },
  })
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
  interface StaticDataRouteOption {
    crumb?: string
    /** The page says what is away in its own place, so the notice across the top would say it twice. */
    tellsOutagesItself?: boolean
  }
}
