import { createRoute } from '@tanstack/react-router'
import { root } from '../root.tsx'
import * as backups from './backups-page.tsx'

export const backupsRoute = createRoute({
  getParentRoute: () => root,
  path: '/backups',
  staticData: { crumb: backups.crumb },
  loader: ({ context }) => backups.loader(context.client),
  component: backups.BackupsPage,
})
