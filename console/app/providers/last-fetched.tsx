import type { Provider } from '../api/wire/providers.ts'
import { Ago } from '../ui/time.tsx'
import classes from './last-fetched.module.css'

/** What of it is kept for the time when it cannot be asked, and how old that is. */
export function LastFetched({ at: { discovery, keys } }: { at: Provider['last_fetched'] }) {
  return (
    <span className={classes.fetched}>
      <span>Keys {keys ? <Ago at={keys} /> : 'never'}</span>
      <span className={classes.beneath}>Discovery {discovery ? <Ago at={discovery} /> : 'never'}</span>
    </span>
  )
}
