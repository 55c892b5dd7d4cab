import { createRoute } from '@tanstack/react-router'
import { previewPages } from '../api/wire/applications.ts'
import { type ApplicationSearch, applicationAsks, type BrandSearch, type ListSearch } from '../paths.ts'
import { root } from '../root.tsx'
import { oneOf, text } from '../search.ts'
import * as application from './application-panel.tsx'
import * as applications from './applications-page.tsx'
import * as brand from './brand/brand-page.tsx'

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
  validateSearch: (search): Pick<ApplicationSearch, 'ask'> => ({ ask: oneOf(search.ask, applicationAsks) }),
  loader: ({ context, params }) => application.loader(context.client, params.applicationId),
  component: application.ApplicationPanel,
})

const [, ...pagesButFirst] = previewPages

/** A page of its own, as the preview wants the room of the list. */
export const brandRoute = createRoute({
  getParentRoute: () => root,
  path: '/applications/$applicationId/brand',
  staticData: { crumb: brand.crumb },
  validateSearch: (search): BrandSearch => ({
    page: oneOf(search.page, pagesButFirst),
    language: oneOf(search.language, ['de']),
    scheme: oneOf(search.scheme, ['dark']),
    width: oneOf(search.width, ['1000']),
    show: oneOf(search.show, ['now']),
  }),
  loader: ({ context, params }) => brand.loader(context.client, params.applicationId),
  component: brand.BrandPage,
})

export const applicationRoutes = applicationsRoute.addChildren([applicationRoute])
