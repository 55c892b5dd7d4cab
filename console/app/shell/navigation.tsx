import { IconDevices, IconHome, IconKey, IconUsers } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { to } from '../paths.ts'
import type { SeenOverview } from '../reading/overview.ts'
import { Copyable } from '../ui/copyable.tsx'
import classes from './navigation.module.css'

export const places = [
  { name: 'Home', link: to.home(), icon: IconHome, key: 'h' },
  { name: 'Users', link: to.users(), icon: IconUsers, key: 'u' },
  { name: 'Sessions', link: to.sessions(), icon: IconDevices, key: 's' },
  { name: 'Signing keys', link: to.signingKeys(), icon: IconKey, key: 'k' },
] as const

interface NavigationProps {
  overview: SeenOverview | undefined
  onGone?: () => void
}

export function Navigation({ overview, onGone }: NavigationProps) {
  return (
    <nav aria-label="Main" className={classes.navigation}>
      <ul className={classes.places}>
        {places.map(({ name, link, icon: Icon }) => (
          <li key={name}>
            <Link
              {...link}
              className={classes.place}
              activeOptions={{ exact: link.to === '/', includeSearch: false }}
              onClick={onGone}
            >
              <Icon size={16} stroke={1.6} aria-hidden="true" />
              {name}
            </Link>
          </li>
        ))}
      </ul>
      {overview && (
        <div className={classes.installation}>
          <div>Holdfast {overview.version}</div>
          {overview.installation_id && <Copyable value={overview.installation_id} />}
        </div>
      )}
    </nav>
  )
}
