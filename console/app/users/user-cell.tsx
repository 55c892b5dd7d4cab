import { Avatar, Badge } from '@mantine/core'
import type { User } from '../api/wire.ts'
import { sayUser } from './say-user.ts'
import classes from './user-cell.module.css'

/** Somebody in a list: face, name and address. */
export function UserCell({ user }: { user: User }) {
  const { name, email, picture_url, is_administrator } = user
  return (
    <span className={classes.user}>
      <Avatar src={picture_url} name={sayUser(user)} alt="" size={28} radius={14} className={classes.face} />
      <span className={classes.lines}>
        <span className={classes.name}>
          <span className={classes.text}>{sayUser(user)}</span>
          {is_administrator && (
            <Badge variant="outline" size="sm" className={classes.badge}>
              Administrator
            </Badge>
          )}
        </span>
        {name && email && <span className={classes.email}>{email}</span>}
      </span>
    </span>
  )
}
