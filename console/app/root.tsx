import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext } from '@tanstack/react-router'
import { Shell } from './shell/shell.tsx'

/** What all routes grow from; each feature has its own in `routes.tsx`. */
export const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Shell })
