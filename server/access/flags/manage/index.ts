import type { Route } from '../../../platform/http/index.ts'
import { flagRoutes } from './flag-routes.ts'
import type { Management } from './management.ts'
import { segmentRoutes } from './segment-routes.ts'
import { setRoutes } from './set-routes.ts'

export type { Management } from './management.ts'

/** How people and programs change flags, as one table. */
export const managementRoutes = (parts: Management): Route[] => [
  ...flagRoutes(parts),
  ...segmentRoutes(parts),
  ...setRoutes(parts),
]
