import { createRoute } from '@tanstack/react-router'
import type { SessionsSearch } from '../paths.ts'
import { root } from '../root.tsx'
import { moment, oneOf, text } from '../search.ts'
import * as session from './session-panel.tsx'
import * as sessions from './sessions-page.tsx'

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

export const sessionRoutes = sessionsRoute.addChildren([sessionRoute])
