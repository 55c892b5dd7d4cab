import { Link, type LinkProps } from '@tanstack/react-router'
import type { Page, SessionRow } from '../api/wire.ts'
import { to } from '../paths.ts'
import { Ago } from '../ui/time.tsx'
import classes from './session-lines.module.css'
import { SessionMark } from './session-mark.tsx'
import { sayApplication, sayDevice } from './session-state.ts'

interface SessionLinesProps {
  page: Page<SessionRow>
  isOld: boolean
  /** Where the rest of them is. */
  all: LinkProps
  /** What is said when there is none. */
  children: React.ReactNode
}

/** The sessions of one user, in a panel. */
export function SessionLines({ page, isOld, all, children }: SessionLinesProps) {
  if (page.data.length === 0) return <p className={classes.none}>{children}</p>
  return (
    <ul className={classes.lines}>
      {page.data.map((session) => (
        <li key={session.id} className={classes.line}>
          <div className={classes.where}>
            <Link {...to.session(session.id, { user: session.user.id, state: 'all' })} className={classes.device}>
              {sayDevice(session)}
            </Link>
            <span className={classes.beneath}>
              {sayApplication(session.audience)} · seen <Ago at={session.last_seen_at} />
            </span>
          </div>
          <SessionMark session={session} isOld={isOld} />
        </li>
      ))}
      {page.next_cursor && (
        <li className={classes.line}>
          <Link {...all}>Show the others</Link>
        </li>
      )}
    </ul>
  )
}
