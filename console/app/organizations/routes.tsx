import { createRoute } from '@tanstack/react-router'
import { type OrganizationSearch, type OrganizationsSearch, organizationAsks, organizationParts } from '../paths.ts'
import { root } from '../root.tsx'
import { oneOf, text } from '../search.ts'
import * as organization from './organization-panel.tsx'
import * as organizations from './organizations-page.tsx'

const organizationsRoute = createRoute({
  getParentRoute: () => root,
  path: '/organizations',
  staticData: { crumb: organizations.crumb },
  validateSearch: (search): OrganizationsSearch => ({
    query: text(search.query),
    state: oneOf(search.state, ['deleting', 'all']),
    cursor: text(search.cursor),
    make: oneOf(search.make, ['yes']),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => organizations.loader(context.client, deps),
  component: organizations.OrganizationsPage,
})

const organizationRoute = createRoute({
  getParentRoute: () => organizationsRoute,
  path: '$organizationId',
  staticData: { crumb: organization.crumb },
  validateSearch: (search): Pick<OrganizationSearch, 'part' | 'from' | 'ask'> => ({
    part: oneOf(search.part, organizationParts),
    from: text(search.from),
    ask: oneOf(search.ask, organizationAsks),
  }),
  loader: ({ context, params }) => organization.loader(context.client, params.organizationId),
  component: organization.OrganizationPanel,
})

export const organizationRoutes = organizationsRoute.addChildren([organizationRoute])
