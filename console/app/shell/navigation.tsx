import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import type { SeenOverview } from '../reading/overview.ts'
import { Copyable } from '../ui/copyable.tsx'
import classes from './navigation.module.css'
import { groups, type Place } from './places.ts'

interface NavigationProps {
  overview: SeenOverview | undefined
  onGone?: () => void
}

export function Navigation({ overview, onGone }: NavigationProps) {
  return (
    <nav aria-label="Main" className={classes.navigation}>
      <div className={classes.groups}>
        {groups.map(({ name, places }) => (
          <Group key={places[0]?.name} name={name} places={places} {...(onGone && { onGone })} />
        ))}
      </div>
      {overview && (
        <div className={classes.installation}>
          <div>Holdfast {overview.version}</div>
          {overview.installation_id && <Copyable value={overview.installation_id} />}
        </div>
      )}
    </nav>
  )
}

function Group({ name, places, onGone }: { name: string | null; places: readonly Place[]; onGone?: () => void }) {
  const id = useId()
  return (
    <div>
      {name && (
        <p id={id} className={classes.group}>
          {name}
        </p>
      )}
      <ul className={classes.places} aria-labelledby={name ? id : undefined}>
        {places.map(({ name: place, link, icon: Icon }) => (
          <li key={place}>
            <Link
              {...link}
              className={classes.place}
              activeOptions={{ exact: link.to === '/', includeSearch: false }}
              onClick={onGone}
            >
              <Icon size={16} stroke={1.6} aria-hidden="true" />
              {place}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
