import { createRoute } from '@tanstack/react-router'
import type { ListSearch } from '../paths.ts'
import { root } from '../root.tsx'
import { oneOf, text } from '../search.ts'
import * as token from './token-panel.tsx'
import * as tokens from './tokens-page.tsx'

const tokensRoute = createRoute({
  getParentRoute: () => root,
  path: '/tokens',
  staticData: { crumb: tokens.crumb },
  validateSearch: (search): ListSearch => ({
    query: text(search.query),
    cursor: text(search.cursor),
    make: oneOf(search.make, ['yes']),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => tokens.loader(context.client, deps),
  component: tokens.TokensPage,
})

const tokenRoute = createRoute({
  getParentRoute: () => tokensRoute,
  path: '$tokenId',
  staticData: { crumb: token.crumb },
  loader: ({ context, params }) => token.loader(context.client, params.tokenId),
  component: token.TokenPanel,
})

export const tokenRoutes = tokensRoute.addChildren([tokenRoute])
