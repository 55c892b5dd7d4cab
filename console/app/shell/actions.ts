import type { LinkProps } from '@tanstack/react-router'
import type { Scope } from '../api/wire/scopes.ts'
import { to } from '../paths.ts'

/** What can be begun from anywhere. Each leads to the page where it is done, with its question already open. */
export interface Action {
  name: string
  /** Other words for it. */
  about: string
  link: LinkProps
  scope: Scope
}

export const actions: readonly Action[] = [
  {
    name: 'See who acted as somebody',
    about: 'impersonations, support, act as',
    link: to.impersonations(),
    scope: 'users:read',
  },
  {
    name: 'Find out why somebody was signed out',
    about: 'why was I signed out, ended session, sign-out, reason, support',
    link: to.why(),
    scope: 'sessions:read',
  },
  {
    name: 'Make an application',
    about: 'new product, key, origins',
    link: to.applications({ make: 'yes' }),
    scope: 'applications:write',
  },
  {
    name: 'Make an organisation',
    about: 'new customer, tenant, invite a person',
    link: to.organizations({ make: 'yes' }),
    scope: 'organizations:write',
  },
  {
    name: 'Make a flag',
    about: 'new feature flag, toggle, rollout, release',
    link: to.flags({ make: 'yes' }),
    scope: 'flags:write',
  },
  {
    name: 'Make a segment',
    about: 'new group of people, beta testers',
    link: to.segments({ make: 'yes' }),
    scope: 'flags:write',
  },
  {
    name: 'Try flags for somebody',
    about: 'why did a user get off, context, evaluate, explain a flag',
    link: to.flagTry(),
    scope: 'flags:read',
  },
  {
    name: 'Restore flags',
    about: 'go back to an instant, wiped flags, undo many changes',
    link: to.flagChanges({ ask: 'restore' }),
    scope: 'flags:restore',
  },
  {
    name: 'See who follows the flags',
    about: 'fleet, processes, behind, fallbacks, faults of flags',
    link: to.flagFleet(),
    scope: 'flags:read',
  },
  {
    name: 'Add an identity provider',
    about: 'new federation, OIDC, Auth0, Google, Entra, Okta, Keycloak, SSO',
    link: to.providers({ make: 'yes' }),
    scope: 'providers:write',
  },
  {
    name: 'See who could sign in if a provider died',
    about: 'readiness, fail-over, fall-back, outage of Auth0',
    link: to.readiness(),
    scope: 'providers:read',
  },
  {
    name: 'See who signed in while a provider was down',
    about: 'fail-over sign-ins, outage, proved, due',
    link: to.failOverSignIns(),
    scope: 'providers:read',
  },
  {
    name: 'See whom fail-over kept out',
    about: 'refused in an outage, policy, demanded, second factor, SSO',
    link: to.keptOut(),
    scope: 'providers:read',
  },
  { name: 'Make a token', about: 'new API key for a program', link: to.tokens({ make: 'yes' }), scope: 'tokens:write' },
  { name: 'Make a user', about: 'new account, person', link: to.users({ make: 'yes' }), scope: 'users:write' },
  { name: 'Add staff', about: 'administrator, support', link: to.staff({ ask: 'add' }), scope: 'settings:write' },
  {
    name: 'Print break-glass codes',
    about: 'emergency, mail is down',
    link: to.staff({ ask: 'print' }),
    scope: 'settings:write',
  },
  {
    name: 'Rotate the signing key',
    about: 'new key for proofs',
    link: to.signingKeys({ ask: 'rotate' }),
    scope: 'settings:write',
  },
  {
    name: 'Rotate the key that signs flags',
    about: 'stolen signing key, replace, rotate-key',
    link: to.flagChanges({ ask: 'rotate-key' }),
    scope: 'flags:restore',
  },
]
