import {
  IconActivity,
  IconAdjustments,
  IconApps,
  IconBuilding,
  IconDatabaseExport,
  IconDevices,
  IconFlag,
  IconHome,
  IconKey,
  IconLicense,
  IconListDetails,
  IconPlugConnected,
  IconRobot,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import type { LinkProps } from '@tanstack/react-router'
import { to } from '../paths.ts'

export interface Place {
  name: string
  /** For whoever searches by another word. */
  about: string
  link: LinkProps
  icon: typeof IconHome
  /** The second key, after `g`. */
  key: string
}

/** Everything there is, as it stands in the navigation, in the help and in the palette. */
export const groups: readonly { name: string | null; places: readonly Place[] }[] = [
  {
    name: null,
    places: [{ name: 'Home', about: 'What is wrong, what changed', link: to.home(), icon: IconHome, key: 'h' }],
  },
  {
    name: 'People',
    places: [
      { name: 'Users', about: 'Everybody who has an account', link: to.users(), icon: IconUsers, key: 'u' },
      {
        name: 'Organisations',
        about: 'Customers, their members and invitations',
        link: to.organizations(),
        icon: IconBuilding,
        key: 'o',
      },
    ],
  },
  {
    name: 'Product',
    places: [
      {
        name: 'Flags',
        about: 'Feature flags: who gets what, rollouts, kill switch, restore',
        link: to.flags(),
        icon: IconFlag,
        key: 'x',
      },
      {
        name: 'Segments',
        about: 'Rules with a name, which flags ask',
        link: to.segments(),
        icon: IconUsersGroup,
        key: 'm',
      },
    ],
  },
  {
    name: 'Access',
    places: [
      { name: 'Sessions', about: 'Who is signed in, and why not', link: to.sessions(), icon: IconDevices, key: 's' },
      {
        name: 'Providers',
        about: 'Identity providers, fail-over, readiness: Auth0, Google, Entra, Okta',
        link: to.providers(),
        icon: IconPlugConnected,
        key: 'p',
      },
      {
        name: 'Applications',
        about: 'Your products: origins, keys, brand',
        link: to.applications(),
        icon: IconApps,
        key: 'a',
      },
      { name: 'Tokens', about: 'What programs show to the API', link: to.tokens(), icon: IconRobot, key: 't' },
    ],
  },
  {
    name: 'Insight',
    places: [
      {
        name: 'Statistics',
        about: 'Sign-ins, success, time, sessions',
        link: to.statistics(),
        icon: IconActivity,
        key: 'i',
      },
      { name: 'Audit', about: 'Who did what, when', link: to.audit(), icon: IconListDetails, key: 'l' },
    ],
  },
  {
    name: 'Installation',
    places: [
      { name: 'Signing keys', about: 'What proofs are signed with', link: to.signingKeys(), icon: IconKey, key: 'y' },
      { name: 'Staff', about: 'Administrators, support, printed codes', link: to.staff(), icon: IconLicense, key: 'f' },
      { name: 'Backups', about: 'Last, proved, problems', link: to.backups(), icon: IconDatabaseExport, key: 'b' },
      {
        name: 'Settings',
        about: 'What is in force, and from where',
        link: to.settings(),
        icon: IconAdjustments,
        key: 'e',
      },
    ],
  },
]

export const places: readonly Place[] = groups.flatMap((group) => group.places)
