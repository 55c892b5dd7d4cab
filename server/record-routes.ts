import type { Features } from './features.ts'
import { auditAt, auditRoutes } from './ground/audit/index.ts'
import { searchRoutes } from './ground/search/index.ts'
import { type SettingsRoutesOptions, settingsRoutes } from './ground/settings/index.ts'
import { statisticsRoutes } from './ground/statistics/index.ts'
import type { Route } from './platform/http/index.ts'
import { labelsOver } from './labels-of.ts'
import { searchersOver } from './searchers.ts'

/** What is told of what happened, and of everything else there is: the search asks the addresses that list it. */
export function recordRoutes(
  features: Features,
  routes: readonly Route[],
  installation: SettingsRoutesOptions['installation'],
): Route[] {
  const { clock, database, sessions, settings } = features
  const { staff } = sessions.guards
  const db = database.database('request')
  return [
    ...auditRoutes({
      db,
      clock,
      audit: auditAt(() => clock.now()),
      labelsOf: labelsOver(features, db),
      guard: staff('audit:read'),
    }),
    ...statisticsRoutes({ db, clock, guard: staff('overview:read') }),
    ...searchRoutes({ guard: staff('overview:read'), searchers: searchersOver(routes) }),
    ...settingsRoutes({ db, guard: staff('settings:read'), settings, installation, node: process.versions.node }),
  ]
}
