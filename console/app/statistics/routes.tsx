import { createRoute } from '@tanstack/react-router'
import type { StatisticsSearch } from '../paths.ts'
import { root } from '../root.tsx'
import { oneOf, text } from '../search.ts'
import * as statistics from './statistics-page.tsx'

export const statisticsRoute = createRoute({
  getParentRoute: () => root,
  path: '/statistics',
  staticData: { crumb: statistics.crumb },
  validateSearch: (search): StatisticsSearch => ({
    range: oneOf(search.range, ['day', 'month']),
    organization: text(search.organization),
    as: oneOf(search.as, ['tables']),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => statistics.loader(context.client, deps),
  component: statistics.StatisticsPage,
})
