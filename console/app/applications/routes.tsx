import { createRoute } from '@tanstack/react-router'
import type { ListSearch } from '../paths.ts'
import { root } from '../root.tsx'
import { oneOf, text } from '../search.ts'
import * as application from './application-panel.tsx'
import * as applications from './applications-page.tsx'

const applicationsRoute = createRoute({
  getParentRoute: () => root,
  path: '/applications',
  staticData: { crumb: applications.crumb },
  validateSearch: (search): ListSearch => ({
    query: text(search.query),
    cursor: text(search.cursor),
    make: oneOf(search.make, ['yes']),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => applications.loader(context.client, deps),
  component: applications.ApplicationsPage,
})

const applicationRoute = createRoute({
  getParentRoute: () => applicationsRoute,
  path: '$applicationId',
  staticData: { crumb: application.crumb },
  loader: ({ context, params }) => application.loader(context.client, params.applicationId),
  component: application.ApplicationPanel,
})

export const applicationRoutes = applicationsRoute.addChildren([applicationRoute])
