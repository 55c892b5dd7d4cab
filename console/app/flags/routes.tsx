import { createRoute } from '@tanstack/react-router'
import {
  type FlagChangesSearch,
  type FlagSearch,
  type FlagsSearch,
  type FlagTrySearch,
  flagAsks,
  flagParts,
  flagsAsks,
} from '../paths.ts'
import { root } from '../root.tsx'
import { oneOf, text } from '../search.ts'
import * as changes from './changes/changes-page.tsx'
import * as flag from './flag-page.tsx'
import * as flags from './flags-page.tsx'
import * as fleet from './fleet/fleet-page.tsx'
import * as trying from './try/try-page.tsx'

const flagsRoute = createRoute({
  getParentRoute: () => root,
  path: '/flags',
  staticData: { crumb: flags.crumb },
  validateSearch: (search): FlagsSearch => ({
    query: text(search.query),
    state: oneOf(search.state, ['archived', 'all']),
    tag: text(search.tag),
    cursor: text(search.cursor),
    make: oneOf(search.make, ['yes']),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => flags.loader(context.client, deps),
  component: flags.FlagsPage,
})

/** Words of the API that no flag may be called by, so that they are free for pages. */
const tryRoute = createRoute({
  getParentRoute: () => root,
  path: '/flags/try',
  staticData: { crumb: trying.crumb },
  validateSearch: (search): FlagTrySearch => ({ context: text(search.context), query: text(search.query) }),
  loader: ({ context }) => trying.loader(context.client),
  component: trying.TryPage,
})

const changesRoute = createRoute({
  getParentRoute: () => root,
  path: '/flags/changes',
  staticData: { crumb: changes.crumb },
  validateSearch: (search): FlagChangesSearch => ({
    key: text(search.key),
    kind: oneOf(search.kind, ['flag', 'segment']),
    cursor: text(search.cursor),
    ask: oneOf(search.ask, flagsAsks),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => changes.loader(context.client, deps),
  component: changes.ChangesPage,
})

const fleetRoute = createRoute({
  getParentRoute: () => root,
  path: '/flags/fleet',
  staticData: { crumb: fleet.crumb },
  loader: ({ context }) => fleet.loader(context.client),
  component: fleet.FleetPage,
})

const flagRoute = createRoute({
  getParentRoute: () => root,
  path: '/flags/$flagKey',
  staticData: { crumb: flag.crumb },
  validateSearch: (search): FlagSearch => ({
    part: oneOf(search.part, flagParts),
    ask: oneOf(search.ask, flagAsks),
    cursor: text(search.cursor),
    context: text(search.context),
  }),
  loader: ({ context, params }) => flag.loader(context.client, params.flagKey),
  component: flag.FlagPage,
})

export const flagRoutes = [flagsRoute, tryRoute, changesRoute, fleetRoute, flagRoute]
