import { Link, type LinkProps } from '@tanstack/react-router'
import classes from './link-tabs.module.css'

export interface LinkTab {
  name: string
  link: LinkProps
  isHere: boolean
  /** How many are behind it, where that is worth knowing before. */
  count?: number | undefined
}

/** Parts of one thing, each at an address of its own: links, so that Back, reload and a new tab do what they say. */
export function LinkTabs({ label, tabs }: { label: string; tabs: readonly LinkTab[] }) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {tabs.map(({ name, link, isHere, count }) => (
        <Link
          key={name}
          {...link}
          className={classes.tab}
          data-here={isHere || undefined}
          aria-current={isHere ? 'page' : undefined}
          activeOptions={EXACTLY}
        >
          {name}
          {count !== undefined && <span className={classes.count}>{count}</span>}
        </Link>
      ))}
    </nav>
  )
}

/** The router would call every tab of one path the current one, whatever stands behind the question mark. */
const EXACTLY = { exact: true, includeSearch: true } as const
