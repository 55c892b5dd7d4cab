import { createRoute } from '@tanstack/react-router'
import { root } from '../root.tsx'
import * as staff from './staff-page.tsx'

export const staffRoute = createRoute({
  getParentRoute: () => root,
  path: '/staff',
  staticData: { crumb: staff.crumb },
  loader: ({ context }) => staff.loader(context.client),
  component: staff.StaffPage,
})
