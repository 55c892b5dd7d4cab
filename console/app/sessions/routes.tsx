import { createRoute } from '@tanstack/react-router'
import { type ImpersonationsSearch, type SessionsSearch, type WhySearch, whyWindows } from '../paths.ts'
import { root } from '../root.tsx'
import { moment, oneOf, text } from '../search.ts'
import * as impersonations from './impersonations/impersonations-page.tsx'
import * as session from './session-panel.tsx'
import * as sessions from './sessions-page.tsx'
import * as why from './why/why-page.tsx'

const sessionsRoute = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  staticData: { crumb: sessions.crumb },
  validateSearch: (search): SessionsSearch => ({
    state: oneOf(search.state, ['ended', 'all']),
    user: text(search.user),
    organization: text(search.organization),
    audience: text(search.audience),
    from: moment(search.from),
    to: moment(search.to),
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

const whyRoute = createRoute({
  getParentRoute: () => root,
  path: '/sessions/why',
  staticData: { crumb: why.crumb },
  validateSearch: (search): WhySearch => ({
    user: text(search.user),
    session: text(search.session),
    at: moment(search.at),
    window: oneOf(search.window, whyWindows),
    cursor: text(search.cursor),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => why.loader(context.client, deps),
  component: why.WhyPage,
})

const impersonationsRoute = createRoute({
  getParentRoute: () => root,
  path: '/sessions/impersonations',
  staticData: { crumb: impersonations.crumb },
  validateSearch: (search): ImpersonationsSearch => ({ user: text(search.user), cursor: text(search.cursor) }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => impersonations.loader(context.client, deps),
  component: impersonations.ImpersonationsPage,
})

export const sessionRoutes = sessionsRoute.addChildren([sessionRoute])
export const signOutRoutes = [whyRoute, impersonationsRoute] as const
