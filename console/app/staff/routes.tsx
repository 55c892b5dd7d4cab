import { createRoute } from '@tanstack/react-router'
import { root } from '../root.tsx'
import { oneOf } from '../search.ts'
import * as staff from './staff-page.tsx'

export const staffRoute = createRoute({
  getParentRoute: () => root,
  path: '/staff',
  staticData: { crumb: staff.crumb },
  validateSearch: (search): { ask?: 'add' | 'print' | undefined } => ({ ask: oneOf(search.ask, ['add', 'print']) }),
  loader: ({ context }) => staff.loader(context.client),
  component: staff.StaffPage,
})
