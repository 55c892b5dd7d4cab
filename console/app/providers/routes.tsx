import { createRoute } from '@tanstack/react-router'
import {
  type FailOverSignInsSearch,
  type KeptOutSearch,
  type ProviderSearch,
  type ProvidersSearch,
  providerAsks,
  providerParts,
  type ReadinessPeopleSearch,
} from './provider-search.ts'
import { root } from '../root.tsx'
import { oneOf, text } from '../search.ts'
import * as provider from './detail/provider-page.tsx'
import * as keptOut from './fail-over/kept-out-page.tsx'
import * as signIns from './fail-over/sign-ins-page.tsx'
import * as providers from './providers-page.tsx'
import * as organizations from './readiness/organizations-page.tsx'
import * as people from './readiness/people-page.tsx'
import * as readiness from './readiness/readiness-page.tsx'

const providersRoute = createRoute({
  getParentRoute: () => root,
  path: '/providers',
  staticData: { crumb: providers.crumb },
  validateSearch: (search): ProvidersSearch => ({ cursor: text(search.cursor), make: oneOf(search.make, ['yes']) }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => providers.loader(context.client, deps),
  component: providers.ProvidersPage,
})

const readinessRoute = createRoute({
  getParentRoute: () => root,
  path: '/providers/readiness',
  staticData: { crumb: readiness.crumb },
  loader: ({ context }) => readiness.loader(context.client),
  component: readiness.ReadinessPage,
})

const peopleRoute = createRoute({
  getParentRoute: () => root,
  path: '/providers/readiness/$providerId',
  staticData: { crumb: people.crumb },
  validateSearch: (search): ReadinessPeopleSearch => ({
    organization: text(search.organization),
    able: oneOf(search.able, ['unknown', 'email', 'provider', 'all']),
    why: text(search.why),
    cursor: text(search.cursor),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => people.loader(context.client, params.providerId, deps),
  component: people.PeoplePage,
})

const organizationsRoute = createRoute({
  getParentRoute: () => root,
  path: '/providers/readiness/$providerId/organizations',
  staticData: { crumb: organizations.crumb },
  validateSearch: (search): { cursor?: string | undefined } => ({ cursor: text(search.cursor) }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => organizations.loader(context.client, params.providerId, deps.cursor),
  component: organizations.OrganizationsReadyPage,
})

const signInsRoute = createRoute({
  getParentRoute: () => root,
  path: '/providers/sign-ins',
  staticData: { crumb: signIns.crumb },
  validateSearch: (search): FailOverSignInsSearch => ({
    provider: text(search.provider),
    organization: text(search.organization),
    cursor: text(search.cursor),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => signIns.loader(context.client, deps),
  component: signIns.SignInsPage,
})

const keptOutRoute = createRoute({
  getParentRoute: () => root,
  path: '/providers/kept-out',
  staticData: { crumb: keptOut.crumb },
  validateSearch: (search): KeptOutSearch => ({ organization: text(search.organization) }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => keptOut.loader(context.client, deps),
  component: keptOut.KeptOutPage,
})

const providerRoute = createRoute({
  getParentRoute: () => root,
  path: '/providers/$providerId',
  staticData: { crumb: provider.crumb },
  validateSearch: (search): ProviderSearch => ({
    part: oneOf(search.part, providerParts),
    ask: oneOf(search.ask, providerAsks),
    cursor: text(search.cursor),
  }),
  loader: ({ context, params }) => provider.loader(context.client, params.providerId),
  component: provider.ProviderPage,
})

export const providerRoutes = [
  providersRoute,
  readinessRoute,
  peopleRoute,
  organizationsRoute,
  signInsRoute,
  keptOutRoute,
  providerRoute,
] as const
