import { Badge } from '@mantine/core'
import type { SessionRow } from '../api/wire.ts'
import classes from './person-cell.module.css'
import { sayApplication, sayDevice, sayPerson } from './session-state.ts'

/** Whose session it is; on a narrow list also where, because the columns for that are not shown. */
export function PersonCell({ session }: { session: SessionRow }) {
  const { user, is_current } = session
  return (
    <span className={classes.person}>
      <span className={classes.name}>
        <span className={classes.text}>{sayPerson(session)}</span>
        {is_current && (
          <Badge variant="outline" size="sm" className={classes.badge}>
            You, here
          </Badge>
        )}
      </span>
      {user.name && user.email && <span className={classes.beneath}>{user.email}</span>}
      <span className={`${classes.beneath} ${classes.where}`}>
        {sayApplication(session.audience)} · {sayDevice(session)}
      </span>
    </span>
  )
}
