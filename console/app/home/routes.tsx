import { createRoute } from '@tanstack/react-router'
import { root } from '../root.tsx'
import * as home from './home-page.tsx'

export const homeRoute = createRoute({
  getParentRoute: () => root,
  path: '/',
  staticData: { crumb: home.crumb, tellsOutagesItself: true },
  loader: ({ context }) => home.loader(context.client),
  component: home.HomePage,
})
