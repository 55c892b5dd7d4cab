import { createRoute } from '@tanstack/react-router'
import { root } from '../root.tsx'
import * as settings from './settings-page.tsx'

export const settingsRoute = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  staticData: { crumb: settings.crumb },
  loader: ({ context }) => settings.loader(context.client),
  component: settings.SettingsPage,
})
