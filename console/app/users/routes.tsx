import { createRoute } from '@tanstack/react-router'
import { userStates } from '../api/wire.ts'
import { type UserSearch, type UsersSearch, userAsks, userParts } from '../paths.ts'
import { root } from '../root.tsx'
import { oneOf, text } from '../search.ts'
import * as user from './user-panel.tsx'
import * as users from './users-page.tsx'

const usersRoute = createRoute({
  getParentRoute: () => root,
  path: '/users',
  staticData: { crumb: users.crumb },
  validateSearch: (search): UsersSearch => ({
    query: text(search.query),
    state: oneOf(search.state, userStates),
    organization: text(search.organization),
    cursor: text(search.cursor),
    make: oneOf(search.make, ['yes']),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => users.loader(context.client, deps),
  component: users.UsersPage,
})

const userRoute = createRoute({
  getParentRoute: () => usersRoute,
  path: '$userId',
  staticData: { crumb: user.crumb },
  validateSearch: (search): Pick<UserSearch, 'part' | 'ask' | 'which'> => ({
    part: oneOf(search.part, userParts),
    ask: oneOf(search.ask, userAsks),
    which: text(search.which),
  }),
  loader: ({ context, params }) => user.loader(context.client, params.userId),
  component: user.UserPanel,
})

export const userRoutes = usersRoute.addChildren([userRoute])
