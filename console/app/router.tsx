import type { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { applicationRoutes, brandRoute } from './applications/routes.tsx'
import { auditRoutes } from './audit/routes.tsx'
import { backupsRoute } from './backups/routes.tsx'
import { flagRoutes } from './flags/routes.tsx'
import { homeRoute } from './home/routes.tsx'
import { organizationRoutes } from './organizations/routes.tsx'
import { BASE_PATH } from './paths.ts'
import { providerRoutes } from './providers/routes.tsx'
import { root } from './root.tsx'
import { segmentRoutes } from './segments/routes.tsx'
import { sessionRoutes, signOutRoutes } from './sessions/routes.tsx'
import { settingsRoute } from './settings/routes.tsx'
import { Fault, Nowhere } from './shell/nowhere.tsx'
import { signingKeysRoute } from './signing-keys/routes.tsx'
import { staffRoute } from './staff/routes.tsx'
import { statisticsRoute } from './statistics/routes.tsx'
import { tokenRoutes } from './tokens/routes.tsx'
import { userRoutes } from './users/routes.tsx'

const routeTree = root.addChildren([
  homeRoute,
  userRoutes,
  organizationRoutes,
  sessionRoutes,
  ...signOutRoutes,
  ...flagRoutes,
  ...segmentRoutes,
  ...providerRoutes,
  applicationRoutes,
  brandRoute,
  tokenRoutes,
  statisticsRoute,
  auditRoutes,
  signingKeysRoute,
  staffRoute,
  backupsRoute,
  settingsRoute,
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
