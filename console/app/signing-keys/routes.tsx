import { createRoute } from '@tanstack/react-router'
import { root } from '../root.tsx'
import * as signingKeys from './signing-keys-page.tsx'

export const signingKeysRoute = createRoute({
  getParentRoute: () => root,
  path: '/signing-keys',
  staticData: { crumb: signingKeys.crumb },
  loader: ({ context }) => signingKeys.loader(context.client),
  component: signingKeys.SigningKeysPage,
})
