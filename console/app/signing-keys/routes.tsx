import { createRoute } from '@tanstack/react-router'
import { root } from '../root.tsx'
import { oneOf } from '../search.ts'
import * as signingKeys from './signing-keys-page.tsx'

export const signingKeysRoute = createRoute({
  getParentRoute: () => root,
  path: '/signing-keys',
  staticData: { crumb: signingKeys.crumb },
  validateSearch: (search): { ask?: 'rotate' | undefined } => ({ ask: oneOf(search.ask, ['rotate']) }),
  loader: ({ context }) => signingKeys.loader(context.client),
  component: signingKeys.SigningKeysPage,
})
