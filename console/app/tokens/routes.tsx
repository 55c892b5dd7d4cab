import { createRoute } from '@tanstack/react-router'
import { tokenStates } from '../api/wire/tokens.ts'
import type { TokenSearch, TokensSearch } from '../paths.ts'
import { root } from '../root.tsx'
import { oneOf, text } from '../search.ts'
import * as token from './token-panel.tsx'
import * as tokens from './tokens-page.tsx'

const tokensRoute = createRoute({
  getParentRoute: () => root,
  path: '/tokens',
  staticData: { crumb: tokens.crumb },
  validateSearch: (search): TokensSearch => ({
    state: oneOf(search.state, tokenStates),
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
  validateSearch: (search): Pick<TokenSearch, 'ask'> => ({ ask: oneOf(search.ask, ['revoke']) }),
  loader: ({ context, params }) => token.loader(context.client, params.tokenId),
  component: token.TokenPanel,
})

export const tokenRoutes = tokensRoute.addChildren([tokenRoute])
