import { createRoute } from '@tanstack/react-router'
import { type FlagsSearch, type SegmentAsk, segmentAsks } from '../paths.ts'
import { root } from '../root.tsx'
import { oneOf, text } from '../search.ts'
import * as segment from './segment-page.tsx'
import * as segments from './segments-page.tsx'

const segmentsRoute = createRoute({
  getParentRoute: () => root,
  path: '/segments',
  staticData: { crumb: segments.crumb },
  validateSearch: (search): FlagsSearch => ({
    query: text(search.query),
    state: oneOf(search.state, ['archived', 'all']),
    cursor: text(search.cursor),
    make: oneOf(search.make, ['yes']),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => segments.loader(context.client, deps),
  component: segments.SegmentsPage,
})

const segmentRoute = createRoute({
  getParentRoute: () => root,
  path: '/segments/$segmentKey',
  staticData: { crumb: segment.crumb },
  validateSearch: (search): { ask?: SegmentAsk | undefined } => ({ ask: oneOf(search.ask, segmentAsks) }),
  loader: ({ context, params }) => segment.loader(context.client, params.segmentKey),
  component: segment.SegmentPage,
})

export const segmentRoutes = [segmentsRoute, segmentRoute]
